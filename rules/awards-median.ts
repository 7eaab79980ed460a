import type { AwardRules } from "../protocol/award.ts";
import type { Given } from "./awards-given.ts";
import { type MedalZone, medalZone } from "./awards-zone.ts";
import type { FormatRow } from "./formats/board.ts";

/**
 * Ranks and honours of the teams without a medal (World Finals CCS Requirements, "Scoring Data Generation", 7 and 8).
 *
 * - Who solved fewer problems than the median team, or none, is not ranked: an honorable mention.
 * - The others, below the medals, rank by problems solved alone.
 * - Honours compare with the last team of a medal's place ("the team ranked 12+B"): as many problems or more, one less,
 *   fewer.
 *
 * Of an even number of teams, the median is the lower one of the two in the middle, as DOMjudge has it. The text does
 * not except medallists from honours; DOMjudge and the ICPC Tools do, and so do we.
 *
 * @param rows - best first, as `rankTeams` gives them
 */
export function medianAwards(rows: readonly FormatRow[], rules: AwardRules): Given[] {
  if (!rules.medianRule) return [];
  const zones = medalZone(rows, rules);
  const median = rows[medianRow(rows.length)]?.totals.solved ?? 0;
  const last = zones.findLast((zone) => zone.inside)?.row.totals.solved ?? 0;
  const others = zones.filter((zone) => !zone.medal);
  const isRanked = ({ inside, row }: MedalZone) =>
    row.totals.solved > 0 && (inside || row.totals.solved >= median);
  const ranked = others.filter(isRanked);
  return [
    ...ranked.map(({ row }) => honours(row, last)),
    ...others.filter((zone) => !isRanked(zone)).map(mention),
    ...awardedRanks(ranked, zones),
  ];
}

/** The row, from 0, of the team that the median rule goes by. */
export function medianRow(teams: number): number {
  return Math.floor(teams / 2);
}

function honours({ team, totals: { solved } }: FormatRow, last: number): Given {
  if (solved >= last) return { id: "highest-honors", citation: { key: "highestHonors" }, team: team.id };
  if (solved === last - 1) return { id: "high-honors", citation: { key: "highHonors" }, team: team.id };
  return { id: "honors", citation: { key: "honors" }, team: team.id };
}

function mention({ row }: MedalZone): Given {
  return { id: "honorable-mention", citation: { key: "honorableMention" }, team: row.team.id };
}

/** In a medal's place, the rank on the board; below, one more than all who are in one or solved more problems. */
function awardedRanks(ranked: readonly MedalZone[], zones: readonly MedalZone[]): Given[] {
  const bySolved = new Map<number, number>();
  return ranked.map(({ row, inside }): Given => {
    const { solved } = row.totals;
    const below =
      bySolved.get(solved) ??
      1 + zones.filter((other) => other.inside || other.row.totals.solved > solved).length;
    bySolved.set(solved, below);
    const place = inside ? row.rank : below;
    return { id: `rank-${place}`, citation: { key: "rank", rank: place }, team: row.team.id };
  });
}
