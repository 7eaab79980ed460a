import { describe, expect, it } from "vitest";
import type { ContestTimes } from "../protocol/contest-times.ts";
import { at, fiveHours, minutes, removed } from "./contest-times-testing.ts";
import {
  nextShownAt,
  type RecordedEvent,
  showing,
  shownEvents,
  virtualEndAt,
  virtualLength,
  virtualSubmissionTime,
  virtualTime,
} from "./contest-times-virtual.ts";

const run = { beganAt: at(10_000) };
const broken: ContestTimes = { ...fiveHours, removed: [removed(60, 75)] };
const windows: ContestTimes = {
  ...fiveHours,
  windowMs: minutes(120),
  teams: { early: { extraMs: 0, beganAt: at(10) }, late: { extraMs: 0, beganAt: at(200) } },
};

describe("a virtual run", () => {
  it("has a clock of its own, from when it began, for the contest's duration", () => {
    expect(
      [9_999, 10_000, 10_100, 10_300, 11_000].map((minute) => virtualTime(fiveHours, run, at(minute))),
    ).toEqual([0, 0, 100, 300, 300].map(minutes));
    expect(virtualEndAt(fiveHours, run)).toBe(at(10_300));
  });

  it("lasts as long as the contest, whatever was removed from that", () => {
    expect(virtualEndAt(broken, run)).toBe(at(10_300));
    expect(virtualTime(broken, run, at(10_070))).toBe(minutes(70));
  });

  it("lasts as long as a window where the contest had windows", () => {
    expect(virtualLength(windows)).toBe(minutes(120));
    expect(virtualLength({ ...windows, windowMs: minutes(1000) })).toBe(minutes(300));
  });

  it.each<[what: string, minute: number, time: number | null]>([
    ["before it counts for nothing", 9_999, null],
    ["at its beginning counts", 10_000, 0],
    ["in it counts", 10_299, 299],
    ["at its end is too late", 10_300, null],
  ])("takes submissions of its own time: one %s", (_, minute, time) => {
    expect(virtualSubmissionTime(fiveHours, run, at(minute))).toBe(time === null ? null : minutes(time));
  });
});

describe("an event of the recorded contest is shown", () => {
  it.each<[what: string, times: ContestTimes, event: RecordedEvent, ownTime: number]>([
    ["from the beginning, when it was there before the start", fiveHours, { at: at(-500), team: "a" }, 0],
    ["at the contest time at which it was written", fiveHours, { at: at(100), team: "a" }, 100],
    ["at the end, when it was written after it", fiveHours, { at: at(5_000), team: "a" }, 300],
    ["when the clock stood still, if it did", broken, { at: at(70), team: "a" }, 60],
    ["earlier by what was removed before it", broken, { at: at(100), team: "a" }, 85],
    [
      "at the end, when it was of extra time",
      { ...fiveHours, teams: { slow: { extraMs: minutes(30), beganAt: null } } },
      { at: at(310), team: "slow" },
      300,
    ],
    ["by its team's window", windows, { at: at(210), team: "late" }, 10],
    [
      "at the end of its team's window, when it was written after that",
      windows,
      { at: at(140), team: "early" },
      120,
    ],
    ["at the end, when all windows were over", windows, { at: at(320), team: "late" }, 120],
  ])("%s", (_, times, event, ownTime) => {
    expect(showing(times)(event)).toBe(minutes(ownTime));
  });
});

describe("the recorded contest beside a virtual run", () => {
  const log = [
    { at: at(-20), team: "a", what: "a registers" },
    { at: at(30), team: "a", what: "a submits" },
    { at: at(31), team: "a", what: "a is wrong" },
    { at: at(299), team: "b", what: "b submits" },
    { at: at(302), team: "b", what: "b is right" },
    { at: at(4_000), team: "a", what: "a is right after all" },
  ];
  const shown = (minute: number): string[] =>
    shownEvents(fiveHours, log, minutes(minute)).map(({ what }) => what);

  it("shows what had been written by the same time, and nothing of what came later", () => {
    expect(shown(0)).toEqual(["a registers"]);
    expect(shown(30)).toEqual(["a registers", "a submits"]);
    expect(shown(298)).toEqual(["a registers", "a submits", "a is wrong"]);
    expect(shown(299)).toEqual(["a registers", "a submits", "a is wrong", "b submits"]);
  });

  it("shows everything at the end, late verdicts and rejudgings too", () => {
    expect(shown(300)).toEqual(log.map(({ what }) => what));
  });

  it("knows when there is more to show", () => {
    expect([0, 30, 31, 299].map((minute) => nextShownAt(fiveHours, log, minutes(minute)))).toEqual(
      [30, 31, 299, 300].map(minutes),
    );
    expect(nextShownAt(fiveHours, log, minutes(300))).toBeNull();
  });

  it("runs the windows of all teams beside one another, and keeps the log's order at the same time", () => {
    const events = [
      { at: at(20), team: "early", what: "early submits" },
      { at: at(40), team: "early", what: "early is right" },
      { at: at(205), team: "late", what: "late submits" },
      { at: at(210), team: "late", what: "late is right" },
    ];
    expect(shownEvents(windows, events, minutes(10)).map(({ what }) => what)).toEqual([
      "late submits",
      "early submits",
      "late is right",
    ]);
  });
});
