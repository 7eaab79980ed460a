import type { Award, AwardRules } from "../protocol/award.ts";
import type { ContestFormat } from "../protocol/contest-format.ts";
import type { Board } from "../protocol/contest.ts";
import { gathered, type Given } from "./awards-given.ts";
import { medianAwards } from "./awards-median.ts";
import { medalZone } from "./awards-zone.ts";
import { firstSolves } from "./contest-board.ts";
import { type FormatRow, rankTeams } from "./formats/board.ts";

/**
 * Every award of a contest as its board stands (CLICS Contest API, "Known awards"), those without a team left out.
 * While the contest runs they say who would get them now, but for the first to solve, which never changes once told.
 *
 * @param earliestPending - by problem label, the contest time in ms of the earliest attempt without a verdict on the
 *   board; labels without one are left out
 * @returns winner, medals, groups by id, problems in order, honours, ranks
 */
export function awardsOf(
  board: Board,
  rules: AwardRules,
  earliestPending: ReadonlyMap<string, number>,
): Award[] {
  const rows = rankTeams(board.format, board.teams, board.cells);
  const inFormat = rulesIn(board.format, rules);
  return gathered([
    ...placeAwards(rows, inFormat),
    ...firstToSolve(board, earliestPending),
    ...medianAwards(rows, inFormat),
  ]);
}

/** What is left of the rules in a format: honours compare problems solved, which rank in `icpc` alone. */
export function rulesIn(format: ContestFormat, rules: AwardRules): AwardRules {
  return format.type === "icpc" ? rules : { ...rules, medianRule: false };
}

/** Awards for the place on the board: the winner, medals, and the first of each group. Who has no points gets none. */
export function placeAwards(rows: readonly FormatRow[], rules: AwardRules): Given[] {
  const scored = rows.filter((row) => row.totals.points > 0);
  const winners = scored
    .filter((row) => row.rank === 1)
    .map((row): Given => ({ id: "winner", citation: { key: "winner" }, team: row.team.id }));
  return [...winners, ...medals(scored, rules), ...groupWinners(scored)];
}

/**
 * Medals by place (World Finals CCS Requirements, "Scoring Data Generation", 8): gold, then silver, then bronze up to
 * the place 12+B. Teams that tie have the same place, so that all of them get the medal or none, and the places after
 * it are left empty.
 */
function medals(scored: readonly FormatRow[], rules: AwardRules): Given[] {
  const { gold, silver } = rules;
  return medalZone(scored, rules)
    .filter((zone) => zone.medal)
    .map(({ row, place }): Given => {
      const team = row.team.id;
      if (place <= gold) return { id: "gold-medal", citation: { key: "goldMedal" }, team };
      if (place <= gold + silver) return { id: "silver-medal", citation: { key: "silverMedal" }, team };
      return { id: "bronze-medal", citation: { key: "bronzeMedal" }, team };
    });
}

function groupWinners(scored: readonly FormatRow[]): Given[] {
  const best = new Map<string, number>();
  const winners: { group: string; team: string }[] = [];
  for (const { rank: place, team } of scored) {
    const { group } = team;
    if (group === null || (best.get(group) ?? place) < place) continue;
    best.set(group, place);
    winners.push({ group, team: team.id });
  }
  return winners
    .toSorted((a, b) => (a.group < b.group ? -1 : Number(a.group > b.group)))
    .map(({ group, team }) => ({
      id: `group-winner-${group}`,
      citation: { key: "groupWinner", group },
      team,
    }));
}

/**
 * Who was the first to solve each problem, by exact times as on the board. Nobody is while an attempt that is not
 * later has no verdict, since the award "must never change once set" (CLICS Contest API, "Known awards").
 */
export function firstToSolve(
  { problems, cells }: Pick<Board, "problems" | "cells">,
  earliestPending: ReadonlyMap<string, number>,
): Given[] {
  const first = firstSolves(cells);
  const solves = new Map(
    cells.filter(({ team, label }) => first.get(label) === team).map((cell) => [cell.label, cell]),
  );
  return problems.flatMap(({ label }): Given[] => {
    const { team, solvedAt } = solves.get(label) ?? { team: "", solvedAt: null };
    if (solvedAt === null || (earliestPending.get(label) ?? Infinity) <= solvedAt) return [];
    return [{ id: `first-to-solve-${label}`, citation: { key: "firstToSolve", label }, team }];
  });
}
