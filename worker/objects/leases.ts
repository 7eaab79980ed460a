import * as v from "valibot";
import type { Lease } from "../../protocol/judge.ts";
import { RoundStanding } from "../../protocol/jury.ts";
import { LanguageId } from "../../protocol/language.ts";
import type { Env } from "../env.ts";

/** After this many attempts that gave nothing a round is a judging error, which the jury resolves; a task has failed. */
const MAX_ATTEMPTS = 3;

/** The longest sentence that is kept of what a judge failed at. */
const FAILURE_LENGTH = 1000;

/** A lease that is out, with what the queue needs to know of it besides. */
export interface HeldLease<Work extends Lease = Lease> {
  work: Work;
  judge: string;
  /** Of a submission: the contest that it belongs to, and whether its round counts. */
  contest: string | null;
  standing: RoundStanding;
  /** Its contest does not tell how the tests go, and how many are done might. */
  isQuiet: boolean;
  /** Of a custom run: its id, whose it is, and whether it reads the samples; of a time limit: its id. */
  task: { id: string; user: string | null; onSamples: boolean } | null;
}

export type SubmissionLease = HeldLease<Extract<Lease, { work: "submission" }>>;

interface LeaseRow {
  work: Lease["work"];
  lease: string;
  judge: string;
  submission: string;
  round: number;
  attempt: number;
  package_hash: string;
  language: string;
  contest: string | null;
  standing: string;
  extent: "deciding" | "all";
  time_ms: number | null;
  memory_mib: number | null;
  user: string | null;
  on_samples: 0 | 1;
  is_quiet: 0 | 1;
}

/**
 * Limits are the contest's own, where it has some, also once it is over; else the time limit that was measured, where the package says none.
 * `is` is a condition on the columns that rounds and tasks share, such as `lease = ?1`.
 */
const leaseRows = (is: string): string => `
  SELECT 'submission' AS work, w.lease, w.judge, w.submission, w.round, w.attempt, w.package_hash, s.language, s.contest,
    w.standing, w.extent,
    COALESCE(o.limits ->> ('$.' || p.label || '.timeMs'), l.result ->> 'timeMs') AS time_ms,
    o.limits ->> ('$.' || p.label || '.memoryMiB') AS memory_mib, NULL AS user, 0 AS on_samples,
    COALESCE(c.format ->> 'feedback', 'full') <> 'full' AS is_quiet
  FROM rounds w JOIN submissions s ON s.id = w.submission
  LEFT JOIN contests c ON c.id = s.contest
  LEFT JOIN contests o ON o.id = COALESCE(s.contest, s.beside)
  LEFT JOIN contest_problems p ON p.contest = o.id AND p.problem = s.problem
  LEFT JOIN tasks l ON l.kind = 'time limit' AND l.package_hash = w.package_hash AND l.state = 'done'
  WHERE w.${is}
  UNION ALL
  SELECT w.kind, w.lease, w.judge, w.id, 0, w.attempt, w.package_hash, w.language, NULL,
    'counts', 'deciding', COALESCE(w.limits ->> 'timeMs', l.result ->> 'timeMs'), w.limits ->> 'memoryMiB', w.user,
    w.source ->> 'input' IS NULL, 0
  FROM tasks w
  LEFT JOIN tasks l ON l.kind = 'time limit' AND l.package_hash = w.package_hash AND l.state = 'done'
  WHERE w.${is}`;

function heldLease(row: LeaseRow): HeldLease {
  const task =
    row.work === "submission"
      ? null
      : { id: row.submission, user: row.user, onSamples: row.on_samples === 1 };
  const { judge, contest } = row;
  const standing = v.parse(RoundStanding, row.standing);
  return { work: leaseOf(row), judge, contest, standing, isQuiet: row.is_quiet === 1, task };
}

