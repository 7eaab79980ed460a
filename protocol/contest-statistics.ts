import * as v from "valibot";
import { LanguageId } from "./language.ts";
import { Count, Instant, Milliseconds, Slug } from "./text.ts";
import { Verdict } from "./verdict.ts";

/** Submissions by what became of them. They add up: each is counted once. */
export const VerdictCounts = v.object({
  ...v.entriesFromList(Verdict.options, Count),
  /** Without a verdict that the reader may know. */
  pending: Count,
});
export type VerdictCounts = v.InferOutput<typeof VerdictCounts>;

/** Submissions of one stretch of the contest. */
export const TimeBin = v.object({
  /** Contest time at which it begins. */
  from: Milliseconds,
  accepted: Count,
  /** Every other verdict, compile errors included. */
  rejected: Count,
  pending: Count,
});
export type TimeBin = v.InferOutput<typeof TimeBin>;

/** Values that were seen, by the nearest rank; null where there are none. */
export const Quartiles = v.object({
  least: v.number(),
  lower: v.number(),
  median: v.number(),
  upper: v.number(),
  most: v.number(),
});
export type Quartiles = v.InferOutput<typeof Quartiles>;

export const ProblemStatistics = v.object({
  label: v.string(),
  submissions: Count,
  verdicts: VerdictCounts,
  /** Teams that sent something, and teams that solved it. */
  triedBy: Count,
  solvedBy: Count,
  /** The share of judged submissions that were accepted, 0 to 1; null when none is judged. */
  acceptance: v.nullable(v.number()),
  /** An earlier submission that is pending may still take its place. */
  firstSolve: v.nullable(v.object({ team: v.string(), name: v.string(), at: Milliseconds })),
  /** Contest times at which teams solved it. */
  solveTimes: v.nullable(Quartiles),
  /** Submissions that a solving team needed, the accepted one included, compile errors and what came later not. */
  tries: v.nullable(Quartiles),
  /** How many teams solved it with one, two, … tries; the last entry is of the most tries that a team needed. */
  teamsByTries: v.array(Count),
});
export type ProblemStatistics = v.InferOutput<typeof ProblemStatistics>;

export const LanguageStatistics = v.object({
  language: LanguageId,
  submissions: Count,
  accepted: Count,
  pending: Count,
  teams: Count,
});
export type LanguageStatistics = v.InferOutput<typeof LanguageStatistics>;

/** What a contest's charts show, and their tables. */
export const ContestStatistics = v.object({
  /** Whether verdicts are left out because of the freeze. */
  frozen: v.boolean(),
  submissions: Count,
  verdicts: VerdictCounts,
  acceptance: v.nullable(v.number()),
  /** Teams that sent something, and those that solved at least one problem. */
  teamsTrying: Count,
  teamsSolving: Count,
  /** How many teams solved no problem, one, two, …, of those that sent something. */
  teamsBySolved: v.array(Count),
  binMs: Milliseconds,
  /** The whole contest, from its start to its end. */
  bins: v.array(TimeBin),
  problems: v.array(ProblemStatistics),
  /** The most used first. */
  languages: v.array(LanguageStatistics),
});
export type ContestStatistics = v.InferOutput<typeof ContestStatistics>;

// --- A student's progress ---

export const ProgressOf = v.object({
  /** Problems that there are, that were tried (solved ones included) and that were solved. */
  problems: Count,
  tried: Count,
  solved: Count,
});
export type ProgressOf = v.InferOutput<typeof ProgressOf>;

/** A day with submissions, in the reader's time zone. */
export const ActiveDay = v.object({
  day: v.pipe(v.string(), v.isoDate()),
  submissions: Count,
  /** Problems solved for the first time on it. */
  solved: Count,
});
export type ActiveDay = v.InferOutput<typeof ActiveDay>;

/** What somebody has done so far. */
export const StudentProgress = v.object({
  submissions: Count,
  verdicts: VerdictCounts,
  overall: ProgressOf,
  /** From the easiest; problems without a difficulty last. */
  byDifficulty: v.array(v.object({ difficulty: v.nullable(v.number()), ...ProgressOf.entries })),
  /** In the order of the alphabet. A problem counts under each of its keywords. */
  byKeyword: v.array(v.object({ keyword: v.string(), ...ProgressOf.entries })),
  /** In the order of the first submission to each. */
  contests: v.array(
    v.object({ contest: Slug, from: Instant, submissions: Count, tried: Count, solved: Count }),
  ),
  languages: v.array(v.object({ language: LanguageId, submissions: Count, accepted: Count })),
  /** In the order of time. */
  days: v.array(ActiveDay),
  /**
   * Days in a row on which a submission was accepted. The present row goes on until a whole day has passed without: it
   * may end today or yesterday.
   */
  streak: v.object({ present: Count, longest: Count }),
});
export type StudentProgress = v.InferOutput<typeof StudentProgress>;

/** GET /api/progress?offset=480: the reader's own, by their clock, which is so many minutes ahead of UTC. */
export const OwnProgress = v.object({
  ...StudentProgress.entries,
  /** The name of each contest, by its slug. */
  names: v.record(v.string(), v.string()),
});
export type OwnProgress = v.InferOutput<typeof OwnProgress>;

// --- A class's progress, for the jury of its contest ---

export const ProblemProgress = v.object({
  label: v.string(),
  /** `waiting`: something is not judged that could still change it. */
  state: v.picklist(["untried", "waiting", "tried", "partial", "solved"]),
  /** Judged attempts that count. */
  tries: Count,
  points: v.number(),
});
export type ProblemProgress = v.InferOutput<typeof ProblemProgress>;

/** GET /api/contests/:slug/progress; with `?as=csv` as a table for spreadsheets. */
export const ContestProgress = v.object({
  problems: v.array(v.string()),
  /** By name. */
  teams: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      /** The name of its group. */
      group: v.nullable(v.string()),
      organisation: v.nullable(v.string()),
      solved: Count,
      points: v.number(),
      submissions: Count,
      /** When the last of them was received; null without one. */
      lastAt: v.nullable(Instant),
      /** One for each problem, in their order. */
      cells: v.array(ProblemProgress),
    }),
  ),
});
export type ContestProgress = v.InferOutput<typeof ContestProgress>;
