import type { ContestTimes, Interval, TimesEdit } from "../protocol/contest-times.ts";
import {
  contestTime,
  elapsed,
  endAt,
  freezeAt,
  freezeHasBegun,
  freezeTime,
  momentOf,
  spanOf,
  teamTimes,
  wholeLength,
} from "./contest-times.ts";

/** What was asked for is done, or not at all: then `refusal` is a sentence that names the cause. */
export type TimesEdited = { ok: true; times: ContestTimes } | { ok: false; refusal: string };

/**
 * A contest's times after an edit.
 *
 * The freeze follows the end, until it begins. Once it has begun, it stays at its moment in wall time, whatever becomes
 * of the end or of contest time before it: what the public has not seen stays hidden. And it never begins before `now`,
 * since what the public has seen cannot be hidden.
 *
 * @param now - ms since 1970-01-01 UTC, of the edit; a pause begins and ends then
 */
export function editTimes(times: ContestTimes, edit: TimesEdit, now: number): TimesEdited {
  const changed = change(times, edit, now);
  if (typeof changed === "string") return { ok: false, refusal: changed };
  const after = withFreezeKept(times, changed, now);
  const refusal =
    timesProblem(after) ??
    freezeProblem(times, after, now) ??
    (edit.type === "restore" ? null : endProblem(times, after, now));
  return refusal === null ? { ok: true, times: after } : { ok: false, refusal };
}

/** What is wrong with times, however they came about; null when nothing is. */
export function timesProblem(times: ContestTimes): string | null {
  const { startAt, durationMs, freezeMs, removed, pausedAt } = times;
  if (durationMs <= 0) return "The end must come after the start.";
  if (freezeMs > durationMs) return "The freeze cannot be longer than the contest.";
  if (startAt === null) {
    return removed.length > 0 || pausedAt !== null
      ? "Without a start there is no contest time to stand still."
      : null;
  }
  const still = pausedAt === null ? removed : [...removed, { from: pausedAt, to: Infinity }];
  for (const [index, { from, to }] of still.entries()) {
    if (to <= from) return "The end of an interval must come after its beginning.";
    if (from < startAt)
      return `The contest starts at ${wall(startAt)}: before that there is nothing to remove.`;
    const next = still[index + 1];
    if (next !== undefined && next.from < to) return overlap(next, { from, to });
  }
  return null;
}

/** The changed times, before the freeze is seen to; or why not. */
function change(times: ContestTimes, edit: TimesEdit, now: number): ContestTimes | string {
  switch (edit.type) {
    case "start":
      return moveStart(times, edit.startAt === "now" ? now : edit.startAt, now);
    case "duration":
      return edit.durationMs === "now" ? endNow(times, now) : { ...times, durationMs: edit.durationMs };
    case "freeze":
      return moveFreeze(times, edit.freezeMs === "now" ? untilEnd(times, now) : edit.freezeMs, now);
    case "pause":
      return pause(times, now);
    case "resume":
      return resume(times, now);
    case "remove":
      return remove(times, { from: edit.from, to: edit.to }, now);
    case "restore":
      return restore(times, { from: edit.from, to: edit.to });
    case "extra":
      return withTeam(times, edit.team, { extraMs: edit.extraMs });
    case "begin":
      return begin(times, edit.team, now);
    default:
      return edit satisfies never;
  }
}

function moveStart(times: ContestTimes, startAt: number | null, now: number): ContestTimes | string {
  if (hasStarted(times, now))
    return `The contest started at ${wall(times.startAt)}: its start cannot be moved any more.`;
  if (startAt !== null && startAt < now) return "The start cannot lie in the past.";
  return { ...times, startAt };
}

function endNow(times: ContestTimes, now: number): ContestTimes | string {
  if (!hasStarted(times, now)) return "The contest has not started.";
  const left = untilEnd(times, now);
  return left === 0 ? "The contest is over." : { ...times, durationMs: times.durationMs - left };
}

/** Contest time from now to everybody's end. */
function untilEnd(times: ContestTimes, now: number): number {
  return times.durationMs - contestTime(times, now);
}

function moveFreeze(times: ContestTimes, freezeMs: number, now: number): ContestTimes | string {
  const after = { ...times, freezeMs };
  const before = freezeTime(times);
  const wanted = freezeTime(after);
  if (freezeHasBegun(times, now)) {
    if (wanted === before) return times;
    return wanted > before
      ? `The board froze at ${span(before)} of contest time: a later freeze would show what the public has not seen.`
      : `The board froze at ${span(before)} of contest time: an earlier freeze would hide what everybody has seen.`;
  }
  const passed = elapsed(times, now) ?? 0;
  return wanted < passed
    ? `The freeze would have begun at ${span(wanted)} of contest time, and it is ${span(passed)}: what everybody has seen cannot be hidden.`
    : after;
}

function pause(times: ContestTimes, now: number): ContestTimes | string {
  return notRunning(times, now) ?? { ...times, pausedAt: now };
}

