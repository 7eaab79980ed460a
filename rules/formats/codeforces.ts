import type { CodeforcesFormat } from "../../protocol/contest-format.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { boardColumns, type FormatClock, type FormatRules } from "./format.ts";
import { roundPoints, sumPoints } from "./points.ts";
import { solvedCell, untilAccepted } from "./until-accepted.ts";

/**
 * What a problem of `x` points brings that is solved in minute `t` (begun minutes are cut off) of `d`, after `w`
 * rejected attempts, in Codeforces' rounds:
 *
 *     max(0.3 x, x - floor(120 x t / (250 d)) - 50 w)
 *
 * In two hours a problem so loses a 250th of its points each minute, 48 percent in all, and in a longer contest as
 * much in all. From "Tutorial: how Codeforces scoring system works" (Codeforces blog, entry 133094); problem 604A of
 * Codeforces Round 334, "Uncowed Forces", states the same for two hours. The 48 percent, the 50 points and the share of
 * 0.3 are the settings `decayPercent`, `deduction` and `floorPercent`. A contest that is made longer decays more slowly,
 * from its start on.
 */
export function decayedPoints(
  { decayPercent, deduction, floorPercent }: Omit<CodeforcesFormat, "type" | "points">,
  worth: number,
  at: number,
  rejected: number,
  { durationMs }: Pick<FormatClock, "durationMs">,
): number {
  const minute = Math.floor(at / MINUTE_MS);
  const decay = Math.floor((decayPercent * worth * minute * MINUTE_MS) / (100 * durationMs));
  const floor = (floorPercent * worth) / 100;
  return roundPoints(Math.max(floor, worth - decay - deduction * rejected));
}

/**
 * Codeforces-style scoring: teams rank by the sum of what their solved problems bring, and share a rank when it is
 * equal. The first accepted attempt counts; on Codeforces it is the last that passed the pretests, which do not exist
 * here, and neither do hacks. A problem is solved or not, also where its package gives points for parts.
 */
export function codeforces(format: CodeforcesFormat): FormatRules {
  const worth = (label: string): number => format.points[label] ?? 0;
  return {
    cell: ({ label }, attempts, clock) => {
      const tried = untilAccepted(attempts);
      return solvedCell(tried, ({ at }) => ({
        points: decayedPoints(format, worth(label), at, tried.rejected, clock),
        penalty: format.deduction * tried.rejected,
      }));
    },
    totals: (cells) => ({
      solved: cells.filter((cell) => cell.solvedAt !== null).length,
      points: sumPoints(cells.map((cell) => cell.points)),
      penalty: sumPoints(cells.map((cell) => cell.penalty)),
      time: 0,
    }),
    order: [{ by: "points", better: "more" }],
    columns: (problems) =>
      boardColumns([{ of: "points", unit: "points" }], problems, ({ label }) => worth(label), [
        { type: "points" },
        { type: "rejected" },
        { type: "solvedAt", to: "minute" },
      ]),
  };
}
