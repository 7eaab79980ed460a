import type { HomeworkFormat } from "../../protocol/contest-format.ts";
import type { Attempt } from "./attempts.ts";
import { boardColumns, type CellResult, type FormatRules } from "./format.ts";
import { type FormatProblem, isFull, roundPoints, scoreOf, sumPoints, worthOf } from "./points.ts";

const DAY_MS = 24 * 60 * 60_000;

/**
 * The share of its points, in percent, that is left to what is handed in at a contest time; null when it does not count.
 * A day late begins at the deadline, the second one 24 hours after it.
 *
 * @param at - contest time in ms
 */
export function latePercent(
  { deadlineMs, late }: Pick<HomeworkFormat, "deadlineMs" | "late">,
  at: number,
): number | null {
  if (at < deadlineMs) return 100;
  switch (late.type) {
    case "refused":
      return null;
    case "daily": {
      if (late.hardEndMs !== null && at >= late.hardEndMs) return null;
      const daysBegun = Math.floor((at - deadlineMs) / DAY_MS) + 1;
      return Math.max(0, 100 - late.percent * daysBegun);
    }
    default:
      return late satisfies never;
  }
}

/**
 * Homework: points until a deadline, and less or none after it. One submission of each problem counts, the best or the
 * last that was judged; a compile error is no submission. Students with the same points share a rank.
 */
export function homework(format: HomeworkFormat): FormatRules {
  const worth = (problem: FormatProblem): number | null => worthOf(problem, format.points);
  return {
    cell: (problem, attempts) => homeworkCell(format, attempts, worth(problem)),
    totals: (cells) => ({
      solved: cells.filter((cell) => cell.result === "full").length,
      points: sumPoints(cells.map((cell) => cell.points)),
      penalty: sumPoints(cells.map((cell) => cell.penalty)),
      time: 0,
    }),
    order: [{ by: "points", better: "more" }],
    columns: (problems) =>
      boardColumns([{ of: "points", unit: "points" }], problems, worth, [
        { type: "points" },
        { type: "lost" },
        { type: "attempts" },
      ]),
  };
}

interface HandedIn {
  submission: string;
  at: number;
  /** Before and after what lateness takes. */
  full: number;
  points: number;
}

function homeworkCell(
  format: HomeworkFormat,
  attempts: readonly Attempt[],
  worth: number | null,
): CellResult {
  let pending = 0;
  const judged: HandedIn[] = [];
  for (const { submission, at, result } of attempts) {
    const percent = latePercent(format, at);
    if (percent === null) continue;
    if (result === null) pending++;
    if (result === null || result.verdict === "CE") continue;
    const full = roundPoints(scoreOf(result, worth));
    judged.push({ submission, at, full, points: roundPoints((full * percent) / 100) });
  }
  const one = format.counts === "last" ? judged.at(-1) : best(judged);
  const cell = { attempts: judged.length, pending };
  if (one === undefined)
    return { ...cell, solvedAt: null, points: 0, penalty: 0, counted: [], result: "none" };
  const solved = isFull(one.full, worth);
  return {
    ...cell,
    solvedAt: solved ? one.at : null,
    points: one.points,
    penalty: roundPoints(one.full - one.points),
    counted: [one.submission],
    result: solved ? "full" : one.full > 0 ? "partial" : "none",
  };
}

/** The one with the most points, of equal ones the better solution, then the earlier. */
function best(judged: readonly HandedIn[]): HandedIn | undefined {
  return judged.toSorted((a, b) => b.points - a.points || b.full - a.full)[0];
}
