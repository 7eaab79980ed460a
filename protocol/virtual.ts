import * as v from "valibot";
import { ContestFormat, JudgedResult } from "./contest-format.ts";
import { VirtualRun } from "./contest-times.ts";
import { BoardGroup, BoardProblem, BoardTeam } from "./contest.ts";
import { Instant, Milliseconds } from "./text.ts";

/** A submission as it is shown again: contest time of its team, or time of one's own in a virtual run. */
export const ReplayedSubmission = v.object({
  label: v.string(),
  at: Milliseconds,
  /** In the order in which they came, on the same clock; at the end, what came after it. The last one counts. */
  judgements: v.array(v.object({ at: Milliseconds, ...JudgedResult.entries })),
});
export type ReplayedSubmission = v.InferOutput<typeof ReplayedSubmission>;

/**
 * GET /api/contests/:slug/recording: a contest that is over, as the public may know it. Its last rules and problems hold
 * from the beginning. While its board is not thawed, what came in the freeze has no judgements here.
 */
export const Recording = v.object({
  /** How long it is on the clock of whoever watches it or runs beside it: the duration, or a window. */
  lengthMs: Milliseconds,
  /** The contest's, by which a format reckons. */
  durationMs: Milliseconds,
  format: ContestFormat,
  problems: v.array(BoardProblem),
  groups: v.array(BoardGroup),
  teams: v.array(BoardTeam),
  /** Whether results are kept back until the thaw. */
  boardFrozen: v.boolean(),
  /** In the order of the log; `team` is a place in `teams`. */
  submissions: v.array(v.object({ team: v.number(), ...ReplayedSubmission.entries })),
});
export type Recording = v.InferOutput<typeof Recording>;

export const OwnRun = v.object({
  id: v.string(),
  ...VirtualRun.entries,
  /** By its clock, or when it was ended before that; may be still to come. */
  endAt: Instant,
});
export type OwnRun = v.InferOutput<typeof OwnRun>;

export const OwnSubmission = v.object({ id: v.string(), ...ReplayedSubmission.entries });
export type OwnSubmission = v.InferOutput<typeof OwnSubmission>;

/** GET /api/contests/:slug/virtual, POST to begin a run, DELETE to end it: the reader's last run through this contest. */
export const VirtualView = v.object({
  run: v.nullable(OwnRun),
  /** Those of the run, in their order. */
  submissions: v.array(OwnSubmission),
  now: Instant,
});
export type VirtualView = v.InferOutput<typeof VirtualView>;
