import type { IcpcFormat } from "../../protocol/contest-format.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { boardColumns, type FormatRules } from "./format.ts";
import { solvedCell, untilAccepted } from "./until-accepted.ts";

/**
 * The rules of the ICPC World Finals ("World Finals Rules", "Scoring of the Finals"): teams rank by problems solved,
 * then by the least total time, then by the earliest last accepted submission. A solved problem takes the minutes from
 * the start to its accepted submission and, in the finals, 20 more for each rejected one before; an unsolved one takes
 * none. Seconds are cut off, of each problem and not of the sum.
 */
export function icpc({ penaltyMinutes }: IcpcFormat): FormatRules {
  return {
    cell: (_problem, attempts) => {
      const tried = untilAccepted(attempts);
      return solvedCell(tried, ({ at }) => ({
        points: 1,
        penalty: minuteOf(at) + penaltyMinutes * tried.rejected,
      }));
    },
    totals: (cells) => {
      const totals = { solved: 0, points: 0, penalty: 0, time: 0 };
      for (const { solvedAt, points, penalty } of cells) {
        if (solvedAt === null) continue;
        totals.solved++;
        totals.points += points;
        totals.penalty += penalty;
        totals.time = Math.max(totals.time, minuteOf(solvedAt));
      }
      return totals;
    },
    order: [
      { by: "solved", better: "more" },
      { by: "penalty", better: "less" },
      { by: "time", better: "less" },
    ],
    columns: (problems) =>
      boardColumns(
        [
          { of: "solved", unit: "problems" },
          { of: "penalty", unit: "minutes" },
        ],
        problems,
        () => null,
        [{ type: "attempts" }, { type: "solvedAt", to: "minute" }],
      ),
  };
}

const minuteOf = (at: number): number => Math.floor(at / MINUTE_MS);
