import * as v from "valibot";
import { JudgedResult } from "../protocol/contest-format.ts";
import type { ContestTimes } from "../protocol/contest-times.ts";
import { Verdict } from "../protocol/verdict.ts";
import type { OwnRun, OwnSubmission, VirtualView } from "../protocol/virtual.ts";
import { refusalOf } from "../rules/contest-state-actions.ts";
import { virtualEndAt, virtualLength, virtualSubmissionTime } from "../rules/contest-times-virtual.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** GET /api/contests/:slug/virtual: the reader's last run through the contest, if any. */
export async function show(call: Call, user: UserRow): Promise<Response> {
  return json(await viewOf(call.env, await contestBySlug(call.env, param(call, "slug")), user));
}

/** POST /api/contests/:slug/virtual: a run from now on, unless one goes on. Who took part may have one too. */
export async function begin(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const now = Date.now();
  const refusal = refusalOf(contest.timed, "take_part_virtually", now, null);
  if (refusal !== null) throw new ApiError("contest_refuses", refusal);
  const { meta } = await env.DB.prepare(
    `INSERT INTO virtual_runs (id, contest, user, began_at) SELECT ?5, ?1, ?2, ?3
     WHERE NOT EXISTS (SELECT 1 FROM virtual_runs WHERE ${GOES_ON})`,
  )
    .bind(contest.id, user.id, now, virtualLength(contest.timed.times), crypto.randomUUID())
    .run();
  if (meta.changes === 0)
    throw new ApiError(
      "contest_refuses",
      "You are taking part virtually already. Only one run goes on at a time.",
    );
  return json(await viewOf(env, contest, user), { status: 201 });
}

/** DELETE /api/contests/:slug/virtual: ends the run that goes on; it stays as it was until now. */
export async function end(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const { meta } = await env.DB.prepare(`UPDATE virtual_runs SET ended_at = ?3 WHERE ${GOES_ON}`)
    .bind(contest.id, user.id, Date.now(), virtualLength(contest.timed.times))
    .run();
  if (meta.changes === 0)
    throw new ApiError("contest_refuses", "No virtual run of yours goes on in this contest.");
  return json(await viewOf(env, contest, user));
}

/** Of this contest (?1) and account (?2), at this moment (?3), where a run is so long (?4). */
const GOES_ON = "contest = ?1 AND user = ?2 AND ended_at IS NULL AND began_at > ?3 - ?4";

interface RunRow {
  id: string;
  began_at: number;
  ended_at: number | null;
}

async function viewOf(env: Env, { id, timed }: ContestRow, user: UserRow): Promise<VirtualView> {
  const row = await env.DB.prepare(
    "SELECT id, began_at, ended_at FROM virtual_runs WHERE user = ? AND contest = ? ORDER BY began_at DESC LIMIT 1",
  )
    .bind(user.id, id)
    .first<RunRow>();
  const run = row === null ? null : runOf(timed.times, row);
  return {
    run,
    submissions: run === null ? [] : await submissionsOf(env, id, timed.times, run, user),
    now: Date.now(),
  };
}

function runOf(times: ContestTimes, { id, began_at: beganAt, ended_at: endedAt }: RunRow): OwnRun {
  return { id, beganAt, endAt: Math.min(virtualEndAt(times, { beganAt }), endedAt ?? Infinity) };
}

interface SubmissionRow {
  id: string;
  label: string;
  submitted_at: number;
  verdict: string | null;
  score: number | null;
  group_scores: string | null;
  judged_at: number | null;
}

async function submissionsOf(
  env: Env,
  contest: string,
  times: ContestTimes,
  run: OwnRun,
  user: UserRow,
): Promise<OwnSubmission[]> {
  const { results } = await env.DB.prepare(
    `SELECT s.id, cp.label, s.submitted_at, j.verdict, j.score, j.group_scores, j.judged_at FROM submissions s
     JOIN contest_problems cp ON cp.contest = s.beside AND cp.problem = s.problem
     LEFT JOIN counting_judgements j ON j.submission = s.id
     WHERE s.user = ?1 AND s.beside = ?2 AND s.submitted_at >= ?3 AND s.submitted_at < ?4
     ORDER BY s.submitted_at, s.id`,
  )
    .bind(user.id, contest, run.beganAt, run.endAt)
    .all<SubmissionRow>();
  return results.flatMap((row) => {
    const at = virtualSubmissionTime(times, run, row.submitted_at);
    return at === null
      ? []
      : [{ id: row.id, label: row.label, at, judgements: judgementsOf(times, run, row) }];
  });
}

function judgementsOf(
  times: ContestTimes,
  { beganAt }: OwnRun,
  { verdict, score, group_scores: groups, judged_at: judgedAt }: SubmissionRow,
): OwnSubmission["judgements"] {
  if (verdict === null || judgedAt === null) return [];
  return [
    {
      at: Math.min(judgedAt - beganAt, virtualLength(times)),
      verdict: v.parse(Verdict, verdict),
      score,
      groups: v.parse(JudgedResult.entries.groups, JSON.parse(groups ?? "[]")),
    },
  ];
}
