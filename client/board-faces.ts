import type { Cell } from "../protocol/contest.ts";
import type { BoardColumn, CellFigure } from "../rules/formats/format.ts";
import { clock, contestMinute } from "./format.ts";
import { locale, t, writeNumber } from "./i18n.ts";
import "./locales/board.ts";

export type ProblemColumn = Extract<BoardColumn, { type: "problem" }>;
export type TotalColumn = Extract<BoardColumn, { type: "total" }>;

/** What a cell shows. The icon of its kind, figures and words tell all that its colour tells. */
export interface Face {
  kind: "first" | "full" | "partial" | "pending" | "none";
  /** The most important figure; "" where there is only something pending. */
  main: string;
  /** A second, smaller line. */
  sub: string;
  /** How much of a problem's points was reached; null where they come all at once or have no bound. */
  bar: { value: number; max: number } | null;
  /** The same in a sentence, for screen readers and on hover. */
  sentence: string;
}

/** What a cell shows in a column, or null for a problem that the team has not tried. */
export function faceOf(cell: Cell, { figures, worth }: ProblemColumn, isFirst: boolean): Face | null {
  const kind = kindOf(cell, isFirst);
  if (kind === null) return null;
  const scored = hasParts(figures);
  const said = figures.flatMap((figure) => sayFigure(figure, cell, worth, scored) ?? []);
  const [main = "", ...rest] = said.map(({ short }) => short);
  const pending = cell.pending === 0 ? [] : [t("scoreboard.pending", { count: cell.pending })];
  const sub = [...rest, ...pending, ...(kind === "first" ? [t("scoreboard.firstShort")] : [])];
  const words = [
    ...(cell.result === "none" ? [] : [t(`scoreboard.result.${cell.result}`)]),
    ...said.map(({ long }) => long),
    ...pending,
    ...(kind === "first" ? [t("scoreboard.first")] : []),
  ];
  return {
    kind,
    main,
    // A narrow column breaks it between its parts, and none of them in two.
    sub: sub.map((part) => part.replaceAll(" ", "\u00a0")).join(" · "),
    bar:
      scored && cell.attempts > 0 && worth !== null && worth > 0 ? { value: cell.points, max: worth } : null,
    sentence: `${cell.label}: ${words.join(", ")}`,
  };
}

function kindOf({ result, pending, attempts }: Cell, isFirst: boolean): Face["kind"] | null {
  if (result === "full") return isFirst ? "first" : "full";
  if (pending > 0) return "pending";
  if (result === "partial") return "partial";
  return attempts > 0 ? "none" : null;
}

/** Whether a problem brings points for parts of it: where it is all or nothing, its columns tell the time. */
export function hasParts(figures: readonly CellFigure[]): boolean {
  return figures[0]?.type === "points" && figures.every(({ type }) => type !== "solvedAt");
}

/** A figure for the eye and in words; null where there is nothing to say. */
function sayFigure(
  figure: CellFigure,
  { result, attempts, points, penalty, solvedAt }: Cell,
  worth: number | null,
  scored: boolean,
): { short: string; long: string } | null {
  const rejected = t("scoreboard.rejected", { count: result === "full" ? attempts - 1 : attempts });
  switch (figure.type) {
    case "attempts": {
      if (attempts === 0) return null;
      const long = result === "none" ? rejected : t("scoreboard.tries", { count: attempts });
      return { short: `${attempts}×`, long };
    }
    case "rejected": {
      if (result === "full" && attempts > 1) return { short: `+${attempts - 1}`, long: rejected };
      return result === "full" || attempts === 0 ? null : { short: `−${attempts}`, long: rejected };
    }
    case "points": {
      if (attempts === 0 || (points === 0 && !scored)) return null;
      const long =
        worth === null ? t("scoreboard.points", { points }) : t("scoreboard.pointsOf", { points, worth });
      return { short: numberText(points), long };
    }
    case "lost":
      return penalty === 0
        ? null
        : { short: `−${numberText(penalty)}`, long: t("scoreboard.lost", { points: penalty }) };
    case "solvedAt": {
      if (solvedAt === null) return null;
      const time = solveTime(solvedAt, figure.to);
      const minute = contestMinute(solvedAt);
      const long =
        figure.to === "minute" ? t("scoreboard.atMinute", { minute }) : t("scoreboard.atTime", { time });
      return { short: time, long };
    }
    default:
      return figure satisfies never;
  }
}

/** Contest time as a cell shows it: `87′`, or `1:27:13`. */
export function solveTime(ms: number, to: "minute" | "second"): string {
  return to === "minute" ? `${contestMinute(ms)}′` : clock(ms);
}

/** A team's sum as its column says it. */
export function totalText({ unit }: TotalColumn, total: number): string {
  return unit === "seconds" ? clock(total * 1000) : numberText(total);
}

const numberText = (value: number): string => writeNumber(value, locale.value);
