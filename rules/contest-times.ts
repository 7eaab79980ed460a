import type { ContestTimes, SubmissionTime, TeamTimes } from "../protocol/contest-times.ts";

/** The times of a contest in which nothing special is set: no windows, nothing removed, nobody with times of their own. */
export function timesOf({
  startAt,
  durationMs,
  freezeMs,
}: Pick<ContestTimes, "startAt" | "durationMs" | "freezeMs">): ContestTimes {
  return { startAt, durationMs, freezeMs, windowMs: null, removed: [], pausedAt: null, teams: {} };
}

/**
 * The clock without its bounds: contest time that has passed since the start, negative before it and beyond the duration
 * after the end. It stands still in what is removed and in a pause. Null without a start.
 */
export function elapsed(times: ContestTimes, at: number): number | null {
  const { startAt, removed, pausedAt } = times;
  if (startAt === null) return null;
  const until = pausedAt === null ? at : Math.min(at, pausedAt);
  return removed.reduce(
    (passed, { from, to }) => passed - Math.max(0, Math.min(until, to) - from),
    until - startAt,
  );
}

/** The first moment at which so much of contest time has passed; null where a pause or the lack of a start leaves it open. */
export function momentOf(times: ContestTimes, passed: number): number | null {
  const { startAt, removed, pausedAt } = times;
  if (startAt === null) return null;
  let at = startAt + passed;
  for (const { from, to } of removed) if (from < at) at += to - from;
  return pausedAt !== null && at > pausedAt ? null : at;
}

/** A team's time, on the clock of `elapsed`. */
export interface Span {
  from: number;
  lengthMs: number;
}

export const noTeamTimes: TeamTimes = { extraMs: 0, beganAt: null };

export function teamTimes(times: ContestTimes, team: string): TeamTimes {
  return (Object.hasOwn(times.teams, team) ? times.teams[team] : undefined) ?? noTeamTimes;
}

/**
 * When a team has its time: from the start for the contest's duration; with windows, from when it began for its window,
 * but not past the contest's end. Extra time comes after either (so also in CMS, `compute_actual_phase`).
 *
 * @param team - null for everybody's time, which is the whole contest's
 * @returns null while the team has not begun its window
 */
export function spanOf(times: ContestTimes, team: string | null): Span | null {
  const { durationMs, windowMs } = times;
  if (team === null) return { from: 0, lengthMs: durationMs };
  const { extraMs, beganAt } = teamTimes(times, team);
  if (windowMs === null) return { from: 0, lengthMs: durationMs + extraMs };
  const from = beganAt === null ? null : elapsed(times, beganAt);
  return from === null ? null : { from, lengthMs: windowOf(times, from) + extraMs };
}

function windowOf({ durationMs, windowMs }: ContestTimes, from: number): number {
  return Math.min(windowMs ?? durationMs, Math.max(0, durationMs - from));
}

/** Contest time in ms: 0 before a team's time, the whole of it afterwards. Without a team, everybody's. */
export function contestTime(times: ContestTimes, now: number, team: string | null = null): number {
  const span = spanOf(times, team);
  const passed = elapsed(times, now);
  return span === null || passed === null ? 0 : Math.min(Math.max(0, passed - span.from), span.lengthMs);
}

/**
 * The first moment at which contest time has come to `time`: what `contestTime` gives for a moment leads back to that
 * moment, or, if time stood still, to when it began to.
 *
 * @returns ms since 1970-01-01 UTC; null where a pause, a missing start or a window not begun leaves it open
 */
export function wallTime(times: ContestTimes, time: number, team: string | null = null): number | null {
  const span = spanOf(times, team);
  return span === null ? null : momentOf(times, span.from + time);
}

/** When a team's time ends; without a team, everybody's. Null as in `wallTime`. */
export function endAt(times: ContestTimes, team: string | null = null): number | null {
  const span = spanOf(times, team);
  return span === null ? null : momentOf(times, span.from + span.lengthMs);
}

/** How much passes, on the clock of `elapsed`, until the last team is done: the duration, and the extra time that goes beyond it. */
export function wholeLength(times: ContestTimes): number {
  const ends = Object.keys(times.teams).map((team) => {
    const span = spanOf(times, team);
    return span === null ? 0 : span.from + span.lengthMs;
  });
  return ends.reduce((last, end) => Math.max(last, end), times.durationMs);
}

/** When the last team's time ends, and so the contest. */
export function lastEndAt(times: ContestTimes): number | null {
  return momentOf(times, wholeLength(times));
}

/** What is left of a team's time: all of it before it begins; null while the team has not begun its window. */
export function remainingTime(times: ContestTimes, now: number, team: string | null = null): number | null {
  const span = spanOf(times, team);
  return span === null ? null : span.lengthMs - contestTime(times, now, team);
}

/** Contest time at which the public scoreboard freezes, in ms since the start; Infinity when it never does. */
export function freezeTime({ durationMs, freezeMs }: Pick<ContestTimes, "durationMs" | "freezeMs">): number {
  return freezeMs === 0 ? Infinity : Math.max(0, durationMs - freezeMs);
}

/** When the public scoreboard freezes; null for never, and where a pause or a missing start leaves it open. */
export function freezeAt(times: ContestTimes): number | null {
  return times.freezeMs === 0 ? null : momentOf(times, freezeTime(times));
}

/** How much of contest time passes before the freeze, 0 once it has begun; null for never. */
export function timeUntilFreeze(times: ContestTimes, now: number): number | null {
  if (times.freezeMs === 0) return null;
  return Math.max(0, freezeTime(times) - contestTime(times, now));
}

/**
 * Whether the freeze has begun; a thaw is no matter of times. It is one moment for all, whatever windows they have: what
 * a team does on its own time, the public sees on everybody's.
 */
export function freezeHasBegun(times: ContestTimes, at: number): boolean {
  const passed = elapsed(times, at);
  return passed !== null && passed >= freezeTime(times);
}

/**
 * When a submission came, by the contest's clock. One that came in a removed interval counts, at the contest time at
 * which the clock stood still; among those of the same time the order of arrival stays ("Removing Time Intervals").
 *
 * @param receivedAt - ms since 1970-01-01 UTC
 */
export function submissionTime(times: ContestTimes, team: string, receivedAt: number): SubmissionTime {
  const span = spanOf(times, team);
  const passed = elapsed(times, receivedAt);
  if (span === null || passed === null) return { at: null, frozen: false };
  const at = passed - span.from;
  if (at < 0 || at >= span.lengthMs) return { at: null, frozen: false };
  return { at, frozen: freezeHasBegun(times, receivedAt) };
}
