import * as v from "valibot";
import { ContestFormat } from "../protocol/contest-format.ts";
import { TimedContest } from "../protocol/contest-times.ts";
import { isOver } from "../rules/contest-state.ts";
import { feedbackOf } from "../rules/formats/known.ts";
import type { Env } from "./env.ts";

/**
 * The contests whose teams are told nothing yet of what became of their own submissions: whatever shows or counts a
 * reader's own results leaves theirs out.
 *
 * @param now - ms since 1970-01-01 UTC
 * @returns their ids
 */
export async function silentContests(env: Env, now: number): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT id, timed, format FROM contests WHERE format ->> 'feedback' = 'none'",
  ).all<{ id: string; timed: string; format: string }>();
  return results
    .filter(({ timed, format }) => {
      const over = isOver(v.parse(TimedContest, JSON.parse(timed)), now);
      return feedbackOf(v.parse(ContestFormat, JSON.parse(format)), over) === "none";
    })
    .map(({ id }) => id);
}
