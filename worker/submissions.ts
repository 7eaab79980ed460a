import type { SubmissionDetail, SubmissionList, SubmissionView } from "../protocol/submission.ts";
import { Submit } from "../protocol/submission.ts";
import { contestTime } from "../rules/contest-times.ts";
import { admit } from "./admission.ts";
import { runViews } from "./author-runs.ts";
import { appended, pokeRoom } from "./contest-log.ts";
import { sha256 } from "./digest.ts";
import { enter, type Entry } from "./entry.ts";
import { pokeQueue, type Env } from "./env.ts";
import { ApiError, json, param, rateLimit, readJson, type Call } from "./http.ts";
import { PRIORITY } from "./objects/waiting.ts";
import {
  audiencesOf,
  sourceOf,
  SUBMISSION_COLUMNS,
  SUBMISSION_TABLES,
  submissionView,
  submissionViews,
  viewOfRow,
  type SubmissionRow,
} from "./submission-rows.ts";
import type { UserRow } from "./tables.ts";

const LIST_LIMIT = 100;

/**
 * POST /api/submissions: once this has answered, the submission is in the database and will be judged.
 *
 * One that comes again under its key is answered with the first, whatever has become of the contest or the queue since;
 * two that come at the same moment are told apart by the database alone, where the second's whole batch fails.
 */
export async function submit(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const form = await readJson(call.request, Submit);
  const key = await keyOf(form);
  const first = await submittedBefore(env, user, key);
  if (first !== null) return json(first);
  await rateLimit(env.SUBMIT_LIMIT, user.id);
  // Taken once: whoever was in time when it came is in time on the board.
  const now = Date.now();
  const entered = await enter(env, form, user, now);
  const { problem, entry } = entered;
  await admit(env, entry ? "contest" : "practice");
  const id = crypto.randomUUID();

  const batch = [
    ...insertSubmission(env, id, form, key, entered, user, now),
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
            receivedAt: now,
          }),
        ]
      : []),
  ];
  try {
    await env.DB.batch(batch);
  } catch (error) {
    const simultaneous = await submittedBefore(env, user, key);
    if (simultaneous === null) throw error;
    return json(simultaneous);
  }

  pokeQueue(call);
  if (entry) call.ctx.waitUntil(pokeRoom(env, entry.contest.id));
  return json(await submissionView(env, id), { status: 201 });
}

/** A submission's key, and by what one sees that it is the same submission. */
interface Key {
  key: string;
  requestHash: string;
}

/** @returns null for a submission without a key, which is always a new one */
async function keyOf({ key, problem, contest, language, files, entryPoint }: Submit): Promise<Key | null> {
  if (key === undefined) return null;
  const sent = [problem, contest ?? null, language, files.map(({ name, text }) => [name, text]), entryPoint];
  return { key: key.toLowerCase(), requestHash: await sha256(JSON.stringify(sent)) };
}

/** What was submitted under this key, as it stands now. */
async function submittedBefore(env: Env, user: UserRow, key: Key | null): Promise<SubmissionView | null> {
  if (key === null) return null;
  const row = await env.DB.prepare("SELECT id, request_hash FROM submissions WHERE user = ? AND key = ?")
    .bind(user.id, key.key)
    .first<{ id: string; request_hash: string }>();
  if (!row) return null;
  if (row.request_hash !== key.requestHash) {
    throw new ApiError(
      "key_taken",
      "Another submission was sent under this key. Send what is new under a new key.",
    );
  }
  return submissionView(env, row.id);
}

function insertSubmission(
  env: Env,
  id: string,
  { files, entryPoint }: Submit,
  key: Key | null,
  { problem, entry, beside, language, bytes }: Entry,
  user: UserRow,
  now: number,
): D1PreparedStatement[] {
  return [
    env.DB.prepare(
      `INSERT INTO submissions (id, user, problem, contest, team, beside, language, entry_point, bytes, submitted_at,
         contest_time_ms, key, request_hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).bind(
      id,
      user.id,
      problem.id,
      entry?.contest.id ?? null,
      entry?.team ?? null,
      beside,
      language,
      entryPoint,
      bytes,
      now,
      entry && contestTime(entry.contest.timed.times, now, entry.team),
      key?.key ?? null,
      key?.requestHash ?? null,
    ),
    env.DB.prepare(
      `INSERT INTO submission_files (submission, position, name, text)
       SELECT ?1, key + 1, value ->> 'name', value ->> 'text' FROM json_each(?2)`,
    ).bind(id, JSON.stringify(files)),
  ];
}

/** GET /api/submissions?problem=&contest=: the reader's own and their teams', newest first. */
export async function list(call: Call, user: UserRow): Promise<Response> {
  const { results } = await call.env.DB.prepare(
    `SELECT ${SUBMISSION_COLUMNS} FROM ${SUBMISSION_TABLES}
     WHERE (s.user = ?1 OR s.team IN (SELECT team FROM team_members WHERE user = ?1))
       AND (?2 IS NULL OR p.slug = ?2) AND (?3 IS NULL OR c.slug = ?3 OR b.slug = ?3)
     ORDER BY s.submitted_at DESC LIMIT ${LIST_LIMIT}`,
  )
    .bind(user.id, call.url.searchParams.get("problem"), call.url.searchParams.get("contest"))
    .all<SubmissionRow>();
  return json({ submissions: await submissionViews(call.env, results, "team") } satisfies SubmissionList);
}

/** GET /api/submissions/:id: for its author, their team, and administrators. */
export async function show(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const id = param(call, "id");
  const row = await env.DB.prepare(
    `SELECT s.user, j.compile_output, ${SUBMISSION_COLUMNS} FROM ${SUBMISSION_TABLES} WHERE s.id = ?`,
  )
    .bind(id)
    .first<SubmissionRow & { user: string; compile_output: string | null }>();
  if (!row) throw new ApiError("not_found", "There is no such submission.");
  const mine = row.user === user.id || user.role === "administrator" || (await isTeammate(env, id, user.id));
  if (!mine) throw new ApiError("forbidden", "This submission is somebody else's.");
  const { view, feedback } = await viewOfRow(env, row, user.role === "administrator" ? "jury" : "team");
  const detail: SubmissionDetail = {
    ...view,
    ...(await sourceOf(env, id)),
    compileOutput: feedback === "none" ? "" : (row.compile_output ?? ""),
    runs: row.judged_round === null || feedback !== "full" ? [] : await runViews(env, id, row.judged_round),
  };
  return json(detail);
}

async function isTeammate(env: Env, submission: string, user: string): Promise<boolean> {
  return (await audiencesOf(env, [submission])).get(submission)?.includes(user) ?? false;
}
