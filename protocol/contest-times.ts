import * as v from "valibot";
import { Instant, Milliseconds } from "./text.ts";

const DAY_MS = 24 * 60 * 60_000;

/** A moment that somebody typed in: bounded, so that what is reckoned from it is still a date. */
const TypedInstant = v.pipe(Instant, v.maxValue(Date.UTC(9999, 0), "later than the year 9998"));
const TypedLength = v.pipe(Milliseconds, v.maxValue(366 * DAY_MS, "longer than 366 days"));

/** A stretch of wall time: `from` belongs to it and `to` no more. */
export const Interval = v.object({ from: Instant, to: Instant });
export type Interval = v.InferOutput<typeof Interval>;

/** The times of a team that differ from everybody's. */
export const TeamTimes = v.object({
  /** What is added to the end of its time. */
  extraMs: Milliseconds,
  /** When it began its window; null while it has not, and where the contest has none. */
  beganAt: v.nullable(Instant),
});
export type TeamTimes = v.InferOutput<typeof TeamTimes>;

/**
 * When a contest is. Wall time is everybody's; contest time stands still where wall time is removed, so that a contest
 * lasts `durationMs` of contest time, whatever happens:
 *
 *                startAt     removed        removed           pausedAt
 *     wall time     |-----------|//////|-------|//|--------------|///////////  (until somebody resumes)
 *     contest time  0           1      1       2  2              3
 *
 * (CLICS, "Contest Control System", "Removing Time Intervals"; `removed_intervals` of the Contest API's state.)
 */
export const ContestTimes = v.object({
  /** Null while nobody has set it. */
  startAt: v.nullable(Instant),
  durationMs: Milliseconds,
  /** How long before the end the public scoreboard freezes, in contest time; 0 for never. */
  freezeMs: Milliseconds,
  /**
   * How long each team has, from when it begins itself, which it may while the contest runs; at the contest's end its
   * time ends too. Null where everybody begins with the contest.
   */
  windowMs: v.nullable(Milliseconds),
  /** In their order, past, and apart from each other, though they may touch. */
  removed: v.array(Interval),
  /** The beginning of an interval whose end nobody knows yet. */
  pausedAt: v.nullable(Instant),
  /** By team; one that is not here has no times of its own. */
  teams: v.record(v.string(), TeamTimes),
});
export type ContestTimes = v.InferOutput<typeof ContestTimes>;

/** The moment at which the edit arrives, which who sends it cannot know: to start, end or freeze at once. */
const Now = v.literal("now");

/** A change of a contest's times, by those who manage it; `begin` by the team itself. Lengths and moments are the new ones. */
export const TimesEdit = v.variant("type", [
  v.strictObject({ type: v.literal("start"), startAt: v.union([v.nullable(TypedInstant), Now]) }),
  v.strictObject({ type: v.literal("duration"), durationMs: v.union([TypedLength, Now]) }),
  v.strictObject({ type: v.literal("freeze"), freezeMs: v.union([TypedLength, Now]) }),
  v.strictObject({ type: v.literal("pause") }),
  v.strictObject({ type: v.literal("resume") }),
  v.strictObject({ type: v.literal("remove"), from: TypedInstant, to: TypedInstant }),
  /** Takes back the removal of exactly this interval. */
  v.strictObject({ type: v.literal("restore"), from: TypedInstant, to: TypedInstant }),
  v.strictObject({ type: v.literal("extra"), team: v.string(), extraMs: TypedLength }),
  v.strictObject({ type: v.literal("begin"), team: v.string() }),
]);
export type TimesEdit = v.InferOutput<typeof TimesEdit>;

/** Times, and what was decided by hand once they were over. */
export const TimedContest = v.object({
  times: ContestTimes,
  thawedAt: v.nullable(Instant),
  finalisedAt: v.nullable(Instant),
});
export type TimedContest = v.InferOutput<typeof TimedContest>;

/**
 * How far a contest has come. `frozen` is a part of running; a contest without a freeze is never frozen or thawed.
 *
 *     scheduled -> running -> frozen -> ended -> thawed -> finalised
 */
export const ContestState = v.picklist(["scheduled", "running", "frozen", "ended", "thawed", "finalised"]);
export type ContestState = v.InferOutput<typeof ContestState>;

export const ContestStatus = v.object({
  state: ContestState,
  /** Its clock has been stopped. */
  paused: v.boolean(),
  /** The public is not shown what came in the freeze. So it is until the thaw, also when the contest was finalised before. */
  boardFrozen: v.boolean(),
});
export type ContestStatus = v.InferOutput<typeof ContestStatus>;

/** When a submission came, by the contest's clock. */
export const SubmissionTime = v.object({
  /** Contest time of its team; null when it came before that team's time or after it, and so is out of the contest. */
  at: v.nullable(Milliseconds),
  /** It came in the freeze. */
  frozen: v.boolean(),
});
export type SubmissionTime = v.InferOutput<typeof SubmissionTime>;

/** A contest's times as somebody reads them at some moment. */
export const TimesSummary = v.object({
  status: ContestStatus,
  contestTimeMs: Milliseconds,
  /** In wall time; null for never, and where a pause or a start that is not set leaves it open. */
  freezeAt: v.nullable(Instant),
  /** Of the team that is done last; null as above. */
  endAt: v.nullable(Instant),
});
export type TimesSummary = v.InferOutput<typeof TimesSummary>;

/** What an edit would do, to be shown before it is applied. */
export const TimesPreview = v.object({
  before: TimesSummary,
  after: TimesSummary,
  /** The board freezes at once. None thaws by an edit: what the public has not seen stays hidden. */
  freezesNow: v.boolean(),
  /** A contest that was over goes on. */
  reopens: v.boolean(),
  /** The submissions whose time changes, and those that fall out of the contest or come into it. */
  submissions: v.array(v.object({ submission: v.string(), before: SubmissionTime, after: SubmissionTime })),
});
export type TimesPreview = v.InferOutput<typeof TimesPreview>;

/** What somebody does in a contest. To upsolve is to submit once it is over, to take part virtually is to do so by its clock. */
export const ContestAction = v.picklist([
  "submit",
  "see_problems",
  "register",
  "clarify",
  "upsolve",
  "take_part_virtually",
]);
export type ContestAction = v.InferOutput<typeof ContestAction>;

/** What keeps a contest from being final. */
export const OpenMatters = v.object({
  /** Submissions without a judgement. */
  pending: v.number(),
  /** Submissions whose judging failed (CLICS `JE`). */
  judgingErrors: v.number(),
  /** Clarification requests without an answer. */
  unanswered: v.number(),
});
export type OpenMatters = v.InferOutput<typeof OpenMatters>;

/** Somebody's own run through a contest that is over, from this moment on. */
export const VirtualRun = v.object({ beganAt: Instant });
export type VirtualRun = v.InferOutput<typeof VirtualRun>;
