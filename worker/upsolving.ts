import { refusalOf } from "../rules/contest-state-actions.ts";
import { labelIn } from "./contest-problems.ts";
import type { ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import type { ProblemRow } from "./tables.ts";

/**
 * The contest beside which something is submitted once it is over: out of the contest, in no log and on no board, also in a
 * virtual run through it. So a problem of it that was never published can be solved too.
 *
 * @param now - ms since 1970-01-01 UTC
 * @returns the contest's id, and what it calls the problem; null while it is not over, when only those who take part may submit
 * @throws ApiError where the contest does not have the problem
 */
export async function entryAfterwards(
  env: Env,
  contest: ContestRow,
  problem: ProblemRow,
  now: number,
): Promise<{ contest: string; label: string } | null> {
  if (refusalOf(contest.timed, "upsolve", now, null) !== null) return null;
  const label = await labelIn(env, contest.id, problem.id);
  return { contest: contest.id, label };
}
