import type { JudgedResult } from "../protocol/contest-format.ts";
import type { Board } from "../protocol/contest.ts";
import type { Attempt } from "./formats/attempts.ts";
import { rankTeams } from "./formats/board.ts";
import { rulesOf } from "./formats/registry.ts";
import { cellIn, cellsOf, earliestInFreeze } from "./resolver-boards.ts";
import { withCell } from "./resolver-state.ts";

/**
 * The rank that a team would have if what is pending on a problem were as good as it can be: solved at once, at the first
 * moment of the freeze. From what everybody sees, so that it may be said aloud.
 *
 * @returns null where points have no bound, or the team or problem is not on the board
 */
export function bestRank(board: Board, team: string, label: string): number | null {
  const { format, problems, timed, teams } = board;
  const problem = problems.find((one) => one.label === label);
  if (problem === undefined || problem.maxScore === null) return null;
  const known = cellIn(cellsOf(board), team, label);
  const rejected = Array.from({ length: known.attempts }, (): Attempt => attemptAt(0, "WA", 0));
  const score = problem.maxScore === "pass-fail" ? null : problem.maxScore;
  const solved = attemptAt(earliestInFreeze(timed.times), "AC", score);
  const { durationMs } = timed.times;
  const best = rulesOf(format).cell(problem, [...rejected, solved], { durationMs });
  const { counted: _, ...cell } = best;
  const after = known.result === "full" ? board : withCell(board, { team, label, ...cell });
  return rankTeams(format, teams, after.cells).find((row) => row.team.id === team)?.rank ?? null;
}

function attemptAt(at: number, verdict: JudgedResult["verdict"], score: number | null): Attempt {
  return { submission: "", at, result: { verdict, score, groups: [] } };
}