function resume(times: ContestTimes, now: number): ContestTimes | string {
  const { pausedAt: from, removed } = times;
  if (from === null) return "The contest is not paused.";
  if (now < from) return `The contest is paused from ${wall(from)} on: it cannot go on before that.`;
  return { ...times, pausedAt: null, removed: now === from ? removed : [...removed, { from, to: now }] };
}

function remove(times: ContestTimes, interval: Interval, now: number): ContestTimes | string {
  const { from, to } = interval;
  if (!hasStarted(times, now)) return "The contest has not started: nothing of it can be removed.";
  if (to > now) return "Only time that has passed can be removed; a pause stops the clock from now on.";
  const end = momentOf(times, wholeLength(times));
  if (end !== null && from >= end)
    return `The contest ended at ${wall(end)}: after that there is nothing to remove.`;
  if (times.pausedAt !== null && to > times.pausedAt) {
    return `The interval overlaps the pause that began at ${wall(times.pausedAt)}.`;
  }
  return { ...times, removed: [...times.removed, interval].sort((a, b) => a.from - b.from) };
}

function restore(times: ContestTimes, { from, to }: Interval): ContestTimes | string {
  const removed = times.removed.filter((known) => known.from !== from || known.to !== to);
  if (removed.length === times.removed.length)
    return `No interval from ${wall(from)} to ${wall(to)} is removed.`;
  return { ...times, removed };
}

function begin(times: ContestTimes, team: string, now: number): ContestTimes | string {
  if (times.windowMs === null) return "In this contest everybody's time begins with the contest.";
  if (teamTimes(times, team).beganAt !== null) return "The team has begun already.";
  if (hasStarted(times, now) && (elapsed(times, now) ?? 0) >= times.durationMs) return "The contest is over.";
  return notRunning(times, now) ?? withTeam(times, team, { beganAt: now });
}

function withTeam(
  times: ContestTimes,
  team: string,
  some: Partial<ContestTimes["teams"][string]>,
): ContestTimes {
  return { ...times, teams: { ...times.teams, [team]: { ...teamTimes(times, team), ...some } } };
}

function withFreezeKept(before: ContestTimes, after: ContestTimes, now: number): ContestTimes {
  const began = freezeHasBegun(before, now) ? freezeAt(before) : null;
  const passed = elapsed(after, began ?? now);
  if (passed === null || (began === null && passed <= freezeTime(after))) return after;
  return { ...after, freezeMs: Math.max(0, after.durationMs - passed) };
}

/** A contest cut off at its freeze would be one without, and what came afterwards public, were it made longer again. */
function freezeProblem(before: ContestTimes, after: ContestTimes, now: number): string | null {
  if (!freezeHasBegun(before, now) || after.freezeMs > 0) return null;
  return `The board froze at ${wall(freezeAt(before))}: the contest cannot end before that.`;
}

/**
 * Whose time goes on must not learn that it was over some time ago, with what was submitted since. Only to take a removal
 * back may do that, which must always be possible ("Removing Time Intervals").
 */
function endProblem(before: ContestTimes, after: ContestTimes, now: number): string | null {
  for (const team of [null, ...Object.keys(after.teams)]) {
    if (beyondEnd(before, team, now) < 0 && beyondEnd(after, team, now) > 0) {
      const whose = team === null ? "The contest" : "The team's time";
      return `${whose} would have ended at ${wall(endAt(after, team))}, which is past.`;
    }
  }
  return null;
}

/** How much of contest time has passed since the end, negative before it. */
function beyondEnd(times: ContestTimes, team: string | null, now: number): number {
  const its = spanOf(times, team);
  const passed = elapsed(times, now);
  return its === null || passed === null ? -Infinity : passed - its.from - its.lengthMs;
}

/** Why contest time does not run, so that nothing can begin with it or stop it; null while it does. */
function notRunning(times: ContestTimes, now: number): string | null {
  if (times.pausedAt !== null) return `The contest is paused since ${wall(times.pausedAt)}.`;
  if (!hasStarted(times, now)) return "The contest has not started.";
  return (elapsed(times, now) ?? 0) >= wholeLength(times) ? "The contest is over." : null;
}

function hasStarted({ startAt }: ContestTimes, now: number): boolean {
  return startAt !== null && now >= startAt;
}

function overlap(one: Interval, other: Interval): string {
  return `The interval from ${wall(one.from)} to ${wall(one.to)} overlaps the one from ${wall(other.from)} to ${wall(other.to)}.`;
}

/** A moment in a sentence: `2026-05-02 13:00:00 UTC`. */
function wall(at: number | null): string {
  if (at === null || !Number.isFinite(at)) return "a time not known yet";
  return `${new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.000Z$/, "")
    .replace("Z", "")} UTC`;
}

/** Contest time in a sentence: `1:02:03`. */
function span(ms: number): string {
  if (!Number.isFinite(ms)) return "no time";
  const seconds = Math.floor(ms / 1000);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
