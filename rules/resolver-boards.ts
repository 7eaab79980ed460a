import type { ContestTimes, TimedContest } from "../protocol/contest-times.ts";
import type { Board, Cell } from "../protocol/contest.ts";
import type { Unresolvable } from "../protocol/resolver.ts";
import { isOver } from "./contest-state.ts";
import { freezeTime } from "./contest-times.ts";
import { publicTimes } from "./public-times.ts";

/** Why a contest has nothing to resolve at this moment, whatever its results: null if it may have. */
export function whyNoShow(timed: TimedContest, now: number): Unresolvable | null {
  if (timed.times.freezeMs === 0) return { reason: "never_froze" };
  if (!isOver(timed, now)) return { reason: "not_over" };
  return timed.thawedAt === null ? null : { reason: "thawed" };
}

/**
 * Whether a frozen board can be resolved into a final one: null if so. Both must come from one and the same log, the
 * frozen one as the public sees it and the final one as the jury does, when everything is judged.
 */
export function whyNotResolvable(frozen: Board, final: Board): Unresolvable | null {
  if (identity(frozen) !== identity(final)) return { reason: "other_contest" };
  // What counts there may be the last submission: a result can cost points, and a place that was told.
  if (frozen.format.type === "homework") return { reason: "homework" };
  const before = cellsOf(frozen);
  const after = cellsOf(final);
  const earliest = earliestInFreeze(frozen.timed.times);
  for (const { team, label } of [...frozen.cells, ...final.cells]) {
    const shown = cellIn(before, team, label);
    const truth = cellIn(after, team, label);
    if (truth.pending > 0) return { reason: "unjudged", team, label };
    const fits = isPending(shown) ? follows(shown, truth, earliest) : hasSameResult(shown, truth);
    if (!fits) return { reason: "not_pending", team, label };
  }
  return null;
}

/** Whether what was pending in the freeze can have made this of the cell. */
function follows(shown: Cell, truth: Cell, earliest: number): boolean {
  if (shown.result === "full")
    return truth.attempts >= shown.attempts && hasSameResult({ ...truth, attempts: shown.attempts }, shown);
  const more = truth.result === "full" ? 1 : 0;
  return (
    truth.attempts >= shown.attempts + more &&
    truth.points >= shown.points &&
    (truth.solvedAt ?? earliest) >= earliest
  );
}

function hasSameResult(one: Cell, other: Cell): boolean {
  return (
    one.attempts === other.attempts &&
    one.solvedAt === other.solvedAt &&
    one.points === other.points &&
    one.penalty === other.penalty &&
    one.result === other.result
  );
}

/**
 * The least contest time that an attempt in the freeze can have. Where each team has a window of its own, one can have
 * begun it in the freeze.
 */
export function earliestInFreeze(times: ContestTimes): number {
  return times.windowMs === null ? freezeTime(times) : 0;
}

/** Whether the cell has attempts that are still to be told. */
export function isPending(cell: Pick<Cell, "pending">): boolean {
  return cell.pending > 0;
}

/** The cells of a board by team and label. */
export type Cells = ReadonlyMap<string, ReadonlyMap<string, Cell>>;

export function cellsOf({ cells }: Pick<Board, "cells">): Cells {
  const byTeam = new Map<string, Map<string, Cell>>();
  for (const cell of cells) {
    const ofTeam = byTeam.get(cell.team) ?? new Map<string, Cell>();
    byTeam.set(cell.team, ofTeam.set(cell.label, cell));
  }
  return byTeam;
}

export function cellIn(cells: Cells, team: string, label: string): Cell {
  return cells.get(team)?.get(label) ?? { team, label, ...untouched };
}

const untouched = {
  attempts: 0,
  pending: 0,
  solvedAt: null,
  points: 0,
  penalty: 0,
  result: "none",
} as const satisfies Omit<Cell, "team" | "label">;

function identity({ timed, format, teams, problems }: Board): string {
  const byId = teams.toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  return JSON.stringify([
    publicTimes(timed, null),
    format,
    byId.map(({ id, name, group }) => [id, name, group]),
    problems.map(({ label }) => label),
  ]);
}
