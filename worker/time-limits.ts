import type { ImportMessage } from "../protocol/problem.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import { finished } from "./objects/outcomes.ts";
import type { HeldLease } from "./objects/leases.ts";
import { PRIORITY } from "./objects/waiting.ts";
import { factsOf } from "./problem-rows.ts";

/** Time limits that follow from the jury's submissions: a task of the queue for each package, drawn in migrations/. */

interface TimeLimitRow {
  package_hash: string;
  state: "queued" | "leased" | "done" | "failed";
  time_ms: number | null;
  explanation: string | null;
  failure: string | null;
}

/**
 * The statements that have the time limit of a package measured, for an import's batch. What was measured before stays,
 * what came to nothing is tried again.
 */
export function timeLimitAsked(env: Env, hash: string, problem: string): D1PreparedStatement[] {
  return [
    env.DB.prepare(
      `INSERT INTO tasks (id, kind, problem, package_hash, priority, queued_at) VALUES (?, 'time limit', ?, ?, ?, ?)
       ON CONFLICT (package_hash) WHERE kind = 'time limit'
       DO UPDATE SET state = 'queued', attempt = 0, result = NULL, failure = NULL, queued_at = excluded.queued_at
       WHERE state = 'failed' OR (state = 'done' AND result ->> 'timeMs' IS NULL)`,
    ).bind(crypto.randomUUID(), problem, hash, PRIORITY.timeLimit, Date.now()),
    limitInFacts(env, hash),
  ];
}

/** Writes what a judge found. */
export async function writeTimeLimit(
  env: Env,
  { work }: HeldLease,
  { timeMs, explanation }: { timeMs: number | null; explanation: string },
): Promise<void> {
  await env.DB.batch([
    finished(
      env,
      work.lease,
      JSON.stringify({ timeMs, explanation: explanation.slice(0, 1000) }),
      Date.now(),
    ),
    limitInFacts(env, work.package),
  ]);
}

/** In the same batch as the import or the outcome, so that whichever comes second finds the other. */
const limitInFacts = (env: Env, hash: string): D1PreparedStatement =>
  env.DB.prepare(
    `UPDATE problems SET facts = json_set(facts, '$.limits.timeMs', (
       SELECT result ->> 'timeMs' FROM tasks WHERE kind = 'time limit' AND package_hash = ?1 AND state = 'done'))
     WHERE package_hash = ?1
       AND EXISTS (SELECT 1 FROM tasks WHERE kind = 'time limit' AND package_hash = ?1)`,
  ).bind(hash);

/** Refuses what needs a time limit while there is none, with what is known of it. */
export async function requireTimeLimit(
  env: Env,
  problem: { facts: string; package_hash: string },
): Promise<void> {
  if (factsOf(problem).limits.timeMs !== null) return;
  const messages = await timeLimitMessages(env, [problem.package_hash]);
  const why = messages.get(problem.package_hash)?.message ?? "its package says none";
  throw new ApiError("time_limit_unknown", `This problem cannot be used without a time limit: ${why}.`);
}

/** What became of the time limits of those packages that leave theirs out, as their import reports tell it; by hash. */
export async function timeLimitMessages(
  env: Env,
  hashes: readonly string[],
): Promise<Map<string, ImportMessage>> {
  const { results } = await env.DB.prepare(
    `SELECT package_hash, state, result ->> 'timeMs' AS time_ms, result ->> 'explanation' AS explanation, failure
     FROM tasks WHERE kind = 'time limit' AND package_hash IN (SELECT value FROM json_each(?))`,
  )
    .bind(JSON.stringify(hashes))
    .all<TimeLimitRow>();
  return new Map(results.map((row) => [row.package_hash, { file: "problem.yaml", ...told(row) }]));
}

function told({ state, time_ms: timeMs, explanation, failure }: TimeLimitRow): Omit<ImportMessage, "file"> {
  if (state === "failed")
    return { severity: "error", message: `the time limit could not be measured: ${failure ?? ""}` };
  if (state !== "done")
    return { severity: "warning", message: "the time limit is being measured with the jury's submissions" };
  if (timeMs === null)
    return {
      severity: "error",
      message: `no time limit follows from the jury's submissions: ${explanation ?? ""}`,
    };
  const reason = explanation ? ` (${explanation})` : "";
  return { severity: "warning", message: `the time limit was measured as ${timeMs} ms${reason}` };
}
