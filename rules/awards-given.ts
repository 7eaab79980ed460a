import type { Award, AwardName } from "../protocol/award.ts";

/** One team's award. */
export interface Given extends AwardName {
  team: string;
}

/** Puts together what teams get under one id, in the order of the first of each. */
export function gathered(given: readonly Given[]): Award[] {
  const awards = new Map<string, Award>();
  for (const { id, citation, team } of given) {
    const award = awards.get(id) ?? { id, citation, teams: [] };
    award.teams.push(team);
    awards.set(id, award);
  }
  return [...awards.values()];
}
