import * as v from "valibot";
import { LanguageId } from "../protocol/language.ts";
import type { Judgement, SubmissionDetail, SubmissionList, SubmissionView } from "../protocol/submission.ts";
import { MAX_SOURCE_BYTES, RunView, SandboxLevel, Submit } from "../protocol/submission.ts";
import { RunVerdict, Verdict } from "../protocol/verdict.ts";
import { contestTime, phaseAt } from "../rules/contest-clock.ts";
import { appended, pokeRoom } from "./contest-log.ts";
import { clockOf, contestBySlug, type ContestRow } from "./contests.ts";
import { judgeQueue, type Env } from "./env.ts";
import { ApiError, json, param, rateLimit, readJson, type Call } from "./http.ts";
import { factsOf, mayChange, nameOf, noSuchProblem, problemBySlug } from "./problem-rows.ts";
import type { ProblemRow, UserRow } from "./tables.ts";

/** Lower goes first. */
const PRIORITY = { contest: 0, practice: 10 } as const;

const LIST_LIMIT = 100;

/** POST /api/submissions: once this has answered, the submission is in the database and will be judged. */
export async function submit(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const form = await readJson(call.request, Submit);
  await rateLimit(env.SUBMIT_LIMIT, user.id);
  const problem = await problemBySlug(env, form.problem);
  const entry = form.contest === undefined ? null : await contestEntry(env, form.contest, problem, user);
  if (!entry && problem.state !== "published" && !mayChange(user, problem)) throw noSuchProblem();
  const language = allowedLanguage(problem, form.language);
  const bytes = sourceBytes(problem, form.source);
  const id = crypto.randomUUID();
  const now = Date.now();

  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO submissions (id, user, problem, contest, team, language, source, bytes, submitted_at, contest_time_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).bind(
      id,
      user.id,
      problem.id,
      entry?.contest.id ?? null,
      entry?.team ?? null,
      language,
      form.source,
      bytes,
      now,
      entry?.at ?? null,
    ),
    env.DB.prepare(
      `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at) VALUES (?, 1, ?, 'queued', ?, ?)`,
    ).bind(id, problem.package_hash, entry ? PRIORITY.contest : PRIORITY.practice, now),
    ...(entry
      ? [
          appended(env, entry.contest.id, {
            type: "submission",
            submission: id,
            team: entry.team,
            label: entry.label,
            at: entry.at,
          }),
        ]
      : []),
  ]);

  // Both may fail without harm: the queue and the room also read the database by themselves.
  call.ctx.waitUntil(
    judgeQueue(env)
      .poke()
      .catch(() => undefined),
  );
  if (entry) call.ctx.waitUntil(pokeRoom(env, entry.contest.id));
  return json(await submissionView(env, id), { status: 201 });
}

/** GET /api/submissions?problem=&contest=: the reader's own and their teams', newest first. */
export async function list(call: Call, user: UserRow): Promise<Response> {
  const { results } = await call.env.DB.prepare(
    `SELECT ${COLUMNS} FROM ${TABLES}
     WHERE (s.user = ?1 OR s.team IN (SELECT team FROM team_members WHERE user = ?1))
       AND (?2 IS NULL OR p.slug = ?2) AND (?3 IS NULL OR c.slug = ?3)
     ORDER BY s.submitted_at DESC LIMIT ${LIST_LIMIT}`,
  )
    .bind(user.id, call.url.searchParams.get("problem"), call.url.searchParams.get("contest"))
    .all<SubmissionRow>();
  return json({ submissions: results.map(viewOf) } satisfies SubmissionList);
}

/** GET /api/submissions/:id: for its author, their team, and administrators. */
export async function show(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const id = param(call, "id");
  const row = await env.DB.prepare(
    `SELECT s.source, s.user, j.compile_output, ${COLUMNS} FROM ${TABLES} WHERE s.id = ?`,
  )
    .bind(id)
    .first<SubmissionRow & { source: string; user: string; compile_output: string | null }>();
  if (!row) throw new ApiError("not_found", "There is no such submission.");
  const mine = row.user === user.id || user.role === "administrator" || (await isTeammate(env, id, user.id));
  if (!mine) throw new ApiError("forbidden", "This submission is somebody else's.");
  const { results: runs } = await env.DB.prepare(
    "SELECT * FROM runs WHERE submission = ? AND round = ? ORDER BY position",
  )
    .bind(id, row.judged_round)
    .all<RunRow>();
  const detail: SubmissionDetail = {
    ...viewOf(row),
    source: row.source,
    compileOutput: row.compile_output ?? "",
    runs: runs.map(runView),
  };
  return json(detail);
}

/** One submission as lists and live messages show it. */
export async function submissionView(env: Env, id: string): Promise<SubmissionView> {
  const row = await env.DB.prepare(`SELECT ${COLUMNS} FROM ${TABLES} WHERE s.id = ?`)
    .bind(id)
    .first<SubmissionRow>();
  if (!row) throw new Error(`submission ${id} is gone`);
  return viewOf(row);
}

