import * as v from "valibot";
import type { Feedback } from "../protocol/contest-format.ts";
import { LanguageId } from "../protocol/language.ts";
import { RoundState } from "../protocol/jury.ts";
import type { Source, SourceFile } from "../protocol/source.ts";
import { SandboxLevel, type Judgement, type SubmissionView } from "../protocol/submission.ts";
import { Verdict } from "../protocol/verdict.ts";
import { isOver } from "../rules/contest-state.ts";
import { submissionTime } from "../rules/contest-times.ts";
import { feedbackOf } from "../rules/formats/known.ts";
import { contestsById, type ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { places } from "./objects/waiting.ts";
import { nameOf } from "./problem-rows.ts";

/** What `SubmissionRow` is read from. */
export const SUBMISSION_COLUMNS = `
  s.id, p.slug AS problem, p.name, c.slug AS contest, b.slug AS beside, cp.label,
  COALESCE(t.name, u.display_name) AS author, s.contest AS contest_id, s.team AS team_id, s.language, s.submitted_at,
  s.bytes, r.state,
  j.round AS judged_round, j.verdict, j.score, j.cpu_ms, j.memory_kib, j.toolchain, j.level, j.judged_at`;

/** The round that is shown is the latest that counts; rounds apart are between the jury and the judges. */
export const SUBMISSION_TABLES = `
  submissions s
  JOIN problems p ON p.id = s.problem
  JOIN users u ON u.id = s.user
  JOIN rounds r ON r.submission = s.id AND r.round =
    (SELECT MAX(round) FROM rounds WHERE submission = s.id AND standing = 'counts')
  LEFT JOIN counting_judgements j ON j.submission = s.id
  LEFT JOIN contests c ON c.id = s.contest
  LEFT JOIN contests b ON b.id = s.beside
  LEFT JOIN contest_problems cp ON cp.contest = COALESCE(s.contest, s.beside) AND cp.problem = s.problem
  LEFT JOIN teams t ON t.id = s.team`;

/** A judgement's columns; all null, but for `score`, where there is none. */
export interface JudgementRow {
  judged_round: number | null;
  verdict: string | null;
  score: number | null;
  cpu_ms: number;
  memory_kib: number;
  toolchain: string;
  level: string;
  judged_at: number;
}

export interface SubmissionRow extends JudgementRow {
  id: string;
  problem: string;
  name: string;
  contest: string | null;
  contest_id: string | null;
  team_id: string | null;
  beside: string | null;
  label: string | null;
  author: string;
  language: string;
  submitted_at: number;
  bytes: number;
  state: string;
}

/** Who is shown a submission: whoever made it, told what the contest's format tells them; or the jury, told everything. */
export type SubmissionReader = "team" | "jury";

/** Rows as lists show them. Places in the queue are counted only if one of them waits. */
export async function submissionViews(
  env: Env,
  rows: readonly SubmissionRow[],
  reader: SubmissionReader,
): Promise<SubmissionView[]> {
  const ahead = rows.some(({ state }) => state === "queued") ? await places(env) : new Map<string, number>();
  const contests = await contestsById(
    env,
    rows.flatMap(({ contest_id: id }) => id ?? []),
  );
  return rows.map((row) => {
    const contest = contests.get(row.contest_id ?? "");
    return viewOf(row, contest, feedbackTo(reader, contest), ahead.get(row.id) ?? null);
  });
}

/** One row as it is shown, and how much the reader may be told of how it was judged. */
export async function viewOfRow(
  env: Env,
  row: SubmissionRow,
  reader: SubmissionReader,
): Promise<{ view: SubmissionView; feedback: Feedback }> {
  const contest = (await contestsById(env, row.contest_id === null ? [] : [row.contest_id]))
    .values()
    .next().value;
  const ahead = row.state === "queued" ? ((await places(env)).get(row.id) ?? null) : null;
  const feedback = feedbackTo(reader, contest);
  return { view: viewOf(row, contest, feedback, ahead), feedback };
}

/** One submission as live messages tell of it to those who made it. */
export async function submissionView(env: Env, id: string): Promise<SubmissionView> {
  const row = await env.DB.prepare(`SELECT ${SUBMISSION_COLUMNS} FROM ${SUBMISSION_TABLES} WHERE s.id = ?`)
    .bind(id)
    .first<SubmissionRow>();
  if (!row) throw new Error(`submission ${id} is gone`);
  return (await viewOfRow(env, row, "team")).view;
}

function feedbackTo(reader: SubmissionReader, contest: ContestRow | undefined): Feedback {
  if (reader === "jury" || contest === undefined) return "full";
  return feedbackOf(contest.format, isOver(contest.timed, Date.now()));
}

/** @param ahead - how many are judged before it; null where that is not known */
function viewOf(
  row: SubmissionRow,
  contest: ContestRow | undefined,
  feedback: Feedback,
  ahead: number | null,
): SubmissionView {
  const { team_id: team, submitted_at: submittedAt } = row;
  return {
    id: row.id,
    problem: row.problem,
    problemName: nameOf(row),
    contest: row.contest,
    beside: row.beside,
    label: row.label,
    author: row.author,
    language: v.parse(LanguageId, row.language),
    submittedAt,
    contestTimeMs:
      contest && team !== null ? submissionTime(contest.timed.times, team, submittedAt).at : null,
    bytes: row.bytes,
    ...(feedback === "none"
      ? { state: "received", ahead: null, progress: null, judgement: null }
      : { state: stateOf(row), ahead, progress: null, judgement: judgementOf(row) }),
  };
}

/** A judging error is for the jury; to everybody else the submission is still being judged. */
function stateOf(row: SubmissionRow): SubmissionView["state"] {
  const state = v.parse(RoundState, row.state);
  return state === "judged" || state === "queued" ? state : "judging";
}

export function judgementOf(row: JudgementRow): Judgement | null {
  if (row.judged_round === null) return null;
  return {
    round: row.judged_round,
    verdict: v.parse(Verdict, row.verdict),
    score: row.score,
    cpuMs: row.cpu_ms,
    memoryKiB: row.memory_kib,
    toolchain: row.toolchain,
    level: v.parse(SandboxLevel, row.level),
    judgedAt: row.judged_at,
  };
}

/** What a submission consists of, its files in their order. */
export async function sourceOf(env: Env, submission: string): Promise<Source> {
  const { results } = await env.DB.prepare(
    `SELECT f.name, f.text, s.entry_point FROM submissions s JOIN submission_files f ON f.submission = s.id
     WHERE s.id = ? ORDER BY f.position`,
  )
    .bind(submission)
    .all<SourceFile & { entry_point: string | null }>();
  return {
    files: results.map(({ name, text }) => ({ name, text })),
    entryPoint: results[0]?.entry_point ?? null,
  };
}

/** The accounts that follow each of these submissions: its author and the members of its team. */
export async function audiencesOf(env: Env, submissions: readonly string[]): Promise<Map<string, string[]>> {
  if (submissions.length === 0) return new Map();
  const { results } = await env.DB.prepare(
    `WITH asked AS (SELECT id, user, team FROM submissions WHERE id IN (SELECT value FROM json_each(?1)))
     SELECT id, user FROM asked
     UNION SELECT asked.id, m.user FROM asked JOIN team_members m ON m.team = asked.team`,
  )
    .bind(JSON.stringify(submissions))
    .all<{ id: string; user: string }>();
  const byId = Map.groupBy(results, ({ id }) => id);
  return new Map([...byId].map(([id, rows]) => [id, rows.map(({ user }) => user)]));
}
