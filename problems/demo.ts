import type { ContestForm } from "../protocol/contest.ts";

/**
 * What a fresh installation is filled with: the packages beside this file, most of them in a contest that starts at
 * once. The names are folders of `problems/`; the order is from the first program ever to problems that need an idea.
 */
export const demoContest = {
  slug: "warm-up",
  name: "Tabarena Warm-up",
  // Whoever tries the demo may come back another day and should find it running.
  durationMinutes: 7 * 24 * 60,
  freezeMinutes: 60,
  windowMinutes: null,
  format: { type: "icpc", penaltyMinutes: 20 },
  languages: null,
  problems: ["cheesebread", "closingtime", "ponds", "ridge", "catwalk", "twobuses"],
  limits: {},
} satisfies Omit<ContestForm, "startAt">;

/** Published for practice, but not in the contest: a scored problem does not count by penalty minutes. */
export const practiceOnly = ["bracelet"];
