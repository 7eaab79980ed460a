import { type AwardRules, medalPlaces } from "../protocol/award.ts";
import type { FormatRow } from "./formats/board.ts";

/** Where a row stands towards the medals. */
export interface MedalZone {
  row: FormatRow;
  /** Its place in the count of medals, from 1; teams that tie share it. */
  place: number;
  /** Whether that place is one of a medal: in the World Finals, 1 to 12+B. */
  inside: boolean;
  /** Whether the team gets the medal: its group has not had its most, and it has points. */
  medal: boolean;
}

/**
 * Counts the places that medals go by. Without a maximum for groups a team's place is its rank. With one, a team whose
 * group has had its medals is passed over and takes no place. Teams of one group that tie for its last medal all get
 * it, and take one place: so a team's place follows from which teams stand above it, whatever their order.
 *
 * @param rows - best first, as `rankTeams` gives them
 */
export function medalZone(rows: readonly FormatRow[], rules: AwardRules): MedalZone[] {
  const places = medalPlaces(rules);
  const most = rules.medalsPerGroup ?? Infinity;
  const above = new Map<string, number>();
  let taken = 0;
  let counted = 0;
  return rows.map((row, index) => {
    // Those of a better rank count as above; those that tie with this row do not.
    for (; counted < index && (rows[counted]?.rank ?? row.rank) < row.rank; counted++) {
      const group = rows[counted]?.team.group ?? null;
      const before = group === null ? 0 : (above.get(group) ?? 0);
      if (before < most) taken++;
      if (group !== null) above.set(group, before + 1);
    }
    const { group } = row.team;
    const inside = taken < places;
    const passedOver = group !== null && (above.get(group) ?? 0) >= most;
    return { row, place: taken + 1, inside, medal: inside && !passedOver && row.totals.points > 0 };
  });
}
