import type { AwardName, AwardRules } from "../protocol/award.ts";
import type { Board, Cell } from "../protocol/contest.ts";
import type { ResolverStep } from "../protocol/resolver.ts";
import { gathered, type Given } from "./awards-given.ts";
import { medalZone } from "./awards-zone.ts";
import { type FormatRow, rankTeams } from "./formats/board.ts";
import { certainAwards } from "./resolver-awards.ts";
import { cellIn, type Cells, cellsOf, isPending, whyNotResolvable } from "./resolver-boards.ts";
import { withCell } from "./resolver-state.ts";

type Unnumbered<Step> = Step extends unknown ? Omit<Step, "number"> : never;

/** A show in the making. The final results are looked up for the cell that is being told, and for nothing else. */
interface Show {
  readonly truth: Cells;
  readonly rules: AwardRules;
  readonly steps: ResolverStep[];
  /** What the viewers see, and its rows. */
  board: Board;
  rows: readonly FormatRow[];
  /** The first row of those whose places were told. */
  settled: number;
  /** The awards told, as `id team`. */
  readonly told: Set<string>;
}

/**
 * All steps of the show that resolves a frozen board: from the last row upwards, the team that stands in the row has
 * its pending problems told one by one, from the first problem to the last (as the ICPC Tools' Resolver and hex539's
 * do; what is pending on one problem is told together). A team that rises leaves the row to another, which is looked
 * at next. A row whose team has nothing pending is done.
 *
 * A place is told when it can change no more. That is later than the row is done where the team ties with one above
 * that may still rise: then the places wait until the tie is either left or kept, so that no rank, and no medal that
 * hangs on it, tells of results to come.
 *
 * The show waits for the presenter at awards, and at every step from the last place with a medal on.
 *
 * @param frozen - what the public sees at the end of the freeze
 * @param final - the results, with everything judged
 * @throws when the boards do not belong together (ask `whyNotResolvable` first)
 */
export function resolverSteps(frozen: Board, final: Board, rules: AwardRules): ResolverStep[] {
  const fault = whyNotResolvable(frozen, final);
  if (fault !== null) throw new Error(`These boards cannot be resolved: ${JSON.stringify(fault)}.`);
  const rows = rowsOf(frozen);
  const show: Show = {
    truth: cellsOf(final),
    rules,
    steps: [],
    board: frozen,
    rows,
    settled: rows.length,
    told: new Set(),
  };
  for (let row = rows.length - 1; row >= 0;) {
    if (resolveRow(show, row)) row--;
    settleBelow(show, row);
  }
  add(show, { type: "end", pause: true });
  return show.steps;
}

/** Tells what is pending of the team in a row. Returns whether the team stayed; otherwise another stands there now. */
function resolveRow(show: Show, row: number): boolean {
  const team = teamIn(show, row);
  const pause = isMedalRow(show, row);
  add(show, { type: "look", row, team, pause });
  for (;;) {
    const next = nextPending(show, row);
    if (next === null) return true;
    add(show, { type: "problem", team, label: next, pause });
    tell(show, row, next, pause);
    if (teamIn(show, row) !== team) return false;
  }
}

function nextPending({ board, rows }: Show, row: number): string | null {
  const cells = rows[row]?.cells;
  const next = board.problems.find(({ label }) => isPendingCell(cells?.get(label)));
  return next?.label ?? null;
}

function isPendingCell(cell: Cell | undefined): boolean {
  return cell !== undefined && isPending(cell);
}

function tell(show: Show, row: number, label: string, pause: boolean): void {
  const before = show.rows;
  const team = teamIn(show, row);
  const cell = cellIn(show.truth, team, label);
  show.board = withCell(show.board, cell);
  show.rows = rowsOf(show.board);
  add(show, { type: "verdict", cell, pause });
  if (!sameStanding(before, show.rows)) {
    const to = show.rows.findIndex((other) => other.team.id === team);
    add(show, { type: "move", team, from: row, to, rank: show.rows[to]?.rank ?? 0, pause });
  }
}

/**
 * Tells the places of the rows below `row`, which are done, unless they tie with a team that may still rise; and before
 * that the awards that have become certain for teams placed earlier.
 */
function settleBelow(show: Show, row: number): void {
  const first = show.rows[row + 1];
  if (first === undefined || show.rows[row]?.rank === first.rank) return;
  const given = untold(show, row + 1);
  const placedBefore = new Set(show.rows.slice(show.settled).map(({ team }) => team.id));
  const late = given.filter(({ team }) => placedBefore.has(team));
  giveLate(show, late);
  for (let at = show.settled - 1; at > row; at--) place(show, at, given);
  show.settled = row + 1;
}

function place(show: Show, row: number, given: readonly Given[]): void {
  const team = teamIn(show, row);
  const awards = given
    .filter((one) => one.team === team)
    .map(({ id, citation }): AwardName => ({ id, citation }));
  for (const { id } of awards) show.told.add(`${id} ${team}`);
  const pause = awards.length > 0 || isMedalRow(show, row);
  add(show, { type: "place", team, row, rank: show.rows[row]?.rank ?? 0, awards, pause });
}

/** Tells awards of teams whose places were told while the awards were still open. */
function giveLate(show: Show, given: readonly Given[]): void {
  for (const award of gathered(given)) {
    for (const team of award.teams) show.told.add(`${award.id} ${team}`);
    add(show, { type: "award", award, pause: true });
  }
}

function untold({ board, rows, rules, told }: Show, settled: number): Given[] {
  return certainAwards(board, rows, settled, rules).filter(({ id, team }) => !told.has(`${id} ${team}`));
}

/** Whether a row has a place that goes with a medal. */
function isMedalRow({ rows, rules }: Show, row: number): boolean {
  return medalZone(rows, rules)[row]?.inside === true;
}

const rowsOf = ({ format, teams, cells }: Board): FormatRow[] => rankTeams(format, teams, cells);

function teamIn({ rows }: Show, row: number): string {
  return rows[row]?.team.id ?? "";
}

function sameStanding(before: readonly FormatRow[], after: readonly FormatRow[]): boolean {
  return after.every(
    (row, index) => row.team.id === before[index]?.team.id && row.rank === before[index]?.rank,
  );
}

function add(show: Show, step: Unnumbered<ResolverStep>): void {
  show.steps.push({ ...step, number: show.steps.length + 1 });
}
