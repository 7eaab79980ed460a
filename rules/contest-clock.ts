import type { ContestClock, ContestPhase } from "../protocol/contest.ts";

/** Contest time at which the public scoreboard freezes, in ms since the start; Infinity when it never does. */
export function freezeTime(clock: Pick<ContestClock, "durationMs" | "freezeMs">): number {
  return clock.freezeMs === 0 ? Infinity : Math.max(0, clock.durationMs - clock.freezeMs);
}

/**
 * Where the contest stands. Each phase begins at its first millisecond: a submission exactly at the end is too late, one
 * exactly at the freeze is frozen.
 *
 * @param now - ms since 1970-01-01 UTC
 */
export function phaseAt(clock: ContestClock, now: number): ContestPhase {
  const time = now - clock.startAt;
  if (time < 0) return "before";
  if (time >= clock.durationMs) return "over";
  return time >= freezeTime(clock) ? "frozen" : "running";
}

/** Contest time in ms since the start: 0 before it, the whole duration after the end. */
export function contestTime(clock: ContestClock, now: number): number {
  return Math.min(Math.max(0, now - clock.startAt), clock.durationMs);
}
