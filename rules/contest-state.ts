import { MINUTE_MS } from "../protocol/contest.ts";
import type { ContestStatus, ContestTimes, OpenMatters, TimedContest } from "../protocol/contest-times.ts";
import { elapsed, freezeAt, freezeHasBegun, lastEndAt, wholeLength } from "./contest-times.ts";

/** A contest of which nothing has been decided by hand. */
export function undecided(times: ContestTimes): TimedContest {
  return { times, thawedAt: null, finalisedAt: null };
}

/**
 * How far a contest has come. Each state begins at its first millisecond; a contest is over once the last team's time is.
 *
 *     scheduled --start--> running --freeze--> frozen --end--> ended --thaw--> thawed --finalise--> finalised
 *                             |                                 |  \                                  ^
 *                             +------------------end------------+   +-----------finalise-------------+
 *
 * The first three steps are made by time alone, the last two by hand, in any order (CLICS Contest API, "Contest state").
 * Who finalises first leaves the board frozen until the thaw: `boardFrozen` tells.
 */
export function statusAt({ times, thawedAt, finalisedAt }: TimedContest, now: number): ContestStatus {
  const passed = elapsed(times, now);
  if (passed === null || passed < 0) return { state: "scheduled", paused: false, boardFrozen: false };
  const frozen = freezeHasBegun(times, now);
  if (passed < wholeLength(times)) {
    const paused = times.pausedAt !== null && now >= times.pausedAt;
    return { state: frozen ? "frozen" : "running", paused, boardFrozen: frozen };
  }
  const thawed = thawedAt !== null && now >= thawedAt;
  const final = finalisedAt !== null && now >= finalisedAt;
  const state = final ? "finalised" : thawed ? "thawed" : "ended";
  return { state, paused: false, boardFrozen: frozen && !thawed };
}

/** Whether everybody's time is over, so that what was asked and submitted is no secret of a contest that goes on. */
export function isOver(contest: TimedContest, now: number): boolean {
  const { state } = statusAt(contest, now);
  return state === "ended" || state === "thawed" || state === "finalised";
}

/**
 * When the state changes next by itself, and to what; null when it does not: once it is over, in a pause, without a start.
 *
 * @returns `at` in ms since 1970-01-01 UTC, later than `now`
 */
export function nextChange(contest: TimedContest, now: number): { at: number; status: ContestStatus } | null {
  const { times } = contest;
  if (isOver(contest, now)) return null;
  const moments = [times.startAt, freezeAt(times), lastEndAt(times)].filter((at) => at !== null);
  const at = Math.min(...moments.filter((moment) => moment > now));
  return at === Infinity ? null : { at, status: statusAt(contest, at) };
}

/** The moments of the Contest API's state that have come, in ms since 1970; those not come or that never come are null. */
export interface StateMoments {
  started: number | null;
  frozen: number | null;
  ended: number | null;
  thawed: number | null;
  finalised: number | null;
  /** Of the last change: nothing changes once a contest is final and hides nothing. */
  endOfUpdates: number | null;
}

/**
 * The moments at which the states began, in CLICS's order:
 *
 *     started < frozen < ended < thawed    < end_of_updates
 *                        ended < finalised < end_of_updates
 */
export function stateMoments({ times, thawedAt, finalisedAt }: TimedContest, now: number): StateMoments {
  const come = (at: number | null): number | null => (at !== null && at <= now ? at : null);
  const ended = come(lastEndAt(times));
  const thawed = ended === null ? null : come(thawedAt);
  const finalised = ended === null ? null : come(finalisedAt);
  const frozen = come(freezeAt(times));
  const closed = finalised !== null && (frozen === null || thawed !== null);
  return {
    started: come(times.startAt),
    frozen,
    ended,
    thawed,
    finalised,
    endOfUpdates: closed ? Math.max(finalised, thawed ?? finalised) : null,
  };
}

/** Done, or not at all: then `refusal` is a sentence that names the cause. */
export type Decided = { ok: true; contest: TimedContest } | { ok: false; refusal: string };

/** Shows everybody what came in the freeze. Only after the end, so that nobody competes against known results. */
export function thaw(contest: TimedContest, now: number): Decided {
  if (!isOver(contest, now))
    return refused("The contest is not over: its board can be thawed after the end only.");
  if (contest.thawedAt !== null) return refused("The board is thawed already.");
  if (contest.times.freezeMs === 0) return refused("The board never froze: there is nothing to thaw.");
  return { ok: true, contest: { ...contest, thawedAt: now } };
}

/**
 * Declares the results final ("Contest Control System", "Finalizing the Contest"), which needs that the contest is over
 * and nothing is left open.
 */
export function finalise(contest: TimedContest, open: OpenMatters, now: number): Decided {
  if (!isOver(contest, now)) return refused("The contest is not over: its results cannot be final.");
  if (contest.finalisedAt !== null) return refused("The results are final already.");
  const left = openMatters(open);
  if (left.length > 0) return refused(`The results cannot be final: ${left.join(", ")}.`);
  return { ok: true, contest: { ...contest, finalisedAt: now } };
}

function openMatters({ pending, judgingErrors, unanswered }: OpenMatters): string[] {
  const are = (count: number, one: string, more: string): string[] =>
    count === 0 ? [] : [count === 1 ? `one ${one}` : `${count} ${more}`];
  return [
    ...are(pending, "submission is not judged", "submissions are not judged"),
    ...are(judgingErrors, "submission could not be judged", "submissions could not be judged"),
    ...are(unanswered, "clarification request is not answered", "clarification requests are not answered"),
  ];
}

const refused = (refusal: string): Decided => ({ ok: false, refusal });

/**
 * The exact sentence of a frozen board (CLICS, "Freezing the Scoreboard"), or null while it is not frozen. A begun minute
 * counts as one, as what came in it is pending too.
 */
export function frozenSentence(contest: TimedContest, now: number): string | null {
  if (!statusAt(contest, now).boardFrozen) return null;
  const minutes = Math.ceil(contest.times.freezeMs / MINUTE_MS);
  return `The scoreboard was frozen with ${minutes} minutes remaining - submissions in the last ${minutes} minutes of the contest are still shown as pending.`;
}
