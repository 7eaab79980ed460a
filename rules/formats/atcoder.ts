import type { AtCoderFormat } from "../../protocol/contest-format.ts";
import { boardColumns, type FormatRules } from "./format.ts";
import { sumPoints } from "./points.ts";
import { solvedCell, untilAccepted } from "./until-accepted.ts";

/**
 * AtCoder's rules (the "Rules" page of its Beginner and Regular Contests): a problem solved brings its points, and teams
 * rank by their sum, then by time: that of the last problem solved, and 5 minutes for each incorrect submission before
 * an accepted one. What was tried in vain on problems that were never solved costs nothing, and neither does a compile
 * error. Time is in whole seconds, as AtCoder shows it.
 *
 * A problem is solved or not, also where its package gives points for parts.
 */
export function atcoder({ points, penaltyMinutes }: AtCoderFormat): FormatRules {
  return {
    cell: ({ label }, attempts) => {
      const tried = untilAccepted(attempts);
      return solvedCell(tried, () => ({
        points: points[label] ?? 0,
        penalty: penaltyMinutes * tried.rejected,
      }));
    },
    totals: (cells) => {
      const solved = cells.filter((cell) => cell.solvedAt !== null);
      const penalty = solved.reduce((sum, cell) => sum + cell.penalty, 0);
      const last = Math.max(0, ...solved.map((cell) => cell.solvedAt ?? 0));
      return {
        solved: solved.length,
        points: sumPoints(solved.map((cell) => cell.points)),
        penalty,
        time: Math.floor(last / 1000) + 60 * penalty,
      };
    },
    order: [
      { by: "points", better: "more" },
      { by: "time", better: "less" },
    ],
    columns: (problems) =>
      boardColumns(
        [
          { of: "points", unit: "points" },
          { of: "time", unit: "seconds" },
        ],
        problems,
        ({ label }) => points[label] ?? 0,
        [{ type: "points" }, { type: "rejected" }, { type: "solvedAt", to: "second" }],
      ),
  };
}
