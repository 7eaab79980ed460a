import { describe, expect, it } from "vitest";
import type { ContestTimes, TimesEdit } from "../protocol/contest-times.ts";
import { endAt, freezeAt, freezeTime } from "./contest-times.ts";
import { editTimes } from "./contest-times-edit.ts";
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
const windows: ContestTimes = { ...fiveHours, windowMs: minutes(120) };
const slow = edited(fiveHours, [0, extra("slow", 30)]);

describe("an edit of a contest's times", () => {
  it.each<
    [what: string, before: ContestTimes, minute: number, edit: TimesEdit, after: Partial<ContestTimes>]
  >([
    ["sets a start", withoutStart, -60, start(-5), { startAt: at(-5) }],
    ["moves the start while it has not come", fiveHours, -1, start(30), { startAt: at(30) }],
    ["takes the start back", fiveHours, -1, start(null), { startAt: null }],
    ["starts at once", fiveHours, -20, start("now"), { startAt: at(-20) }],
    ["extends", fiveHours, 100, lasts(330), { durationMs: minutes(330) }],
    [
      "extends in the freeze, which does not move",
      fiveHours,
      250,
      lasts(330),
      { durationMs: minutes(330), freezeMs: minutes(90) },
    ],
    [
      "extends after the end, which opens the contest again",
      fiveHours,
      310,
      lasts(330),
      { durationMs: minutes(330), freezeMs: minutes(90) },
    ],
    ["extends in a pause", paused, 200, lasts(330), { durationMs: minutes(330) }],
    ["shortens", fiveHours, 100, lasts(200), { durationMs: minutes(200) }],
    [
      "shortens so much that it freezes at once, and not before",
      fiveHours,
      100,
      lasts(120),
      { durationMs: minutes(120), freezeMs: minutes(20) },
    ],
    [
      "shortens in the freeze, which does not move",
      fiveHours,
      250,
      lasts(270),
      { durationMs: minutes(270), freezeMs: minutes(30) },
    ],
    [
      "shortens after the end",
      fiveHours,
      310,
      lasts(290),
      { durationMs: minutes(290), freezeMs: minutes(50) },
    ],
    ["ends at once", fiveHours, 250, lasts("now"), { durationMs: minutes(250), freezeMs: minutes(10) }],
    [
      "ends at once in a pause, when that began",
      paused,
      200,
      lasts("now"),
      { durationMs: minutes(100), freezeMs: 0 },
    ],
    ["freezes longer", fiveHours, 100, freeze(90), { freezeMs: minutes(90) }],
    ["freezes at once", fiveHours, 100, freeze("now"), { freezeMs: minutes(200) }],
    ["takes the freeze away before it has begun", fiveHours, 100, freeze(0), { freezeMs: 0 }],
    ["keeps the freeze as it is", fiveHours, 250, freeze(60), {}],
    ["pauses", fiveHours, 100, pause, { pausedAt: at(100) }],
    ["pauses in extra time", slow, 310, pause, { pausedAt: at(310) }],
    ["resumes", paused, 130, resume, { pausedAt: null, removed: [removed(100, 130)] }],
    [
      "resumes at the moment of the pause, as if nothing had been",
      paused,
      100,
      resume,
      { pausedAt: null, removed: [] },
    ],
    ["removes an interval", fiveHours, 100, remove(60, 75), { removed: [removed(60, 75)] }],
    ["removes from the start on", fiveHours, 100, remove(0, 5), { removed: [removed(0, 5)] }],
    ["removes up to now", fiveHours, 100, remove(90, 100), { removed: [removed(90, 100)] }],
    [
      "removes one before another",
      broken,
      100,
      remove(20, 30),
      { removed: [removed(20, 30), removed(60, 75)] },
    ],
    [
      "removes one that touches another",
      broken,
      100,
      remove(75, 80),
      { removed: [removed(60, 75), removed(75, 80)] },
    ],
    ["removes one before a pause", paused, 130, remove(90, 100), { removed: [removed(90, 100)] }],
    [
      "removes an interval after the end, and so opens the contest again",
      fiveHours,
      310,
      remove(200, 215),
      { removed: [removed(200, 215)], freezeMs: minutes(75) },
    ],
    [
      "removes in the freeze, which does not move",
      fiveHours,
      260,
      remove(60, 75),
      { removed: [removed(60, 75)], freezeMs: minutes(75) },
    ],
    ["takes a removal back", broken, 100, restore(60, 75), { removed: [] }],
    [
      "takes a removal back so that it freezes at once, and not before",
      edited(fiveHours, [230, remove(10, 60)]),
      240,
      restore(10, 60),
      { removed: [], freezeMs: minutes(60) },
    ],
    [
      "gives a team extra time",
      fiveHours,
      100,
      extra("a", 20),
      { teams: { a: { extraMs: minutes(20), beganAt: null } } },
    ],
    [
      "changes extra time",
      slow,
      100,
      extra("slow", 10),
      { teams: { slow: { extraMs: minutes(10), beganAt: null } } },
    ],
    [
      "takes extra time back in the very moment",
      slow,
      310,
      extra("slow", 10),
      { teams: { slow: { extraMs: minutes(10), beganAt: null } } },
    ],
    ["begins a team's window", windows, 30, begin("a"), { teams: { a: { extraMs: 0, beganAt: at(30) } } }],
    [
      "begins a window and keeps what extra time it has",
      edited(windows, [0, extra("a", 20)]),
      30,
      begin("a"),
      { teams: { a: { extraMs: minutes(20), beganAt: at(30) } } },
    ],
  ])("%s", (_, before, minute, edit, after) => {
    expect(editTimes(before, edit, at(minute))).toEqual({ ok: true, times: { ...before, ...after } });
  });

  it("takes a removal back even if the contest is thereby over since some time", () => {
    const longer = edited(fiveHours, [310, remove(60, 75)]);
    expect(edited(longer, [314, restore(60, 75)])).toEqual(fiveHours);
  });

  it("leaves the times it was given as they were", () => {
    const before: unknown = JSON.parse(JSON.stringify(broken));
    editTimes(broken, remove(20, 30), at(100));
    editTimes(broken, extra("a", 5), at(100));
    expect(broken).toEqual(before);
  });

  it("freezes from now on when it takes a removal back after the freeze would have begun", () => {
    const long = edited(fiveHours, [230, remove(10, 100)]);
    const after = edited(long, [260, restore(10, 100)]);
    expect(freezeAt(after)).toBe(at(260));
    expect(endAt(after)).toBe(at(300));
  });

  it("keeps a freeze at its moment, whatever is removed and taken back before it", () => {
    const shorter = edited(fiveHours, [250, remove(60, 75)]);
    expect([freezeAt(shorter), freezeTime(shorter), endAt(shorter)]).toEqual([
      at(240),
      minutes(225),
      at(315),
    ]);
    expect(edited(shorter, [260, restore(60, 75)])).toEqual(fiveHours);
  });
});
