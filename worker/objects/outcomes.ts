import type { CustomRunResult } from "../../protocol/custom-run.ts";
import type { Outcome } from "../../protocol/judge.ts";
import { appended } from "../contest-log.ts";
import type { Env } from "../env.ts";
import type { HeldLease, SubmissionLease } from "./leases.ts";

/** A row of the database holds at most 2 MB. */
const COMPILE_OUTPUT_LENGTH = 64 * 1024;
const RESULT_LENGTH = 1024 * 1024;

export type VerdictOutcome = Extract<Outcome, { type: "verdict" }>;

/**
 * What became of a verdict: `stale` when its attempt is no longer the leased one, `overruled` when it is provisional
 * and the submission has an official one. Unless it was `written`, nothing was.
 */
export type Written = "written" | "stale" | "overruled";

/**
 * Writes a verdict with its runs, and its event if its round counts, in one batch, which the triggers `judgement_fence`
 * and `provisional_fence` abort.
 */
export async function writeVerdict(
  env: Env,
  held: SubmissionLease,
  outcome: VerdictOutcome,
  now: number,
): Promise<Written> {
  const { submission, round } = held.work;
  const { verdict, score, groups } = outcome;
  try {
    await env.DB.batch([
      insertJudgement(env, held, outcome, now),
      env.DB.prepare(
        `INSERT INTO runs (submission, round, position, name, verdict, score, cpu_ms, wall_ms, memory_kib, output_bytes,
           message, team_message, measurements)
         SELECT ?1, ?2, key + 1, value ->> 'name', value ->> 'verdict', value ->> 'score', value ->> 'cpuMs',
           value ->> 'wallMs', CAST(value ->> 'memoryKiB' AS INTEGER), CAST(value ->> 'outputBytes' AS INTEGER),
           value ->> 'message', value ->> 'teamMessage', value -> 'measurements' FROM json_each(?3)`,
      ).bind(submission, round, JSON.stringify(outcome.runs)),
      env.DB.prepare(
        "UPDATE rounds SET state = 'judged', lease = NULL, failure = NULL WHERE submission = ? AND round = ?",
      ).bind(submission, round),
      ...(held.contest === null || held.standing === "apart"
        ? []
        : [appended(env, held.contest, { type: "judgement", submission, round, verdict, score, groups })]),
    ]);
    return "written";
  } catch (error) {
    if (error instanceof Error && error.message.includes("stale attempt")) return "stale";
    if (error instanceof Error && error.message.includes("an official verdict stands")) return "overruled";
    throw error;
  }
}

function insertJudgement(
  env: Env,
  { work, judge }: SubmissionLease,
  { verdict, score, groups, runs, compileOutput, toolchain, level, evidence }: VerdictOutcome,
  now: number,
): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO judgements (submission, round, attempt, lease, judge, verdict, score, cpu_ms, memory_kib,
       compile_output, toolchain, level, judged_at, evidence, group_scores)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).bind(
    work.submission,
    work.round,
    work.attempt,
    work.lease,
    judge,
    verdict,
    score,
    Math.max(0, ...runs.map((run) => run.cpuMs)),
    Math.max(0, ...runs.map((run) => Math.round(run.memoryKiB))),
    compileOutput.slice(0, COMPILE_OUTPUT_LENGTH),
    toolchain,
    level,
    now,
    evidence,
    JSON.stringify(groups),
  );
}

/** Writes what a custom run gave; a lease that is no longer out changes nothing. */
export async function writeRun(
  env: Env,
  { work }: HeldLease,
  result: CustomRunResult,
  now: number,
): Promise<void> {
  await finished(env, work.lease, JSON.stringify(cut(result)), now).run();
}

/** Its texts, each test's an equal share of what a row holds. */
function cut(result: CustomRunResult): CustomRunResult {
  const share = Math.floor(RESULT_LENGTH / 4 / (result.tests.length + 1));
  const tests = result.tests.map((test) => ({
    ...test,
    output: test.output.slice(0, share),
    stderr: test.stderr.slice(0, share),
    message: test.message.slice(0, share),
  }));
  return { ...result, compileOutput: result.compileOutput.slice(0, share), tests };
}

/** The statement that ends a task with its result; a lease that is no longer out changes nothing. */
export function finished(env: Env, lease: string, result: string, now: number): D1PreparedStatement {
  return env.DB.prepare(
    `UPDATE tasks SET state = 'done', lease = NULL, failure = NULL, result = ?2, finished_at = ?3 WHERE lease = ?1`,
  ).bind(lease, result, now);
}
