import type { ContestFormat } from "../../protocol/contest-format.ts";
import type { BoardTeam, Cell } from "../../protocol/contest.ts";
import type { BoardColumn, Criterion, Totals } from "./format.ts";
import type { FormatProblem } from "./points.ts";
import { rulesOf } from "./registry.ts";

export interface FormatRow {
  /** Teams equal in everything that ranks share one, and the ranks after it are skipped: 1, 2, 2, 4. */
  rank: number;
  team: BoardTeam;
  totals: Totals;
  /** The team's cells by problem label. */
  cells: ReadonlyMap<string, Cell>;
}

/** Ranks teams by their format's rules. Equal ones stand by name, for display, then by id. */
export function rankTeams(
  format: ContestFormat,
  teams: readonly BoardTeam[],
  cells: readonly Cell[],
): FormatRow[] {
  const { totals, order } = rulesOf(format);
  const byTeam = new Map<string, Map<string, Cell>>();
  for (const cell of cells) {
    const ofTeam = byTeam.get(cell.team) ?? new Map<string, Cell>();
    byTeam.set(cell.team, ofTeam.set(cell.label, cell));
  }
  const rows = teams.map((team): FormatRow => {
    const own: ReadonlyMap<string, Cell> = byTeam.get(team.id) ?? new Map();
    return { rank: 0, team, totals: totals([...own.values()]), cells: own };
  });
  rows.sort(
    (a, b) =>
      compareTotals(order, a.totals, b.totals) ||
      compareText(a.team.name, b.team.name) ||
      compareText(a.team.id, b.team.id),
  );
  rows.forEach((row, index) => {
    const above = rows[index - 1];
    const shared = above !== undefined && compareTotals(order, above.totals, row.totals) === 0;
    row.rank = shared ? above.rank : index + 1;
  });
  return rows;
}

/** Negative when `a` stands above `b`, 0 when they share a rank. */
export function compareTotals(order: readonly Criterion[], a: Totals, b: Totals): number {
  for (const { by, better } of order) {
    const difference = better === "more" ? b[by] - a[by] : a[by] - b[by];
    if (difference !== 0) return difference;
  }
  return 0;
}

/** By code unit, so that every machine orders alike. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What a board of the contest shows, from left to right. */
export function columnsOf({
  format,
  problems,
}: {
  format: ContestFormat;
  problems: readonly FormatProblem[];
}): BoardColumn[] {
  return rulesOf(format).columns(problems);
}