function leaseOf(row: LeaseRow): Lease {
  const { lease, submission, round, attempt, extent, package_hash: hash, time_ms: timeMs } = row;
  const limits = { timeMs, memoryMiB: row.memory_mib };
  switch (row.work) {
    case "submission": {
      const language = v.parse(LanguageId, row.language);
      const common = { lease, language, package: hash, ...limits };
      return { work: "submission", ...common, submission, round, attempt, extent };
    }
    case "custom run":
      return {
        work: "custom run",
        lease,
        language: v.parse(LanguageId, row.language),
        package: hash,
        ...limits,
      };
    case "time limit":
      return { work: "time limit", lease, package: hash };
    default:
      return row.work satisfies never;
  }
}

export const isSubmission = (held: HeldLease): held is SubmissionLease => held.work.work === "submission";

/** Every lease that is out, for a queue that has just woken. */
export async function readLeases(env: Env): Promise<HeldLease[]> {
  const { results } = await env.DB.prepare(leaseRows("state = 'leased'")).all<LeaseRow>();
  return results.map(heldLease);
}

/** One lease, or null when it is not out (any more). */
export async function readLease(env: Env, lease: string): Promise<HeldLease | null> {
  const row = await env.DB.prepare(leaseRows("lease = ?1")).bind(lease).first<LeaseRow>();
  return row && heldLease(row);
}

/** Ends a lease without an outcome: the work waits again, or has failed after the last attempt. Its judge has failed. */
export async function requeue(env: Env, held: HeldLease, failure: string): Promise<void> {
  const next = `state = CASE WHEN attempt >= ${MAX_ATTEMPTS} THEN 'failed' ELSE 'queued' END,
    lease = NULL, judge = NULL, failure = ?2`;
  const finished = `finished_at = CASE WHEN attempt >= ${MAX_ATTEMPTS} THEN ?3 END`;
  const { lease } = held.work;
  const said = failure.slice(0, FAILURE_LENGTH);
  await env.DB.batch([
    isSubmission(held)
      ? env.DB.prepare(`UPDATE rounds SET ${next} WHERE lease = ?1`).bind(lease, said)
      : env.DB.prepare(`UPDATE tasks SET ${next}, ${finished} WHERE lease = ?1`).bind(
          lease,
          said,
          Date.now(),
        ),
    failureNoted(env, held.judge, said),
  ]);
}

/** Ends a lease as if it had never been given: the work waits again, and no attempt is counted. */
export async function release(env: Env, held: HeldLease): Promise<void> {
  await env.DB.prepare(
    `UPDATE ${isSubmission(held) ? "rounds" : "tasks"}
     SET state = 'queued', attempt = attempt - 1, lease = NULL, judge = NULL WHERE lease = ?`,
  )
    .bind(held.work.lease)
    .run();
}

/** The statement that notes the last thing that a judge failed at, for those who look after judges. */
export function failureNoted(env: Env, judge: string, message: string): D1PreparedStatement {
  return env.DB.prepare("UPDATE judges SET last_failure = ?, last_failure_at = ? WHERE id = ?").bind(
    message.slice(0, FAILURE_LENGTH),
    Date.now(),
    judge,
  );
}

/** How many submissions one sweep queues again; the next sweep takes the next ones. */
const OFFICIAL_ROUNDS = 100;

/**
 * Queues a new round for submissions in `languages` whose latest round that counts gave a provisional verdict, the oldest
 * first. Once a submission has a later one, whatever becomes of that, it is not found again.
 */
export async function queueOfficialRounds(
  env: Env,
  languages: readonly string[],
  now: number,
): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at)
     SELECT r.submission, (SELECT MAX(a.round) FROM rounds a WHERE a.submission = r.submission) + 1, r.package_hash,
       'queued', r.priority, ?1
     FROM judgements j
     JOIN rounds r ON r.submission = j.submission AND r.round = j.round
     JOIN submissions s ON s.id = j.submission
     WHERE j.level = 'process' AND r.standing = 'counts' AND s.language IN (SELECT value FROM json_each(?2))
       AND NOT EXISTS (
         SELECT 1 FROM rounds later
         WHERE later.submission = r.submission AND later.round > r.round AND later.standing = 'counts')
     ORDER BY s.submitted_at, s.id LIMIT ${OFFICIAL_ROUNDS}`,
  )
    .bind(now, JSON.stringify(languages))
    .run();
}
