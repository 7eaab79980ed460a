import { describe, expect, it } from "vitest";
import type { ContestTimes, TimesEdit } from "../protocol/contest-times.ts";
import { editTimes, timesProblem } from "./contest-times-edit.ts";
import {
  at,
  begin,
  edited,
  extra,
  fiveHours,
  freeze,
  lasts,
  minutes,
  pause,
  remove,
  removed,
  restore,
  resume,
  start,
} from "./contest-times-testing.ts";

const withoutStart: ContestTimes = { ...fiveHours, startAt: null };
const paused = edited(fiveHours, [100, pause]);
const broken = edited(fiveHours, [100, remove(60, 75)]);
const unfrozen: ContestTimes = { ...fiveHours, freezeMs: 0 };
const windows: ContestTimes = { ...fiveHours, windowMs: minutes(120) };
const slow = edited(fiveHours, [0, extra("slow", 30)]);

describe("an edit is refused", () => {
  it.each<[what: string, before: ContestTimes, minute: number, edit: TimesEdit, refusal: string]>([
    [
      "to move a start that has come",
      fiveHours,
      0,
      start(30),
      "The contest started at 2026-05-02 13:00:00 UTC: its start cannot be moved any more.",
    ],
    [
      "to take back a start that has come",
      fiveHours,
      10,
      start(null),
      "The contest started at 2026-05-02 13:00:00 UTC: its start cannot be moved any more.",
    ],
    [
      "to start a contest that has started",
      fiveHours,
      10,
      start("now"),
      "The contest started at 2026-05-02 13:00:00 UTC: its start cannot be moved any more.",
    ],
    ["to set a start in the past", withoutStart, 10, start(9), "The start cannot lie in the past."],
    ["to end at the start", fiveHours, -10, lasts(0), "The end must come after the start."],
    [
      "to end before now",
      fiveHours,
      100,
      lasts(90),
      "The contest would have ended at 2026-05-02 14:30:00 UTC, which is past.",
    ],
    [
      "to end before a pause began",
      paused,
      200,
      lasts(90),
      "The contest would have ended at 2026-05-02 14:30:00 UTC, which is past.",
    ],
    ["to end at once before the start", fiveHours, -1, lasts("now"), "The contest has not started."],
    ["to end at once after the end", fiveHours, 301, lasts("now"), "The contest is over."],
    [
      "to end before the freeze began",
      fiveHours,
      310,
      lasts(240),
      "The board froze at 2026-05-02 17:00:00 UTC: the contest cannot end before that.",
    ],
    [
      "to be shorter than its freeze",
      fiveHours,
      -10,
      lasts(50),
      "The freeze cannot be longer than the contest.",
    ],
    [
      "to freeze longer than the contest",
      fiveHours,
      -10,
      freeze(301),
      "The freeze cannot be longer than the contest.",
    ],
    [
      "to freeze from a moment that is past",
      fiveHours,
      100,
      freeze(210),
      "The freeze would have begun at 1:30:00 of contest time, and it is 1:40:00: what everybody has seen cannot be hidden.",
    ],
    [
      "to freeze after the end",
      unfrozen,
      310,
      freeze(60),
      "The freeze would have begun at 4:00:00 of contest time, and it is 5:10:00: what everybody has seen cannot be hidden.",
    ],
    [
      "to freeze later once it is frozen",
      fiveHours,
      250,
      freeze(30),
      "The board froze at 4:00:00 of contest time: a later freeze would show what the public has not seen.",
    ],
    [
      "to take a freeze away that has begun",
      fiveHours,
      250,
      freeze(0),
      "The board froze at 4:00:00 of contest time: a later freeze would show what the public has not seen.",
    ],
    [
      "to freeze once more at once",
      fiveHours,
      250,
      freeze("now"),
      "The board froze at 4:00:00 of contest time: a later freeze would show what the public has not seen.",
    ],
    [
      "to freeze earlier once it is frozen",
      fiveHours,
      250,
      freeze(90),
      "The board froze at 4:00:00 of contest time: an earlier freeze would hide what everybody has seen.",
    ],
    ["to pause before the start", fiveHours, -1, pause, "The contest has not started."],
    ["to pause without a start", withoutStart, 10, pause, "The contest has not started."],
    ["to pause twice", paused, 110, pause, "The contest is paused since 2026-05-02 14:40:00 UTC."],
    ["to pause after the end", fiveHours, 300, pause, "The contest is over."],
    ["to resume what is not paused", fiveHours, 100, resume, "The contest is not paused."],
    [
      "to resume before the pause",
      paused,
      99,
      resume,
      "The contest is paused from 2026-05-02 14:40:00 UTC on: it cannot go on before that.",
    ],
    [
      "to remove before the start",
      fiveHours,
      100,
      remove(-5, 10),
      "The contest starts at 2026-05-02 13:00:00 UTC: before that there is nothing to remove.",
    ],
    [
      "to remove before the contest has started",
      fiveHours,
      -5,
      remove(-10, -6),
      "The contest has not started: nothing of it can be removed.",
    ],
    [
      "to remove without a start",
      withoutStart,
      100,
      remove(10, 20),
      "The contest has not started: nothing of it can be removed.",
    ],
    [
      "to remove an interval that ends before it begins",
      fiveHours,
      100,
      remove(20, 10),
      "The end of an interval must come after its beginning.",
    ],
    [
      "to remove nothing",
      fiveHours,
      100,
      remove(20, 20),
      "The end of an interval must come after its beginning.",
    ],
    [
      "to remove what is to come",
      fiveHours,
      100,
      remove(90, 101),
      "Only time that has passed can be removed; a pause stops the clock from now on.",
    ],
    [
      "to remove after the end",
      fiveHours,
      400,
      remove(300, 310),
      "The contest ended at 2026-05-02 18:00:00 UTC: after that there is nothing to remove.",
    ],
    [
      "to remove what overlaps another interval",
      broken,
      100,
      remove(70, 80),
      "The interval from 2026-05-02 14:10:00 UTC to 2026-05-02 14:20:00 UTC overlaps the one from 2026-05-02 14:00:00 UTC to 2026-05-02 14:15:00 UTC.",
    ],
    [
      "to remove what is inside another interval",
      broken,
      100,
      remove(65, 70),
      "The interval from 2026-05-02 14:05:00 UTC to 2026-05-02 14:10:00 UTC overlaps the one from 2026-05-02 14:00:00 UTC to 2026-05-02 14:15:00 UTC.",
    ],
    [
      "to remove the same interval twice",
      broken,
      100,
      remove(60, 75),
      "The interval from 2026-05-02 14:00:00 UTC to 2026-05-02 14:15:00 UTC overlaps the one from 2026-05-02 14:00:00 UTC to 2026-05-02 14:15:00 UTC.",
    ],
    [
      "to remove what overlaps the pause",
      paused,
      130,
      remove(90, 110),
      "The interval overlaps the pause that began at 2026-05-02 14:40:00 UTC.",
    ],
    [
      "to take back what was not removed",
      broken,
      100,
      restore(60, 70),
      "No interval from 2026-05-02 14:00:00 UTC to 2026-05-02 14:10:00 UTC is removed.",
    ],
    [
      "to take back extra time that the team has used",
      slow,
      320,
      extra("slow", 10),
      "The team's time would have ended at 2026-05-02 18:10:00 UTC, which is past.",
    ],
    [
      "to begin where everybody begins together",
      fiveHours,
      10,
      begin("a"),
      "In this contest everybody's time begins with the contest.",
    ],
    ["to begin before the contest", windows, -1, begin("a"), "The contest has not started."],
    ["to begin after the contest", windows, 300, begin("a"), "The contest is over."],
    [
      "to begin while others have extra time",
      edited(windows, [290, begin("b")], [290, extra("b", 60)]),
      320,
      begin("a"),
      "The contest is over.",
    ],
    ["to begin twice", edited(windows, [10, begin("a")]), 20, begin("a"), "The team has begun already."],
    [
      "to begin in a pause",
      edited(windows, [10, pause]),
      20,
      begin("a"),
      "The contest is paused since 2026-05-02 13:10:00 UTC.",
    ],
  ])("%s", (_, before, minute, edit, refusal) => {
    expect(editTimes(before, edit, at(minute))).toEqual({ ok: false, refusal });
  });
});

