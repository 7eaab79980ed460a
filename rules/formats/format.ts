import type { FormatCell } from "../../protocol/contest-format.ts";
import type { ContestTimes } from "../../protocol/contest-times.ts";
import type { Cell } from "../../protocol/contest.ts";
import type { Attempt } from "./attempts.ts";
import type { FormatProblem } from "./points.ts";

/** A cell before it is said whose it is. */
export type CellResult = Omit<FormatCell, "team" | "label">;

/** What of the contest's times decides. */
export type FormatClock = Pick<ContestTimes, "durationMs">;

/** A team's sums. Every format fills all four; `order` says which of them rank. */
export interface Totals {
  /** Problems with a full solution. */
  solved: number;
  points: number;
  /** In the unit of the format's cells. */
  penalty: number;
  /** `icpc`: the minute of the last problem solved. `atcoder`: seconds to the last one, with penalties. Else 0. */
  time: number;
}

/** One criterion of a ranking; the next one decides between those that are equal in it. */
export interface Criterion {
  by: keyof Totals;
  better: "more" | "less";
}

/** What one figure of a cell is, so that a page can show it without knowing the format. */
export type CellFigure =
  /** `attempts`. */
  | { type: "attempts" }
  /** `attempts` without the accepted one. */
  | { type: "rejected" }
  /** `points`. */
  | { type: "points" }
  /** `penalty`, as points that were lost. */
  | { type: "lost" }
  /** `solvedAt`, to the minute begun or to the second begun. */
  | { type: "solvedAt"; to: "minute" | "second" };

/** A column of a board, from left to right. */
export type BoardColumn =
  | { type: "rank" }
  | { type: "team" }
  | { type: "total"; of: keyof Totals; unit: "problems" | "points" | "minutes" | "seconds" }
  /**
   * The figures from the most important on; what is `pending` stands beside them in every format. `worth` is null where
   * a problem has no points, or no bound.
   */
  | { type: "problem"; label: string; worth: number | null; figures: readonly CellFigure[] };

/** What a format decides, its settings applied. Everything else is the same for all (`contest-board.ts`). */
export interface FormatRules {
  /**
   * One team's standing on one problem.
   *
   * @param attempts - those in the contest's time, in order; of those that may not be known the result is null
   */
  cell(problem: FormatProblem, attempts: readonly Attempt[], clock: FormatClock): CellResult;
  /** A team's sums, from all its cells. */
  totals(cells: readonly Omit<Cell, "team" | "label">[]): Totals;
  /** What ranks, in order. Teams equal in all of it share a rank. */
  order: readonly Criterion[];
  columns(problems: readonly FormatProblem[]): BoardColumn[];
}

/** The columns of every board: who, what the ranking goes by, then the problems. */
export function boardColumns(
  totals: readonly Omit<Extract<BoardColumn, { type: "total" }>, "type">[],
  problems: readonly FormatProblem[],
  worth: (problem: FormatProblem) => number | null,
  figures: readonly CellFigure[],
): BoardColumn[] {
  return [
    { type: "rank" },
    { type: "team" },
    ...totals.map((total) => ({ type: "total" as const, ...total })),
    ...problems.map((problem) => ({
      type: "problem" as const,
      label: problem.label,
      worth: worth(problem),
      figures,
    })),
  ];
}
