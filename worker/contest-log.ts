import * as v from "valibot";
import { ContestEvent, type BoardGroup, type BoardProblem } from "../protocol/contest.ts";
import type { ContestSettings } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { contestRoom } from "./env.ts";

/**
 * The statement that appends one event to a contest's log; run it in the same batch as what it tells of.
 * The next `seq` is taken inside the statement: D1 has one writer, so the log has no gaps and no doubles.
 */
export function appended(env: Env, contest: string, event: ContestEvent): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO contest_events (contest, seq, event, at)
     SELECT ?1, COALESCE(MAX(seq), 0) + 1, ?2, ?3 FROM contest_events WHERE contest = ?1`,
  ).bind(contest, JSON.stringify(event), Date.now());
}

/** The event that tells of a contest's settings; the batch with it must have `changed` of contest-rows.ts too. */
export const settingsEvent = (
  { timed, format }: Pick<ContestSettings, "timed" | "format">,
  problems: readonly BoardProblem[],
  groups: readonly BoardGroup[],
): ContestEvent => ({ type: "contest", timed, format, problems: [...problems], groups: [...groups] });

/** The groups of a contest's teams, in their order. */
export async function groupsOf(env: Env, contest: string): Promise<BoardGroup[]> {
  const { results } = await env.DB.prepare(
    "SELECT id, name FROM contest_groups WHERE contest = ? ORDER BY position",
  )
    .bind(contest)
    .all<BoardGroup>();
  return results;
}

/** An event with its place in the log, and when it was written. */
export interface LogEntry {
  seq: number;
  /** ms since 1970-01-01 UTC. */
  at: number;
  event: ContestEvent;
}

const PAGE = 500;

/** A contest's log in its order, from after `seq` on. */
export async function readLog(env: Env, contest: string, after = 0): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const { results } = await env.DB.prepare(
      "SELECT seq, at, event FROM contest_events WHERE contest = ? AND seq > ? ORDER BY seq LIMIT ?",
    )
      .bind(contest, entries.at(-1)?.seq ?? after, PAGE)
      .all<{ seq: number; at: number; event: string }>();
    for (const row of results) entries.push({ ...row, event: v.parse(ContestEvent, JSON.parse(row.event)) });
    if (results.length < PAGE) return entries;
  }
}

/**
 * Tells a contest's room that its log has grown. The poke carries nothing and may be lost:
 * the room also reads its log on every connection and by its alarm.
 */
export async function pokeRoom(env: Env, contest: string): Promise<void> {
  try {
    await contestRoom(env, contest).poke();
  } catch (error) {
    console.error("the contest's room could not be poked; its alarm will catch up", error);
  }
}