describe("times", () => {
  it.each<[what: string, times: ContestTimes, problem: string | null]>([
    ["of five hours are fine", fiveHours, null],
    ["without a start are fine", withoutStart, null],
    ["with a freeze as long as the contest are fine", { ...fiveHours, freezeMs: minutes(300) }, null],
    ["need a duration", { ...fiveHours, durationMs: 0, freezeMs: 0 }, "The end must come after the start."],
    [
      "need a freeze within the contest",
      { ...fiveHours, freezeMs: minutes(301) },
      "The freeze cannot be longer than the contest.",
    ],
    [
      "need a start to be paused",
      { ...withoutStart, pausedAt: at(0) },
      "Without a start there is no contest time to stand still.",
    ],
    [
      "need a start to be broken",
      { ...withoutStart, removed: [removed(1, 2)] },
      "Without a start there is no contest time to stand still.",
    ],
    [
      "need intervals in their order",
      { ...fiveHours, removed: [removed(60, 75), removed(20, 30)] },
      "The interval from 2026-05-02 13:20:00 UTC to 2026-05-02 13:30:00 UTC overlaps the one from 2026-05-02 14:00:00 UTC to 2026-05-02 14:15:00 UTC.",
    ],
    [
      "need a pause after the intervals",
      { ...fiveHours, removed: [removed(60, 75)], pausedAt: at(70) },
      "The interval from 2026-05-02 14:10:00 UTC to a time not known yet overlaps the one from 2026-05-02 14:00:00 UTC to 2026-05-02 14:15:00 UTC.",
    ],
  ])("%s", (_, times, problem) => {
    expect(timesProblem(times)).toBe(problem);
  });
});
