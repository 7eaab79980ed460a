import type { ContestTimes, VirtualRun } from "../protocol/contest-times.ts";
import { contestTime, lastEndAt } from "./contest-times.ts";

/**
 * Virtual participation: somebody goes through a contest that is over, by a clock of their own, and the contest as it was
 * recorded runs beside it (Codeforces, "Virtual participation"). Nothing is removed from this clock and nobody stops it.
 */

/** How long a virtual run is: the contest's duration, or its window where it has windows. */
export function virtualLength({ durationMs, windowMs }: ContestTimes): number {
  return Math.min(durationMs, windowMs ?? Infinity);
}

/** Time of one's own, in ms: 0 before the run, its whole length afterwards. */
export function virtualTime(times: ContestTimes, { beganAt }: VirtualRun, now: number): number {
  return Math.min(Math.max(0, now - beganAt), virtualLength(times));
}

export function virtualEndAt(times: ContestTimes, { beganAt }: VirtualRun): number {
  return beganAt + virtualLength(times);
}

/** Time of one's own of a submission to a virtual run; null when it came before the run or after it. */
export function virtualSubmissionTime(
  times: ContestTimes,
  run: VirtualRun,
  receivedAt: number,
): number | null {
  return receivedAt >= run.beganAt && receivedAt < virtualEndAt(times, run) ? receivedAt - run.beganAt : null;
}

/** An event of a contest's log: when it was written, and the team of which it tells, if of one. */
export interface RecordedEvent {
  /** ms since 1970-01-01 UTC. */
  at: number;
  team: string | null;
}

/**
 * The own time at which an event of the recorded contest is shown: at the contest time at which it was written, on the
 * clock of the team of which it tells, so that teams with windows run beside one another. What was there before the start
 * is shown from the beginning, and what was written after a team's end, late verdicts and rejudgings, at the end.
 */
export function showing(times: ContestTimes): (event: RecordedEvent) => number {
  const ended = lastEndAt(times) ?? Infinity;
  const length = virtualLength(times);
  return ({ at, team }) => (at >= ended ? length : Math.min(contestTime(times, at, team), length));
}

/**
 * What of the recorded contest is shown at a moment of one's own time. Fold these, in this order, as a contest's log is
 * folded; and by the public's view while the contest is not thawed.
 *
 * @param events - the whole log, in its order
 */
export function shownEvents<Event extends RecordedEvent>(
  times: ContestTimes,
  events: readonly Event[],
  ownTime: number,
): Event[] {
  const shownAt = showing(times);
  return events
    .map((event) => ({ event, at: shownAt(event) }))
    .filter(({ at }) => at <= ownTime)
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

/** The next own time at which something more is shown; null when all is. */
export function nextShownAt(
  times: ContestTimes,
  events: readonly RecordedEvent[],
  ownTime: number,
): number | null {
  const shownAt = showing(times);
  let next = Infinity;
  for (const event of events) {
    const at = shownAt(event);
    if (at > ownTime && at < next) next = at;
  }
  return next === Infinity ? null : next;
}
