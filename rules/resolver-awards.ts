import type { AwardRules } from "../protocol/award.ts";
import { medalPlaces } from "../protocol/award.ts";
import type { Board } from "../protocol/contest.ts";
import type { Given } from "./awards-given.ts";
import { medianAwards, medianRow } from "./awards-median.ts";
import { firstToSolve, placeAwards, rulesIn } from "./awards.ts";
import type { FormatRow } from "./formats/board.ts";
import { earliestInFreeze, isPending } from "./resolver-boards.ts";

/**
 * The awards that nothing still pending can change, of the teams in the settled rows. They are computed from what the
 * viewers see and from nothing else.
 *
 * - For the place: who stands above a settled row is known, though not in which order, and more is not needed.
 * - First to solve: once no attempt is pending on the problem that could be earlier. Pending attempts are of the freeze.
 * - By the median rule: once the median row and the last place of a medal are settled, so that the number of problems
 *   that ranks and honours are compared with is known. So honours are told before the last medals, as the ICPC does.
 *
 * @param board - what the viewers see
 * @param rows - the same, ranked
 * @param settled - the first of the rows, from 0, in which nothing can change any more
 */
export function certainAwards(
  board: Board,
  rows: readonly FormatRow[],
  settled: number,
  contestRules: AwardRules,
): Given[] {
  const rules = rulesIn(board.format, contestRules);
  const teams = new Set(rows.slice(settled).map((row) => row.team.id));
  const medianKnown = settled <= Math.min(medianRow(rows.length), medalPlaces(rules) - 1);
  return [
    ...placeAwards(rows, rules),
    ...firstToSolve(board, pendingFrom(board)),
    ...(medianKnown ? medianAwards(rows, rules) : []),
  ].filter(({ team }) => teams.has(team));
}

function pendingFrom({ timed, cells }: Board): ReadonlyMap<string, number> {
  const freeze = earliestInFreeze(timed.times);
  return new Map(cells.filter(isPending).map(({ label }) => [label, freeze]));
}
