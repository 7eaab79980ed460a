import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "../protocol/contest.ts";
import type { ContestTimes } from "../protocol/contest-times.ts";
import {
  contestTime,
  endAt,
  freezeAt,
  freezeHasBegun,
  lastEndAt,
  remainingTime,
  submissionTime,
  timeUntilFreeze,
  wallTime,
} from "./contest-times.ts";
import { at, fiveHours, minutes, removed } from "./contest-times-testing.ts";

const broken = { ...fiveHours, removed: [removed(60, 75), removed(100, 130)] };
const paused = { ...fiveHours, pausedAt: at(120) };
const withoutStart = { ...fiveHours, startAt: null };
const slow = { ...fiveHours, teams: { slow: { extraMs: minutes(30), beganAt: null } } };
/** Open for five hours, in which each team has two of its own. */
const windows: ContestTimes = {
  ...fiveHours,
  windowMs: minutes(120),
  teams: {
    early: { extraMs: 0, beganAt: at(10) },
    late: { extraMs: 0, beganAt: at(240) },
    lateAndSlow: { extraMs: minutes(30), beganAt: at(240) },
    registered: { extraMs: minutes(30), beganAt: null },
  },
};

const inMinutes = (ms: number | null): number | null => (ms === null ? null : ms / MINUTE_MS);
/** A moment in minutes since the start. */
const minuteOf = (moment: number | null): number | null =>
  moment === null ? null : inMinutes(moment - at(0));

describe("contest time", () => {
  it.each<[what: string, times: ContestTimes, team: string | null, wall: number, contest: number]>([
    ["is 0 before the start", fiveHours, null, -10, 0],
    ["is 0 at the start", fiveHours, null, 0, 0],
    ["runs with wall time", fiveHours, null, 90, 90],
    ["is the duration at the end", fiveHours, null, 300, 300],
    ["is the duration after the end", fiveHours, null, 400, 300],
    ["is 0 without a start", withoutStart, null, 100, 0],
    ["runs up to a removed interval", broken, null, 60, 60],
    ["stands still in a removed interval", broken, null, 70, 60],
    ["is the same at its end", broken, null, 75, 60],
    ["runs on after it", broken, null, 76, 61],
    ["runs between two of them", broken, null, 100, 85],
    ["is later by both after the second", broken, null, 200, 155],
    ["still comes to the duration", broken, null, 345, 300],
    [
      "stands still in two intervals that touch",
      { ...fiveHours, removed: [removed(60, 75), removed(75, 90)] },
      null,
      100,
      70,
    ],
    ["runs up to a pause", paused, null, 119, 119],
    ["stands still in a pause", paused, null, 500, 120],
    ["of a team with extra time goes beyond the duration", slow, "slow", 320, 320],
    ["of a team with extra time ends with that", slow, "slow", 340, 330],
    ["of another team does not", slow, "other", 320, 300],
    ["of a team begins with its window", windows, "early", 10, 0],
    ["of a team is 0 before its window", windows, "early", 5, 0],
    ["of a team runs in its window", windows, "early", 100, 90],
    ["of a team ends with its window", windows, "early", 200, 120],
    ["of a team ends with the contest, if it began late", windows, "late", 310, 60],
    ["of a team that began late goes on for its extra time", windows, "lateAndSlow", 325, 85],
    ["of a team that has not begun is 0", windows, "registered", 100, 0],
    [
      "of a window is no matter of what was removed before it",
      { ...windows, removed: [removed(0, 5)] },
      "early",
      100,
      90,
    ],
    [
      "of a window stands still with everybody's",
      { ...windows, removed: [removed(20, 30)] },
      "early",
      100,
      80,
    ],
    ["of a team named like something else of JavaScript is everybody's", slow, "constructor", 320, 300],
  ])("%s", (_, times, team, wall, contest) => {
    expect(inMinutes(contestTime(times, at(wall), team))).toBe(contest);
  });
});

describe("the moment of a contest time", () => {
  it.each<[what: string, times: ContestTimes, team: string | null, contest: number, wall: number | null]>([
    ["is that many minutes after the start", fiveHours, null, 90, 90],
    ["is not known without a start", withoutStart, null, 90, null],
    ["is when the clock came to it, where it stood still", broken, null, 60, 60],
    ["is later by what was removed before it", broken, null, 61, 76],
    ["is later by all that was removed before it", broken, null, 86, 131],
    ["is known up to a pause", paused, null, 120, 120],
    ["is not known beyond a pause", paused, null, 121, null],
    ["counts from when the team began", windows, "early", 20, 30],
    ["is not known of a team that has not begun", windows, "registered", 20, null],
  ])("%s", (_, times, team, contest, wall) => {
    expect(minuteOf(wallTime(times, minutes(contest), team))).toBe(wall);
  });
});

