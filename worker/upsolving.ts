import { refusalOf } from "../rules/contest-state-actions.ts";
import type { ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";
import type { ProblemRow } from "./tables.ts";

/**
 * The contest beside which something is submitted once it is over: out of the contest, in no log and on no board, also in a
 * virtual run through it. So a problem of it that was never published can be solved too.
 *
 * @param now - ms since 1970-01-01 UTC
 * @returns the contest's id; null while it is not over, when only those who take part may submit
 * @throws ApiError where the contest does not have the problem
 */
export async function entryAfterwards(
  env: Env,
  contest: ContestRow,
  problem: ProblemRow,
  now: number,
): Promise<string | null> {
  if (refusalOf(contest.timed, "upsolve", now, null) !== null) return null;
  const found = await env.DB.prepare("SELECT 1 FROM contest_problems WHERE contest = ? AND problem = ?")
    .bind(contest.id, problem.id)
    .first();
  if (!found) throw new ApiError("problem_not_in_contest", "This problem is not part of the contest.");
  return contest.id;
}
