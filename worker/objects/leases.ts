import * as v from "valibot";
import { LanguageId } from "../../protocol/language.ts";
import type { Lease, Outcome } from "../../protocol/judge.ts";
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

/** Leases the first waiting round in one of `languages` to `judge`; null when none waits. */
export async function leaseNext(
  env: Env,
  judge: string,
  languages: readonly LanguageId[],
): Promise<HeldLease | null> {
  const lease = crypto.randomUUID();
  const { meta } = await env.DB.prepare(
    `UPDATE rounds SET state = 'leased', attempt = attempt + 1, lease = ?1, judge = ?2
     WHERE (submission, round) = (
       SELECT r.submission, r.round FROM rounds r JOIN submissions s ON s.id = r.submission
       WHERE r.state = 'queued' AND s.language IN (SELECT value FROM json_each(?3))
       ORDER BY r.priority, r.queued_at LIMIT 1)`,
  )
    .bind(lease, judge, JSON.stringify(languages))
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

/**
 * Writes a verdict with its runs and its event in one batch, fenced by the trigger `judgement_fence`: unless `held` is
 * still the round's lease, nothing is written. The latest round's judgement counts.
 *
 * @returns false when the attempt was stale
 */
export async function writeVerdict(
  env: Env,
  held: HeldLease,
  outcome: Extract<Outcome, { type: "verdict" }>,
  now: number,
): Promise<boolean> {
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
        `INSERT INTO runs (submission, round, position, name, verdict, score, cpu_ms, wall_ms, memory_kib)
         SELECT ?1, ?2, key + 1, value ->> 'name', value ->> 'verdict', value ->> 'score', value ->> 'cpuMs',
           value ->> 'wallMs', CAST(value ->> 'memoryKiB' AS INTEGER) FROM json_each(?3)`,
      ).bind(submission, round, JSON.stringify(runs)),
      env.DB.prepare(
        "UPDATE rounds SET state = 'judged', lease = NULL, failure = NULL WHERE submission = ? AND round = ?",
      ).bind(submission, round),
      ...(contest === null
        ? []
        : [appended(env, contest, { type: "judgement", submission, round, verdict })]),
    ]);
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("stale attempt")) return false;
    throw error;
  }
}
