import {
  type Board,
  type BoardProblem,
  type BoardTeam,
  type Cell,
  type ContestClock,
  type ContestEvent,
  MINUTE_MS,
} from "../protocol/contest.ts";
import { penalised, type Verdict } from "../protocol/verdict.ts";
import { freezeTime } from "./contest-clock.ts";

/**
 * Who looks. `jury` is the whole truth; to `public` a submission received in the freeze stays pending, whatever became
 * of it. After a thaw everybody is shown what the jury sees.
 */
export type View = "public" | "jury";

interface Attempt {
  submission: string;
  team: string;
  label: string;
  /** Contest time in ms. */
  at: number;
}

/** A contest's log, folded. Private to this file: change it by `fold` only, read it by `cellOf` and `boardOf`. */
export interface Standings {
  clock: ContestClock;
  problems: readonly BoardProblem[];
  readonly teams: Map<string, BoardTeam>;
  readonly attempts: Map<string, Attempt>;
  /** The attempts of each team on each problem, by contest time; ties in the order of the log. */
  readonly byCell: Map<string, Map<string, Attempt[]>>;
  readonly judgements: Map<string, { round: number; verdict: Verdict }>;
}

/** Standings before the log's first event, which sets the clock. */
export function emptyStandings(): Standings {
  return {
    clock: { startAt: 0, durationMs: 0, freezeMs: 0, penaltyMinutes: 0 },
    problems: [],
    teams: new Map(),
    attempts: new Map(),
    byCell: new Map(),
    judgements: new Map(),
  };
}

/**
 * Takes one event of the log into the standings, in place. An event that comes twice changes nothing the second time;
 * of a submission's judgements the one of the latest round counts.
 */
export function fold(standings: Standings, event: ContestEvent): void {
  switch (event.type) {
    case "contest":
      standings.clock = event.clock;
      standings.problems = event.problems;
      return;
    case "team":
      standings.teams.set(event.team, { id: event.team, name: event.name });
      return;
    case "submission":
      return addAttempt(standings, event);
    case "judgement": {
      const known = standings.judgements.get(event.submission);
      if (known !== undefined && known.round >= event.round) return;
      standings.judgements.set(event.submission, { round: event.round, verdict: event.verdict });
      return;
    }
    default:
      event satisfies never;
  }
}

function addAttempt(standings: Standings, { submission, team, label, at }: Attempt): void {
  if (standings.attempts.has(submission)) return;
  const attempt: Attempt = { submission, team, label, at };
  standings.attempts.set(submission, attempt);
  const ofTeam = standings.byCell.get(team) ?? new Map<string, Attempt[]>();
  standings.byCell.set(team, ofTeam);
  ofTeam.set(
    label,
    [...(ofTeam.get(label) ?? []), attempt].sort((a, b) => a.at - b.at),
  );
}

/**
 * One team's standing on one problem. Attempts after the accepted one, or after the contest's end, do not count;
 * neither does a compile error. `pending` are those before the accepted one that have no verdict to show.
 */
export function cellOf(standings: Standings, team: string, label: string, view: View): Cell {
  let rejected = 0;
  let pending = 0;
  for (const attempt of standings.byCell.get(team)?.get(label) ?? []) {
    if (attempt.at >= standings.clock.durationMs) break;
    const verdict = verdictOf(standings, attempt, view);
    if (verdict === null) pending++;
    else if (verdict === "AC") return { team, label, rejected, pending, solvedAt: attempt.at };
    else if (penalised.has(verdict)) rejected++;
  }
  return { team, label, rejected, pending, solvedAt: null };
}

function verdictOf(standings: Standings, attempt: Attempt, view: View): Verdict | null {
  if (view === "public" && attempt.at >= freezeTime(standings.clock)) return null;
  return standings.judgements.get(attempt.submission)?.verdict ?? null;
}

/** A change without its number, which whoever sends it gives. */
export type UnnumberedChange = { type: "cell"; cell: Cell } | { type: "team"; team: BoardTeam };

/**
 * What an event, already folded, changed for those who look. In the freeze a judgement changes nothing for the public,
 * so that neither the cells nor their count tell of it. After an event of the type `contest` everything may have
 * changed: send a whole board.
 */
export function changesOf(
  standings: Standings,
  event: ContestEvent,
  view: View = "public",
): UnnumberedChange[] {
  switch (event.type) {
    case "contest":
      return [];
    case "team":
      return [{ type: "team", team: { id: event.team, name: event.name } }];
    case "submission":
    case "judgement": {
      const attempt = standings.attempts.get(event.submission);
      if (attempt === undefined || attempt.at >= standings.clock.durationMs) return [];
      if (!standings.problems.some((problem) => problem.label === attempt.label)) return [];
      if (event.type === "judgement" && verdictOf(standings, attempt, view) === null) return [];
      const cell = cellOf(standings, attempt.team, attempt.label, view);
      const ignored = cell.solvedAt !== null && isAfterSolving(standings, attempt, view);
      return ignored ? [] : [{ type: "cell", cell }];
    }
    default:
      return event satisfies never;
  }
}

