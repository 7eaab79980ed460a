import * as v from "valibot";
import { LanguageId } from "../../protocol/language.ts";
import type { Lease, Outcome } from "../../protocol/judge.ts";
import { isProvisional, type SandboxLevel } from "../../protocol/submission.ts";
import { appended } from "../contest-log.ts";
import type { Env } from "../env.ts";

/** After this many attempts that gave no verdict a round is a judging error, which the jury resolves. */
const MAX_ATTEMPTS = 3;

/** A lease with what the queue needs to know of it besides. */
export interface HeldLease extends Lease {
  judge: string;
  contest: string | null;
}

interface LeaseRow {
  submission: string;
  round: number;
  attempt: number;
  lease: string;
  judge: string;
  package_hash: string;
  language: string;
  contest: string | null;
}

const leaseOf = (row: LeaseRow): HeldLease => ({
  lease: row.lease,
  submission: row.submission,
  round: row.round,
  attempt: row.attempt,
  language: v.parse(LanguageId, row.language),
  package: row.package_hash,
  judge: row.judge,
  contest: row.contest,
});

const COLUMNS = `r.submission, r.round, r.attempt, r.lease, r.judge, r.package_hash, s.language, s.contest`;

/** Every lease that is out, for a queue that has just woken. */
export async function readLeases(env: Env): Promise<HeldLease[]> {
  const { results } = await env.DB.prepare(
    `SELECT ${COLUMNS} FROM rounds r JOIN submissions s ON s.id = r.submission WHERE r.state = 'leased'`,
  ).all<LeaseRow>();
  return results.map(leaseOf);
}

export async function waitingCount(env: Env): Promise<number> {
  return (
    (await env.DB.prepare("SELECT COUNT(*) AS n FROM rounds WHERE state = 'queued'").first<number>("n")) ?? 0
  );
}

/**
 * Leases the first waiting round in one of `languages` to `judge`; null when none waits. A judge whose `level` gives
 * provisional verdicts gets none of a submission that has an official one: it could not be written.
 */
export async function leaseNext(
  env: Env,
  judge: string,
  languages: readonly LanguageId[],
  level: SandboxLevel,
): Promise<HeldLease | null> {
  const lease = crypto.randomUUID();
  const { meta } = await env.DB.prepare(
    `UPDATE rounds SET state = 'leased', attempt = attempt + 1, lease = ?1, judge = ?2
     WHERE (submission, round) = (
       SELECT r.submission, r.round FROM rounds r JOIN submissions s ON s.id = r.submission
       WHERE r.state = 'queued' AND s.language IN (SELECT value FROM json_each(?3))
         AND (?4 OR NOT EXISTS (SELECT 1 FROM judgements j WHERE j.submission = r.submission AND j.level <> 'process'))
       ORDER BY r.priority, r.queued_at LIMIT 1)`,
  )
    .bind(lease, judge, JSON.stringify(languages), isProvisional(level) ? 0 : 1)
    .run();
  if (meta.changes === 0) return null;
  const row = await env.DB.prepare(
    `SELECT ${COLUMNS} FROM rounds r JOIN submissions s ON s.id = r.submission WHERE r.lease = ?`,
  )
    .bind(lease)
    .first<LeaseRow>();
  return row && leaseOf(row);
}

/** Ends a lease without a verdict: the round waits again, or is a judging error after the last attempt. */
export async function requeue(env: Env, lease: string, failure: string): Promise<void> {
  await env.DB.prepare(
    `UPDATE rounds SET state = CASE WHEN attempt >= ${MAX_ATTEMPTS} THEN 'failed' ELSE 'queued' END,
       lease = NULL, judge = NULL, failure = ?2 WHERE lease = ?1`,
  )
    .bind(lease, failure)
    .run();
}

/** Ends a lease as if it had never been given: the round waits again, and no attempt is counted. */
export async function release(env: Env, lease: string): Promise<void> {
  await env.DB.prepare(
    `UPDATE rounds SET state = 'queued', attempt = attempt - 1, lease = NULL, judge = NULL WHERE lease = ?`,
  )
    .bind(lease)
    .run();
}

/** How many submissions one sweep queues again; the next sweep takes the next ones. */
const OFFICIAL_ROUNDS = 100;

/**
 * Queues a new round for submissions in `languages` whose latest round gave a provisional verdict, the oldest first.
 * Once a submission has a later round, whatever becomes of that, it is not found again.
 */
export async function queueOfficialRounds(
  env: Env,
  languages: readonly LanguageId[],
  now: number,
): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at)
     SELECT r.submission, r.round + 1, r.package_hash, 'queued', r.priority, ?1
     FROM judgements j
     JOIN rounds r ON r.submission = j.submission AND r.round = j.round
     JOIN submissions s ON s.id = j.submission
     WHERE j.level = 'process' AND s.language IN (SELECT value FROM json_each(?2))
       AND NOT EXISTS (SELECT 1 FROM rounds later WHERE later.submission = r.submission AND later.round > r.round)
     ORDER BY s.submitted_at, s.id LIMIT ${OFFICIAL_ROUNDS}`,
  )
    .bind(now, JSON.stringify(languages))
    .run();
}

/**
 * What became of a verdict: `stale` when its attempt is no longer the leased one, `overruled` when it is provisional
 * and the submission has an official one. Unless it was `written`, nothing was.
 */
export type Written = "written" | "stale" | "overruled";

/**
 * Writes a verdict with its runs and its event in one batch, which the triggers `judgement_fence` and
 * `provisional_fence` abort. The latest round's judgement counts.
 */
export async function writeVerdict(
  env: Env,
  held: HeldLease,
  outcome: Extract<Outcome, { type: "verdict" }>,
  now: number,
): Promise<Written> {
  const { submission, round, attempt, lease, judge, contest } = held;
  const { verdict, score, runs, compileOutput, toolchain, level } = outcome;
  const cpuMs = Math.max(0, ...runs.map((run) => run.cpuMs));
  const memoryKiB = Math.max(0, ...runs.map((run) => Math.round(run.memoryKiB)));
  try {
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO judgements (submission, round, attempt, lease, judge, verdict, score, cpu_ms, memory_kib,
           compile_output, toolchain, level, judged_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).bind(
        submission,
        round,
        attempt,
        lease,
        judge,
        verdict,
        score,
        cpuMs,
        memoryKiB,
        compileOutput,
        toolchain,
        level,
        now,
      ),
      env.DB.prepare(
        `INSERT INTO runs (submission, round, position, name, verdict, score, cpu_ms, wall_ms, memory_kib,
           measurements)
         SELECT ?1, ?2, key + 1, value ->> 'name', value ->> 'verdict', value ->> 'score', value ->> 'cpuMs',
           value ->> 'wallMs', CAST(value ->> 'memoryKiB' AS INTEGER), value -> 'measurements' FROM json_each(?3)`,
      ).bind(submission, round, JSON.stringify(runs)),
      env.DB.prepare(
        "UPDATE rounds SET state = 'judged', lease = NULL, failure = NULL WHERE submission = ? AND round = ?",
      ).bind(submission, round),
      ...(contest === null
        ? []
        : [appended(env, contest, { type: "judgement", submission, round, verdict })]),
    ]);
    return "written";
  } catch (error) {
    if (error instanceof Error && error.message.includes("stale attempt")) return "stale";
    if (error instanceof Error && error.message.includes("an official verdict stands")) return "overruled";
    throw error;
  }
}
