import * as v from "valibot";
import type { ContestStatistics } from "../protocol/contest-statistics.ts";
import { LanguageId } from "../protocol/language.ts";
import type { View } from "../rules/contest-board.ts";
import { isOver } from "../rules/contest-state.ts";
import { contestStatistics } from "../rules/contest-statistics.ts";
import { foldedLog } from "./contest-fold.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import { viewAsked } from "./contests.ts";
import type { Env } from "./env.ts";
import { json, param, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** GET /api/contests/:slug/statistics: of what the scoreboard shows, for anybody; with `?view=jury` of everything, for the jury. */
export async function show(call: Call, user: UserRow | null): Promise<Response> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  const view = await viewAsked(call, contest, user);
  return json(await statisticsOf(call.env, contest, view));
}

async function statisticsOf(env: Env, { id, timed }: ContestRow, view: View): Promise<ContestStatistics> {
  const contest = await foldedLog(env, id);
  // After the log, so that no submission of it is missing.
  const { results } = await env.DB.prepare("SELECT id, language FROM submissions WHERE contest = ?")
    .bind(id)
    .all();
  const languages = new Map(v.parse(Written, results).map((row) => [row.id, row.language]));
  return contestStatistics(contest, languages, { view, over: isOver(timed, Date.now()) });
}

const Written = v.array(v.object({ id: v.string(), language: LanguageId }));
