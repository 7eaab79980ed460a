import { describe, expect, it } from "vitest";
import type { ContestAction, ContestTimes, TimedContest } from "../protocol/contest-times.ts";
import { undecided } from "./contest-state.ts";
import { allowedActions, refusalOf } from "./contest-state-actions.ts";
import { at, fiveHours, minutes } from "./contest-times-testing.ts";

const contest = undecided(fiveHours);
const paused = undecided({ ...fiveHours, pausedAt: at(100) });
const withoutStart = undecided({ ...fiveHours, startAt: null });
const slow = undecided({ ...fiveHours, teams: { slow: { extraMs: minutes(30), beganAt: null } } });
const ownWindows: ContestTimes = {
  ...fiveHours,
  windowMs: minutes(120),
  teams: { begun: { extraMs: 0, beganAt: at(10) } },
};
const windows = undecided(ownWindows);
const afterwards: ContestAction[] = ["see_problems", "upsolve", "take_part_virtually"];

describe("what may be done in a contest", () => {
  it.each<
    [when: string, contest: TimedContest, minute: number, team: string | null, allowed: ContestAction[]]
  >([
    ["without a start", withoutStart, 0, "a", ["register", "clarify"]],
    ["before the start", contest, -1, "a", ["register", "clarify"]],
    ["from the start on", contest, 0, "a", ["submit", "see_problems", "register", "clarify"]],
    ["in the freeze", contest, 250, "a", ["submit", "see_problems", "register", "clarify"]],
    ["in a pause", paused, 110, "a", ["see_problems", "register", "clarify"]],
    ["after the end", contest, 300, "a", afterwards],
    ["after the thaw", { ...contest, thawedAt: at(400) }, 410, "a", afterwards],
    ["after finalising", { ...contest, finalisedAt: at(400) }, 410, "a", afterwards],
    ["in extra time", slow, 310, "slow", ["submit", "see_problems", "register", "clarify"]],
    ["in another team's extra time", slow, 310, "a", ["see_problems", "register"]],
    ["before one's window", windows, 20, "a", ["register", "clarify"]],
    ["in one's window", windows, 20, "begun", ["submit", "see_problems", "register", "clarify"]],
    ["after one's window", windows, 130, "begun", ["see_problems", "register"]],
    ["by one who looks on, while others have windows", windows, 20, null, ["register", "clarify"]],
    ["by one who looks on, after them", windows, 310, null, afterwards],
    [
      "by one who looks on, where all begin together",
      contest,
      20,
      null,
      ["submit", "see_problems", "register", "clarify"],
    ],
  ])("%s", (_, contest, minute, team, allowed) => {
    expect(allowedActions(contest, at(minute), team)).toEqual(allowed);
  });
});

describe("what may not be done says why", () => {
  it.each<
    [
      action: ContestAction,
      when: string,
      contest: TimedContest,
      minute: number,
      team: string,
      refusal: string,
    ]
  >([
    ["submit", "without a start", withoutStart, 0, "a", "The contest has no start yet."],
    ["submit", "before the start", contest, -1, "a", "The contest has not started yet."],
    ["see_problems", "before the start", contest, -1, "a", "The contest has not started yet."],
    [
      "submit",
      "in a pause",
      paused,
      110,
      "a",
      "The contest is paused: nothing can be submitted until it goes on.",
    ],
    ["submit", "before one's window", windows, 20, "a", "Your time has not begun."],
    ["see_problems", "before one's window", windows, 20, "a", "Your time has not begun."],
    ["submit", "after one's window", windows, 130, "begun", "Your time is over."],
    [
      "clarify",
      "after one's window",
      windows,
      130,
      "begun",
      "Your time is over: no questions are taken any more.",
    ],
    ["submit", "after the end", contest, 300, "a", "The contest is over."],
    ["register", "after the end", contest, 300, "a", "The contest is over."],
    ["clarify", "after the end", contest, 300, "a", "The contest is over: no questions are taken any more."],
    ["upsolve", "before the start", contest, -1, "a", "The contest has not started yet."],
    ["upsolve", "before the end", contest, 299, "a", "The contest is not over yet."],
    ["upsolve", "in another team's extra time", slow, 310, "a", "The contest is not over yet."],
    ["take_part_virtually", "before the end", contest, 299, "a", "The contest is not over yet."],
  ])("%s, %s", (action, _, contest, minute, team, refusal) => {
    expect(refusalOf(contest, action, at(minute), team)).toBe(refusal);
  });
});
