import * as v from "valibot";

const Medals = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000, "at most 1000"));

interface MedalCounts {
  gold: number;
  silver: number;
  bronze: number;
  extraBronze: number;
}

/** How many places have a medal: the World Finals' 12+B. */
export function medalPlaces({ gold, silver, bronze, extraBronze }: MedalCounts): number {
  return gold + silver + bronze + extraBronze;
}

/** Which awards a contest gives besides those that every contest does (winner, winners of groups, first to solve). */
export const AwardRules = v.pipe(
  v.strictObject({
    gold: Medals,
    silver: Medals,
    bronze: Medals,
    /** The World Finals' B: bronze medals more than planned, decided when the contest is finalised. */
    extraBronze: Medals,
    /** The most medals that teams of one group get; null for any number. */
    medalsPerGroup: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1, "at least one"))),
    /** Ranks and honours below the medals, by the World Finals' median rule. */
    medianRule: v.boolean(),
  }),
  v.forward(
    v.check(
      (rules) => !rules.medianRule || medalPlaces(rules) > 0,
      "honours are counted from the last medal: there must be one",
    ),
    ["medianRule"],
  ),
);
export type AwardRules = v.InferOutput<typeof AwardRules>;

export const standardAwards: AwardRules = {
  gold: 4,
  silver: 4,
  bronze: 4,
  extraBronze: 0,
  medalsPerGroup: null,
  medianRule: false,
};

/** What an award is for, to be said in the reader's language. */
export const Citation = v.variant("key", [
  v.object({ key: v.literal("winner") }),
  v.object({ key: v.literal("goldMedal") }),
  v.object({ key: v.literal("silverMedal") }),
  v.object({ key: v.literal("bronzeMedal") }),
  v.object({ key: v.literal("firstToSolve"), label: v.string() }),
  v.object({ key: v.literal("groupWinner"), group: v.string() }),
  v.object({ key: v.literal("highestHonors") }),
  v.object({ key: v.literal("highHonors") }),
  v.object({ key: v.literal("honors") }),
  v.object({ key: v.literal("honorableMention") }),
  v.object({ key: v.literal("rank"), rank: v.number() }),
]);
export type Citation = v.InferOutput<typeof Citation>;

/** An award without who gets it. The ids are those of the CLICS Contest API ("Known awards"). */
export const AwardName = v.object({ id: v.string(), citation: Citation });
export type AwardName = v.InferOutput<typeof AwardName>;

export const Award = v.object({
  ...AwardName.entries,
  /** The ids of the teams that get it, at least one, best first. */
  teams: v.array(v.string()),
});
export type Award = v.InferOutput<typeof Award>;

/** GET /api/contests/:slug/awards: by the board that the public sees; with `?view=jury` by the jury's. */
export const AwardsView = v.object({
  rules: AwardRules,
  awards: v.array(Award),
  /** They may still be others: the contest goes on, or results are open or hidden. */
  provisional: v.boolean(),
});
export type AwardsView = v.InferOutput<typeof AwardsView>;