/** The accounts that follow a submission: its author and the members of its team. */
export async function audienceOf(env: Env, submission: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT user FROM submissions WHERE id = ?1
     UNION SELECT m.user FROM submissions s JOIN team_members m ON m.team = s.team WHERE s.id = ?1`,
  )
    .bind(submission)
    .all<{ user: string }>();
  return results.map(({ user }) => user);
}

const COLUMNS = `
  s.id, p.slug AS problem, p.name, c.slug AS contest, cp.label, COALESCE(t.name, u.display_name) AS author,
  s.language, s.submitted_at, s.contest_time_ms, s.bytes, r.state,
  j.round AS judged_round, j.verdict, j.score, j.cpu_ms, j.memory_kib, j.toolchain, j.level, j.judged_at`;

// The round that is shown is the latest; the judgement is the latest one that was given.
const TABLES = `
  submissions s
  JOIN problems p ON p.id = s.problem
  JOIN users u ON u.id = s.user
  JOIN rounds r ON r.submission = s.id AND r.round = (SELECT MAX(round) FROM rounds WHERE submission = s.id)
  LEFT JOIN judgements j ON j.submission = s.id AND j.round = (SELECT MAX(round) FROM judgements WHERE submission = s.id)
  LEFT JOIN contests c ON c.id = s.contest
  LEFT JOIN contest_problems cp ON cp.contest = s.contest AND cp.problem = s.problem
  LEFT JOIN teams t ON t.id = s.team`;

interface SubmissionRow {
  id: string;
  problem: string;
  name: string;
  contest: string | null;
  label: string | null;
  author: string;
  language: string;
  submitted_at: number;
  contest_time_ms: number | null;
  bytes: number;
  state: "queued" | "leased" | "judged" | "failed";
  judged_round: number | null;
  verdict: string | null;
  score: number | null;
  cpu_ms: number;
  memory_kib: number;
  toolchain: string;
  level: string;
  judged_at: number;
}

interface RunRow {
  position: number;
  name: string;
  verdict: string;
  cpu_ms: number;
  wall_ms: number;
  memory_kib: number;
  measurements: string;
}

function viewOf(row: SubmissionRow): SubmissionView {
  return {
    id: row.id,
    problem: row.problem,
    problemName: nameOf(row),
    contest: row.contest,
    label: row.label,
    author: row.author,
    language: v.parse(LanguageId, row.language),
    submittedAt: row.submitted_at,
    contestTimeMs: row.contest_time_ms,
    bytes: row.bytes,
    // A judging error is for the jury; to everybody else the submission is still being judged.
    state: row.state === "judged" ? "judged" : row.state === "queued" ? "queued" : "judging",
    progress: null,
    judgement: judgementOf(row),
  };
}

function judgementOf(row: SubmissionRow): Judgement | null {
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

/** Names of secret tests stay with the jury: they often tell what a test is about. */
const runView = (row: RunRow): RunView => ({
  position: row.position,
  sample: row.name.startsWith("sample/"),
  verdict: v.parse(RunVerdict, row.verdict),
  cpuMs: row.cpu_ms,
  wallMs: row.wall_ms,
  memoryKiB: row.memory_kib,
  measurements: v.parse(RunView.entries.measurements, JSON.parse(row.measurements)),
});

interface ContestEntry {
  contest: ContestRow;
  team: string;
  label: string;
  /** Contest time in ms. */
  at: number;
}

async function contestEntry(
  env: Env,
  slug: string,
  problem: ProblemRow,
  user: UserRow,
): Promise<ContestEntry> {
  const contest = await contestBySlug(env, slug);
  const clock = clockOf(contest);
  const now = Date.now();
  const phase = phaseAt(clock, now);
  if (phase === "before") throw new ApiError("contest_not_running", "The contest has not started yet.");
  if (phase === "over") throw new ApiError("contest_not_running", "The contest is over.");
  const row = await env.DB.prepare(
    `SELECT cp.label, m.team FROM contest_problems cp
     LEFT JOIN team_members m ON m.contest = cp.contest AND m.user = ?3
     WHERE cp.contest = ?1 AND cp.problem = ?2`,
  )
    .bind(contest.id, problem.id, user.id)
    .first<{ label: string; team: string | null }>();
  if (!row) throw new ApiError("problem_not_in_contest", "This problem is not part of the contest.");
  if (row.team === null) throw new ApiError("not_registered", "Register a team for this contest first.");
  return { contest, team: row.team, label: row.label, at: contestTime(clock, now) };
}

function allowedLanguage(problem: ProblemRow, language: string): LanguageId {
  if (!v.is(LanguageId, language)) {
    throw new ApiError(
      "unknown_language",
      `There is no language "${language.slice(0, 40)}". Use one of ${LanguageId.options.join(", ")}.`,
    );
  }
  const { languages } = factsOf(problem);
  if (!languages.includes(language)) {
    throw new ApiError("unknown_language", `This problem takes only ${languages.join(", ")}.`);
  }
  return language;
}

function sourceBytes(problem: ProblemRow, source: string): number {
  const bytes = new TextEncoder().encode(source).length;
  const limit = Math.min(factsOf(problem).limits.codeKiB * 1024, MAX_SOURCE_BYTES);
  if (bytes > limit)
    throw new ApiError("too_large", `The source has ${bytes} bytes; this problem takes at most ${limit}.`);
  return bytes;
}

async function isTeammate(env: Env, submission: string, user: string): Promise<boolean> {
  return (await audienceOf(env, submission)).includes(user);
}