function isAfterSolving(standings: Standings, attempt: Attempt, view: View): boolean {
  const attempts = standings.byCell.get(attempt.team)?.get(attempt.label) ?? [];
  const solving = attempts.findIndex((one) => verdictOf(standings, one, view) === "AC");
  return solving >= 0 && attempts.indexOf(attempt) > solving;
}

/**
 * The whole scoreboard as its readers get it.
 *
 * @param seq - the number of the last change sent, put into the board as it is
 * @param now - ms since 1970; decides only whether the board is marked as frozen
 */
export function boardOf(standings: Standings, seq: number, now: number, view: View = "public"): Board {
  const { clock, problems, teams, byCell } = standings;
  const cells = [...byCell].flatMap(([team, ofTeam]) =>
    problems
      .filter(({ label }) => (ofTeam.get(label)?.[0]?.at ?? Infinity) < clock.durationMs)
      .map(({ label }) => cellOf(standings, team, label, view)),
  );
  return {
    seq,
    clock,
    frozen: view === "public" && now - clock.startAt >= freezeTime(clock),
    problems: [...problems],
    teams: [...teams.values()],
    cells,
  };
}

export interface RankedRow {
  /** Teams equal in everything share a rank, and the ranks after it are skipped: 1, 2, 2, 4. */
  rank: number;
  team: BoardTeam;
  solved: number;
  /** In minutes. */
  penalty: number;
  /** The contest minute of the last problem solved; 0 for a team without one. */
  lastSolved: number;
  /** The team's cells by problem label. */
  cells: ReadonlyMap<string, Cell>;
}

/**
 * Ranks teams by the ICPC's rules: problems solved, then penalty time, then the minute of the last problem solved.
 * Penalty is, for each problem solved, its contest minute (begun minutes are cut off) and `penaltyMinutes` for each
 * rejected attempt before. Equal teams stand by name, for display.
 */
export function rank({ clock, teams, cells }: Pick<Board, "clock" | "teams" | "cells">): RankedRow[] {
  const byTeam = new Map<string, Map<string, Cell>>();
  for (const cell of cells) {
    const ofTeam = byTeam.get(cell.team) ?? new Map<string, Cell>();
    byTeam.set(cell.team, ofTeam.set(cell.label, cell));
  }
  const rows = teams.map((team) => rowOf(team, byTeam.get(team.id) ?? new Map(), clock.penaltyMinutes));
  rows.sort(
    (a, b) =>
      compareResults(a, b) || compareText(a.team.name, b.team.name) || compareText(a.team.id, b.team.id),
  );
  rows.forEach((row, index) => {
    const above = rows[index - 1];
    row.rank = above !== undefined && compareResults(above, row) === 0 ? above.rank : index + 1;
  });
  return rows;
}

function rowOf(team: BoardTeam, cells: ReadonlyMap<string, Cell>, penaltyMinutes: number): RankedRow {
  const row: RankedRow = { rank: 0, team, solved: 0, penalty: 0, lastSolved: 0, cells };
  for (const cell of cells.values()) {
    if (cell.solvedAt === null) continue;
    const minute = Math.floor(cell.solvedAt / MINUTE_MS);
    row.solved++;
    row.penalty += minute + penaltyMinutes * cell.rejected;
    row.lastSolved = Math.max(row.lastSolved, minute);
  }
  return row;
}

/** Negative when `a` stands above `b`, 0 when they share a rank. */
function compareResults(a: RankedRow, b: RankedRow): number {
  return b.solved - a.solved || a.penalty - b.penalty || a.lastSolved - b.lastSolved;
}

/** By code unit, so that every machine orders alike. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/**
 * Which team solved each problem first, by label. Exact times decide, not minutes; at the same millisecond the
 * smaller team id. While an earlier attempt is pending this may still change.
 */
export function firstSolves(cells: readonly Cell[]): ReadonlyMap<string, string> {
  const first = new Map<string, { team: string; at: number }>();
  for (const { label, team, solvedAt: at } of cells) {
    if (at === null) continue;
    const known = first.get(label);
    if (known === undefined || at < known.at || (at === known.at && team < known.team))
      first.set(label, { team, at });
  }
  return new Map([...first].map(([label, { team }]) => [label, team]));
}
