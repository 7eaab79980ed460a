import type { Board, Cell } from "../protocol/contest.ts";
import { freezeTime } from "./contest-clock.ts";

/** Why two boards cannot be resolved one into the other; with the team's and problem's ids where a cell is the cause. */
export type Unresolvable =
  /** They are not of the same contest at the same time: clock, teams or problems differ. */
  | { reason: "other_contest" }
  /** An attempt has no verdict yet: the show would end without it. */
  | { reason: "unjudged"; team: string; label: string }
  /** The results differ in more than what became of attempts in the freeze. */
  | { reason: "not_pending"; team: string; label: string };

/**
 * Whether a frozen board can be resolved into a final one: null if so. Both must come from one and the same log, the
 * frozen one as the public sees it and the final one as the jury does, when everything is judged.
 */
export function whyNotResolvable(frozen: Board, final: Board): Unresolvable | null {
  if (identity(frozen) !== identity(final)) return { reason: "other_contest" };
  const before = cellsOf(frozen);
  const after = cellsOf(final);
  const freeze = freezeTime(frozen.clock);
  for (const { team, label } of [...frozen.cells, ...final.cells]) {
    const shown = cellIn(before, team, label);
    const truth = cellIn(after, team, label);
    if (truth.pending > 0) return { reason: "unjudged", team, label };
    const same = shown.rejected === truth.rejected && shown.solvedAt === truth.solvedAt;
    const follows =
      isPending(shown) && truth.rejected >= shown.rejected && (truth.solvedAt ?? freeze) >= freeze;
    if (isPending(shown) ? !follows : !same || shown.pending > 0)
      return { reason: "not_pending", team, label };
  }
  return null;
}

/** Whether the cell's attempts are still to be told. */
export function isPending(cell: Pick<Cell, "pending" | "solvedAt">): boolean {
  return cell.pending > 0 && cell.solvedAt === null;
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
  return cells.get(team)?.get(label) ?? { team, label, rejected: 0, pending: 0, solvedAt: null };
}

function identity({ clock, teams, problems }: Board): string {
  const named = teams.map(({ id, name }) => [id, name]);
  const { startAt, durationMs, freezeMs, penaltyMinutes } = clock;
  return JSON.stringify([
    [startAt, durationMs, freezeMs, penaltyMinutes],
    named.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : Number(a > b))),
    problems.map(({ label }) => label),
  ]);
}
