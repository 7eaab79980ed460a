import * as v from "valibot";
import {
  RoundState,
  type JuryDetail,
  type JuryRun,
  type JurySubmissionList,
  type JurySubmissionView,
  type RoundView,
} from "../protocol/jury.ts";
import { JuryRun as JuryRunSchema, RoundStanding } from "../protocol/jury.ts";
import { RunVerdict, Verdict } from "../protocol/verdict.ts";
import type { Env } from "./env.ts";
import { ApiError, json, type Call } from "./http.ts";
import { juryContest, jurySubmission } from "./jury-access.ts";
import {
  judgementOf,
  SUBMISSION_COLUMNS,
  SUBMISSION_TABLES,
  submissionViews,
  type JudgementRow,
  type SubmissionRow,
} from "./submission-rows.ts";
import type { UserRow } from "./tables.ts";

/** What a contest's jury sees of its submissions. */

const PAGE = 50;

const JURY_COLUMNS = `${SUBMISSION_COLUMNS}, s.team, t.name AS team_name, r.failure`;

interface JuryRow extends SubmissionRow {
  team: string | null;
  team_name: string | null;
  failure: string | null;
}

/** GET /api/contests/:slug/submissions?problem=&team=&language=&verdict=&state=&before=: newest first. */
export async function list(call: Call, user: UserRow): Promise<Response> {
  const { env, url } = call;
  const contest = await juryContest(call, user);
  const filter = (name: string): string | null => url.searchParams.get(name) || null;
  const [verdict, state] = [filter("verdict"), filter("state")];
  if (verdict !== null && !v.is(Verdict, verdict)) throw unknownFilter("verdict", verdict);
  if (state !== null && !v.is(RoundState, state)) throw unknownFilter("state", state);
  if (verdict !== null && state !== null)
    throw new ApiError("invalid_request", "Ask for a verdict or for a state, not for both.");
  const before = cursorOf(filter("before"));
  const { results } = await env.DB.prepare(
    `SELECT ${JURY_COLUMNS} FROM ${SUBMISSION_TABLES}
     WHERE s.contest = ?1 AND (?2 IS NULL OR cp.label = ?2) AND (?3 IS NULL OR s.team = ?3)
       AND (?4 IS NULL OR s.language = ?4) AND (?5 IS NULL OR (j.verdict = ?5 AND r.state = 'judged'))
       AND (?6 IS NULL OR r.state = ?6) AND (?7 IS NULL OR (s.submitted_at, s.id) < (?7, ?8))
     ORDER BY s.submitted_at DESC, s.id DESC LIMIT ${PAGE + 1}`,
  )
    .bind(
      contest.id,
      filter("problem"),
      filter("team"),
      filter("language"),
      verdict,
      state,
      before?.at ?? null,
      before?.id ?? null,
    )
    .all<JuryRow>();
  const page = results.slice(0, PAGE);
  const last = page.at(-1);
  const body: JurySubmissionList = {
    submissions: await juryViews(env, page),
    next: last && results.length > PAGE ? `${last.submitted_at}_${last.id}` : null,
    teams: await teamsOf(env, contest.id),
  };
  return json(body);
}

const unknownFilter = (name: string, value: string): ApiError =>
  new ApiError("invalid_request", "The filter cannot be used.", [
    `${name}: there is no ${value.slice(0, 40)}`,
  ]);

function cursorOf(text: string | null): { at: number; id: string } | null {
  if (text === null) return null;
  const [, at, id] = /^(\d{1,15})_(.+)$/.exec(text) ?? [];
  if (at === undefined || id === undefined) throw unknownFilter("before", text);
  return { at: Number(at), id };
}

async function teamsOf(env: Env, contest: string): Promise<JurySubmissionList["teams"]> {
  const { results } = await env.DB.prepare("SELECT id, name FROM teams WHERE contest = ? ORDER BY name, id")
    .bind(contest)
    .all<{ id: string; name: string }>();
  return results;
}