describe("the end", () => {
  it.each<[what: string, times: ContestTimes, team: string | null, end: number | null]>([
    ["comes after the duration", fiveHours, null, 300],
    ["comes later by what is removed", broken, null, 345],
    ["is open in a pause", paused, null, null],
    ["is open without a start", withoutStart, null, null],
    ["comes later for a team with extra time", slow, "slow", 330],
    ["comes in time for the others", slow, "other", 300],
    ["of a window comes after its length", windows, "early", 130],
    ["of a window that began late is the contest's", windows, "late", 300],
    ["of a late window with extra time comes after the contest's", windows, "lateAndSlow", 330],
    ["of a window that has not begun is open", windows, "registered", null],
    [
      "of a window comes later by what is removed from it",
      { ...windows, removed: [removed(50, 60)] },
      "early",
      140,
    ],
  ])("%s", (_, times, team, end) => {
    expect(minuteOf(endAt(times, team))).toBe(end);
  });

  it("of the contest is that of the team that is done last", () => {
    expect([fiveHours, broken, slow, windows, paused].map((times) => minuteOf(lastEndAt(times)))).toEqual([
      300,
      345,
      330,
      330,
      null,
    ]);
  });
});

describe("the freeze", () => {
  it.each<[what: string, times: ContestTimes, moment: number | null]>([
    ["begins its length before the end", fiveHours, 240],
    ["comes later by what is removed before it", broken, 285],
    ["is no matter of what is removed after it", { ...fiveHours, removed: [removed(250, 260)] }, 240],
    [
      "begins with an interval in which the clock stands at it",
      { ...fiveHours, removed: [removed(240, 260)] },
      240,
    ],
    ["never comes when it has no length", { ...fiveHours, freezeMs: 0 }, null],
    ["comes at the start when it is as long as the contest", { ...fiveHours, freezeMs: minutes(300) }, 0],
    ["is the same for all, whoever has extra time", slow, 240],
    ["is open in a pause before it", paused, null],
    ["is known in a pause after it", { ...fiveHours, pausedAt: at(250) }, 240],
  ])("%s", (_, times, moment) => {
    expect(minuteOf(freezeAt(times))).toBe(moment);
  });

  it("has begun at its first millisecond, and stays begun", () => {
    expect([at(240) - 1, at(240), at(999)].map((now) => freezeHasBegun(fiveHours, now))).toEqual([
      false,
      true,
      true,
    ]);
    expect(freezeHasBegun(withoutStart, at(299))).toBe(false);
  });
});

describe("what is left", () => {
  it.each<[what: string, times: ContestTimes, team: string | null, wall: number, left: number | null]>([
    ["is everything before the start", fiveHours, null, -20, 300],
    ["is everything without a start", withoutStart, null, 50, 300],
    ["shrinks with contest time", fiveHours, null, 100, 200],
    ["stays the same in a pause", paused, null, 1000, 180],
    ["is nothing after the end", fiveHours, null, 300, 0],
    ["is more with extra time", slow, "slow", 300, 30],
    ["of a window is its length when it begins", windows, "early", 10, 120],
    ["of a window that began late is cut off with the contest", windows, "late", 240, 60],
    ["of a window that has not begun is not known", windows, "registered", 20, null],
  ])("%s", (_, times, team, wall, left) => {
    expect(inMinutes(remainingTime(times, at(wall), team))).toBe(left);
  });

  it.each<[what: string, times: ContestTimes, wall: number, left: number | null]>([
    ["shrinks with contest time", fiveHours, 100, 140],
    ["stays the same in a pause", paused, 200, 120],
    ["is nothing once it has begun", fiveHours, 241, 0],
    ["is all until then before the start", fiveHours, -5, 240],
    ["is nothing to speak of without a freeze", { ...fiveHours, freezeMs: 0 }, 100, null],
  ])("until the freeze %s", (_, times, wall, left) => {
    expect(inMinutes(timeUntilFreeze(times, at(wall)))).toBe(left);
  });
});

describe("a submission", () => {
  it.each<
    [what: string, times: ContestTimes, team: string, wall: number, time: number | null, frozen: boolean]
  >([
    ["before the start is out of the contest", fiveHours, "a", -1, null, false],
    ["at the start is in it", fiveHours, "a", 0, 0, false],
    ["at the end is too late", fiveHours, "a", 300, null, false],
    ["in a removed interval counts, at the time at which the clock stood", broken, "a", 74, 60, false],
    ["in the freeze is marked", fiveHours, "a", 240, 240, true],
    ["in extra time counts", slow, "slow", 310, 310, true],
    ["in another team's extra time does not", slow, "a", 310, null, false],
    ["is timed by the team's window", windows, "early", 40, 30, false],
    ["before the team's window is out of the contest", windows, "early", 9, null, false],
    ["after the team's window is too", windows, "early", 130, null, false],
    ["of a team that has not begun is too", windows, "registered", 130, null, false],
    ["in the freeze is marked however early it is in its window", windows, "late", 241, 1, true],
    ["has no time without a start", withoutStart, "a", 20, null, false],
  ])("%s", (_, times, team, wall, time, frozen) => {
    expect(submissionTime(times, team, at(wall))).toEqual({
      at: time === null ? null : minutes(time),
      frozen,
    });
  });
});
