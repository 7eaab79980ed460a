import type { Board, BoardGroup, BoardTeam, Cell } from "../protocol/contest.ts";
import { firstSolves } from "../rules/contest-board.ts";
import { rankTeams, type FormatRow } from "../rules/formats/board.ts";

/** A row of the scoreboard as it is drawn. */
export interface Standing extends FormatRow {
  /** The rank among the teams of the chosen groups; null where no group is chosen. */
  rankWithin: number | null;
  /** The labels of the problems that this team was the first of all to solve. */
  firsts: string;
}

/**
 * The ranked teams of some groups. Ranks and first solutions are those of the whole board: to look at fewer teams does
 * not make any of them better.
 *
 * @param groups - ids; none for all teams
 */
export function standingsOf(
  { format, teams, cells }: Pick<Board, "format" | "teams" | "cells">,
  groups: readonly string[],
): Standing[] {
  const firsts = firstsByTeam(cells);
  const all = rankTeams(format, teams, cells);
  const within = groups.length === 0 ? null : rankTeams(format, teamsOf(teams, groups), cells);
  const rankWithin = new Map(within?.map(({ team, rank }) => [team.id, rank]));
  return all
    .filter(({ team }) => within === null || rankWithin.has(team.id))
    .map((row) => ({
      ...row,
      rankWithin: rankWithin.get(row.team.id) ?? null,
      firsts: firsts.get(row.team.id) ?? "",
    }));
}

function firstsByTeam(cells: readonly Cell[]): ReadonlyMap<string, string> {
  const firsts = new Map<string, string>();
  for (const [label, team] of firstSolves(cells)) firsts.set(team, (firsts.get(team) ?? "") + label);
  return firsts;
}

const teamsOf = (teams: readonly BoardTeam[], groups: readonly string[]): BoardTeam[] =>
  teams.filter(({ group }) => group !== null && groups.includes(group));

/**
 * The new rows, and for each that says what it said before the same object again, so that only what changed is drawn.
 */
export function keepSame(before: readonly Standing[], after: readonly Standing[]): Standing[] {
  const known = new Map(before.map((row) => [row.team.id, row]));
  return after.map((row) => {
    const old = known.get(row.team.id);
    return old !== undefined && isSame(old, row) ? old : row;
  });
}

function isSame(a: Standing, b: Standing): boolean {
  return (
    a.team === b.team &&
    a.rank === b.rank &&
    a.rankWithin === b.rankWithin &&
    a.firsts === b.firsts &&
    a.cells.size === b.cells.size &&
    [...b.cells].every(([label, cell]) => a.cells.get(label) === cell)
  );
}

/** Whether a team is meant by what somebody typed: a part of its name or organisation, in any case and without accents. */
export function isMeant({ name, organisation }: BoardTeam, typed: string): boolean {
  return plain(`${name}\n${organisation ?? ""}`).includes(plain(typed.trim()));
}

const plain = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** The teams of one group by organisation; either is null where teams have none. */
export interface LobbyGroup {
  group: BoardGroup | null;
  organisations: { organisation: string | null; teams: BoardTeam[] }[];
}

/** Who takes part: groups in the contest's order, organisations and teams by name, those without at the end. */
export function lobbyOf({ groups, teams }: Pick<Board, "groups" | "teams">): LobbyGroup[] {
  const known = new Map(groups.map((group) => [group.id, group]));
  const groupOf = ({ group }: BoardTeam): BoardGroup | null => known.get(group ?? "") ?? null;
  return [...groups, null].flatMap((group) => {
    const own = teams.filter((team) => groupOf(team) === group).toSorted(byName((team) => team.name));
    const named = Map.groupBy(own, (team) => team.organisation);
    const organisations = [...named].map(([organisation, its]) => ({ organisation, teams: its }));
    const ordered = organisations.toSorted(byName((one) => one.organisation));
    return own.length === 0 ? [] : [{ group, organisations: ordered }];
  });
}

const byName =
  <T>(nameOf: (one: T) => string | null) =>
  (a: T, b: T): number => {
    const [left, right] = [nameOf(a), nameOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return left.localeCompare(right);
  };