async function juryViews(env: Env, rows: readonly JuryRow[]): Promise<JurySubmissionView[]> {
  const views = await submissionViews(env, rows, "jury");
  return rows.flatMap((row, at) => {
    const view = views[at];
    if (!view) return [];
    const team = row.team === null ? null : { id: row.team, name: row.team_name ?? "" };
    return [{ ...view, team, roundState: v.parse(RoundState, row.state), failure: row.failure ?? "" }];
  });
}

/** GET /api/submissions/:id/jury?round= */
export async function show(call: Call, user: UserRow): Promise<Response> {
  const { id } = await jurySubmission(call, user);
  return json(await juryDetail(call.env, id, call.url.searchParams.get("round")));
}

/** @param asked a round's number; null for the one that counts, or the latest while none does */
export async function juryDetail(env: Env, id: string, asked: string | null): Promise<JuryDetail> {
  const [{ results: rows }, { results: roundRows }] = await Promise.all([
    env.DB.prepare(`SELECT ${JURY_COLUMNS} FROM ${SUBMISSION_TABLES} WHERE s.id = ?`).bind(id).all<JuryRow>(),
    env.DB.prepare(ROUNDS).bind(id).all<RoundRow>(),
  ]);
  const [submission] = await juryViews(env, rows);
  if (!submission) throw new ApiError("not_found", "There is no such submission.");
  const rounds = roundRows.map(roundView);
  const counts = submission.judgement?.round ?? rounds.at(-1)?.round ?? 1;
  const round = roundNumber(asked) ?? counts;
  if (!rounds.some((one) => one.round === round))
    throw new ApiError("not_found", "This submission has no such round.");
  return { submission, rounds, round, runs: await juryRuns(env, id, round) };
}

/** Null for none given. */
export function roundNumber(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw new ApiError("not_found", "This submission has no such round.");
  return Number(text);
}

const ROUNDS = `
  SELECT r.round, r.state, r.standing, r.attempt, r.failure, COALESCE(judges.name, r.judge) AS judge,
    j.round AS judged_round, j.verdict, j.score, j.cpu_ms, j.memory_kib, j.toolchain, j.level, j.judged_at,
    j.override_reason, by.display_name AS override_by
  FROM rounds r
  LEFT JOIN judges ON judges.id = r.judge
  LEFT JOIN judgements j ON j.submission = r.submission AND j.round = r.round
  LEFT JOIN users by ON by.id = j.override_by
  WHERE r.submission = ? ORDER BY r.round`;

interface RoundRow extends JudgementRow {
  round: number;
  state: string;
  standing: string;
  attempt: number;
  failure: string | null;
  judge: string | null;
  override_by: string | null;
  override_reason: string | null;
}

const roundView = (row: RoundRow): RoundView => ({
  round: row.round,
  state: v.parse(RoundState, row.state),
  standing: v.parse(RoundStanding, row.standing),
  attempt: row.attempt,
  judge: row.judge,
  failure: row.failure ?? "",
  judgement: judgementOf(row),
  override: row.override_by === null ? null : { by: row.override_by, reason: row.override_reason ?? "" },
});

interface RunRow {
  position: number;
  name: string;
  verdict: string;
  score: number | null;
  cpu_ms: number;
  wall_ms: number;
  memory_kib: number;
  output_bytes: number;
  message: string;
  team_message: string;
  measurements: string;
}

async function juryRuns(env: Env, submission: string, round: number): Promise<JuryRun[]> {
  const { results } = await env.DB.prepare(
    "SELECT * FROM runs WHERE submission = ? AND round = ? ORDER BY position",
  )
    .bind(submission, round)
    .all<RunRow>();
  return results.map((row) => ({
    position: row.position,
    name: row.name,
    verdict: v.parse(RunVerdict, row.verdict),
    score: row.score,
    cpuMs: row.cpu_ms,
    wallMs: row.wall_ms,
    memoryKiB: row.memory_kib,
    outputBytes: row.output_bytes,
    message: row.message,
    teamMessage: row.team_message,
    measurements: v.parse(JuryRunSchema.entries.measurements, JSON.parse(row.measurements)),
  }));
}
