import type { ContestFormat, FormatCell } from "../../protocol/contest-format.ts";
import type { BoardTeam } from "../../protocol/contest.ts";
import type { View } from "../scoreboard.ts";
import { type AttemptLog, attemptsOf } from "./attempts.ts";
import type { BoardColumn, Criterion, FormatClock, Totals } from "./format.ts";
import { knownAttempts, knownUntil } from "./known.ts";
import type { FormatProblem } from "./points.ts";
import { rulesOf } from "./registry.ts";

/** A contest as a board needs it. */
export interface FormatContest {
  format: ContestFormat;
  clock: FormatClock;
  problems: readonly FormatProblem[];
}

/** Who looks, and whether the contest has ended. */
export interface Look {
  view: View;
  over: boolean;
}

/**
 * One team's standing on one problem; null where it has not tried it in the contest's time.
 *
 * @param problem - one of the contest's
 */
export function cellIn(
  { format, clock }: Pick<FormatContest, "format" | "clock">,
  problem: FormatProblem,
  log: AttemptLog,
  team: string,
  { view, over }: Look,
): FormatCell | null {
  const { label } = problem;
  const known = knownUntil(format, clock, view, over);
  const attempts = knownAttempts(attemptsOf(log, team, label), clock, known);
  if (attempts.length === 0) return null;
  return { team, label, ...rulesOf(format).cell(problem, attempts, clock) };
}

/** The cells of all who have tried something. */
export function cellsIn(contest: FormatContest, log: AttemptLog, look: Look): FormatCell[] {
  return [...log.byCell.keys()].flatMap((team) =>
    contest.problems.flatMap((problem) => cellIn(contest, problem, log, team, look) ?? []),
  );
}

export interface FormatRow {
  /** Teams equal in everything that ranks share one, and the ranks after it are skipped: 1, 2, 2, 4. */
  rank: number;
  team: BoardTeam;
  totals: Totals;
  /** The team's cells by problem label. */
  cells: ReadonlyMap<string, FormatCell>;
}

/** Ranks teams by their format's rules. Equal ones stand by name, for display, then by id. */
export function rankTeams(
  format: ContestFormat,
  teams: readonly BoardTeam[],
  cells: readonly FormatCell[],
): FormatRow[] {
  const { totals, order } = rulesOf(format);
  const byTeam = new Map<string, Map<string, FormatCell>>();
  for (const cell of cells) {
    const ofTeam = byTeam.get(cell.team) ?? new Map<string, FormatCell>();
    byTeam.set(cell.team, ofTeam.set(cell.label, cell));
  }
  const rows = teams.map((team): FormatRow => {
    const own: ReadonlyMap<string, FormatCell> = byTeam.get(team.id) ?? new Map();
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
export function columnsOf({ format, problems }: Pick<FormatContest, "format" | "problems">): BoardColumn[] {
  return rulesOf(format).columns(problems);
}
