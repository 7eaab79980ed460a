import { MINUTE_MS } from "../protocol/contest.ts";
import type { ContestTimes, Interval, TimesEdit } from "../protocol/contest-times.ts";
import { timesOf } from "./contest-times.ts";
import { editTimes } from "./contest-times-edit.ts";

/** The start of the tests' contests; like every moment in them, it is told in minutes since then. */
export const START = Date.UTC(2026, 4, 2, 13);

export const at = (minutes: number): number => START + minutes * MINUTE_MS;
export const minutes = (count: number): number => count * MINUTE_MS;
export const removed = (from: number, to: number): Interval => ({ from: at(from), to: at(to) });

/** Five hours, the last of them frozen. */
export const fiveHours: ContestTimes = timesOf({
  startAt: START,
  durationMs: minutes(300),
  freezeMs: minutes(60),
});

/** The times after some edits, each of which must be possible at its minute. */
export function edited(
  times: ContestTimes,
  ...edits: readonly (readonly [minute: number, edit: TimesEdit])[]
): ContestTimes {
  return edits.reduce((before, [minute, edit]) => {
    const result = editTimes(before, edit, at(minute));
    if (!result.ok) throw new Error(`${edit.type} in minute ${minute}: ${result.refusal}`);
    return result.times;
  }, times);
}

// Edits, by minutes.

export const pause: TimesEdit = { type: "pause" };
export const resume: TimesEdit = { type: "resume" };
export const begin = (team: string): TimesEdit => ({ type: "begin", team });
export const extra = (team: string, more: number): TimesEdit => ({
  type: "extra",
  team,
  extraMs: minutes(more),
});
export const start = (minute: number | "now" | null): TimesEdit => ({
  type: "start",
  startAt: typeof minute === "number" ? at(minute) : minute,
});
export const lasts = (length: number | "now"): TimesEdit => ({
  type: "duration",
  durationMs: length === "now" ? length : minutes(length),
});
export const freeze = (length: number | "now"): TimesEdit => ({
  type: "freeze",
  freezeMs: length === "now" ? length : minutes(length),
});
export const remove = (from: number, to: number): TimesEdit => ({ type: "remove", ...removed(from, to) });
export const restore = (from: number, to: number): TimesEdit => ({ type: "restore", ...removed(from, to) });
