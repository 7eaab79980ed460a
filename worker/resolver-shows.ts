import * as v from "valibot";
import { AwardRules } from "../protocol/award.ts";
import { TimedContest } from "../protocol/contest-times.ts";
import type { Board } from "../protocol/contest.ts";
import type { ResolverStep, Unresolvable } from "../protocol/resolver.ts";
import { boardOf, type ContestFold, emptyFold, fold } from "../rules/contest-board.ts";
import { isOver } from "../rules/contest-state.ts";
import { whyNoShow, whyNotResolvable } from "../rules/resolver-boards.ts";
import { resolverSteps } from "../rules/resolver.ts";
import { audited } from "./audit.ts";
import { readLog } from "./contest-log.ts";
import type { Env } from "./env.ts";

/** A show's row in the database; `startedAt` tells it from others of the same contest. */
export interface ShowRow {
  contest: string;
  startedAt: number;
  logSeq: number;
  awards: AwardRules;
  shown: number;
}

/** What a show is made from: results as they were at some point of the log, by the rules of awards of then. */
export interface ShowResults {
  logSeq: number;
  awards: AwardRules;
  frozen: Board;
  final: Board;
}

/** All of a show, or why there can be none; `team` is the name of the team that is the cause. */
export type ShowPlan =
  | ({ ok: true; steps: ResolverStep[] } & ShowResults)
  | { ok: false; why: Unresolvable; team: string | null };

export async function showOf(env: Env, contest: string): Promise<ShowRow | null> {
  const row = await env.DB.prepare(
    "SELECT contest, started_at, log_seq, awards, shown FROM resolver_shows WHERE contest = ?",
  )
    .bind(contest)
    .first<{ contest: string; started_at: number; log_seq: number; awards: string; shown: number }>();
  if (!row) return null;
  const awards = v.parse(AwardRules, JSON.parse(row.awards));
  return { contest, startedAt: row.started_at, logSeq: row.log_seq, awards, shown: row.shown };
}

/** The rules by which a contest gives awards. */
export async function awardRulesOf(env: Env, contest: string): Promise<AwardRules> {
  const awards = await env.DB.prepare("SELECT awards FROM contests WHERE id = ?")
    .bind(contest)
    .first<string>("awards");
  return v.parse(AwardRules, JSON.parse(awards ?? "null"));
}

/** The plan of a show that has begun: always the same one. */
export async function planOfShow(env: Env, show: ShowRow): Promise<Extract<ShowPlan, { ok: true }>> {
  const { contest } = await foldedUpTo(env, show.contest, show.logSeq);
  const plan = planFrom(resultsOf(contest, show.logSeq, show.awards, show.startedAt));
  if (!plan.ok) throw new Error(`A show has begun that cannot be: ${JSON.stringify(plan.why)}.`);
  return plan;
}

/** The plan of the show that could begin now. */
export async function planNow(env: Env, contest: string, now: number): Promise<ShowPlan> {
  const awards = await awardRulesOf(env, contest);
  const log = await foldedUpTo(env, contest, null);
  const why = whyNoShow(log.contest.timed, now);
  if (why !== null) return { ok: false, why, team: null };
  return planFrom(resultsOf(log.contest, log.seq, awards, now));
}

/** Whether a show that began now would be of other results than this one. */
export async function isOutdated(env: Env, show: ShowRow, plan: ShowResults): Promise<boolean> {
  const awards = await awardRulesOf(env, show.contest);
  const log = await foldedUpTo(env, show.contest, null);
  if (JSON.stringify(awards) !== JSON.stringify(show.awards)) return true;
  if (log.seq === show.logSeq) return false;
  const { final } = resultsOf(log.contest, log.seq, awards, show.startedAt);
  return whatCounts(final) !== whatCounts(plan.final);
}

/** Begins a show, or begins it anew: then with the results as they are now. The caller has asked whether there can be one. */
export async function begin(
  env: Env,
  contest: string,
  { logSeq, awards }: Pick<ShowResults, "logSeq" | "awards">,
  actor: string,
  now: number,
): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO resolver_shows (contest, started_at, started_by, log_seq, awards) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (contest) DO UPDATE SET started_at = ?2, started_by = ?3, log_seq = ?4, awards = ?5, shown = 0`,
    ).bind(contest, now, actor, logSeq, JSON.stringify(awards)),
    audited(env, actor, "resolver.begin", contest, { logSeq }, contest),
  ]);
}

/** Whether the contest goes on, because somebody gave it more time after the show began. */
export async function goesOn(env: Env, contest: string, now: number): Promise<boolean> {
  const timed = await env.DB.prepare("SELECT timed FROM contests WHERE id = ?")
    .bind(contest)
    .first<string>("timed");
  return !isOver(v.parse(TimedContest, JSON.parse(timed ?? "null")), now);
}

/** Writes down how far the show is, unless it was begun anew meanwhile. */
export async function moveTo(env: Env, show: ShowRow, shown: number): Promise<void> {
  await env.DB.prepare("UPDATE resolver_shows SET shown = ? WHERE contest = ? AND started_at = ?")
    .bind(shown, show.contest, show.startedAt)
    .run();
}

function planFrom(results: ShowResults): ShowPlan {
  const { frozen, final, awards } = results;
  const why = whyNotResolvable(frozen, final);
  if (why === null) return { ok: true, ...results, steps: resolverSteps(frozen, final, awards) };
  const team = "team" in why ? final.teams.find(({ id }) => id === why.team) : undefined;
  return { ok: false, why, team: team?.name ?? null };
}

function resultsOf(contest: ContestFold, logSeq: number, awards: AwardRules, at: number): ShowResults {
  const [frozen, final] = [boardOf(contest, 0, at, "public"), boardOf(contest, 0, at, "jury")];
  return { logSeq, awards, frozen, final };
}

/** What of a board decides the steps: not whether it was thawed or finalised meanwhile. */
function whatCounts({ timed, format, problems, teams, cells }: Board): string {
  return JSON.stringify([timed.times, format, problems, teams, cells]);
}

/** A contest's log up to an event, or all of it, folded. */
async function foldedUpTo(
  env: Env,
  id: string,
  upTo: number | null,
): Promise<{ contest: ContestFold; seq: number }> {
  const log = (await readLog(env, id)).filter(({ seq }) => upTo === null || seq <= upTo);
  const contest = emptyFold();
  for (const { event } of log) fold(contest, event);
  return { contest, seq: log.at(-1)?.seq ?? 0 };
}
