import { describe, expect, it } from "vitest";
import type { IoiFormat } from "../protocol/contest-format.ts";
import type { ContestEvent } from "../protocol/contest.ts";
import { boardOf, type ContestFold, type Look, type View } from "./contest-board.ts";
import {
  contestEvent,
  fiveHours,
  foldOf,
  judged,
  minutes,
  sent,
  shortCell,
  timedEvent,
} from "./contest-board-testing.ts";
import { undecided } from "./contest-state.ts";

const jury: Look = { view: "jury", over: false };
const spectator: Look = { view: "public", over: false };
const afterwards: Look = { view: "public", over: true };

const ioi = (feedback: IoiFormat["feedback"]): ContestEvent =>
  contestEvent({
    timed: undecided({ ...fiveHours, freezeMs: 0 }),
    format: { type: "ioi", counts: "best", feedback, points: { A: 100, B: 100 } },
  });
const frozenIoi = contestEvent({
  format: { type: "ioi", counts: "best", feedback: "none", points: { A: 100, B: 100 } },
});
const thawed = contestEvent({ timed: { ...undecided(fiveHours), thawedAt: minutes(310) } });
const final = contestEvent({ timed: { ...undecided(fiveHours), finalisedAt: minutes(310) } });
const tried = [sent("1", 100), judged("1", "WA"), sent("2", 240), judged("2", "AC")];

describe("what became of a submission", () => {
  it.each<[rule: string, look: Look, events: ContestEvent[], cell: string]>([
    ["in the freeze is the jury's to know", jury, tried, "2/0@240"],
    ["in the freeze is not the public's to know", spectator, tried, "1/1"],
    ["in the freeze is not, not even a compile error", spectator, [sent("1", 250), judged("1", "CE")], "0/1"],
    ["is not from the freeze's first millisecond on", spectator, [sent("1", 240), judged("1", "AC")], "0/1"],
    [
      "is up to the freeze's first millisecond",
      spectator,
      [sent("1", 239.999), judged("1", "AC")],
      "1/0@239.999",
    ],
    [
      "is, where it came before the freeze and was judged in it",
      spectator,
      [sent("1", 239), sent("2", 250), judged("1", "AC")],
      "1/0@239",
    ],
    [
      "is, and hides what follows it in the freeze",
      spectator,
      [sent("1", 10), judged("1", "AC"), sent("2", 250)],
      "1/0@10",
    ],
    ["stays hidden after the end", afterwards, tried, "1/1"],
    ["stays hidden when the results are final", afterwards, [...tried, final], "1/1"],
    ["is everybody's after the thaw", afterwards, [...tried, thawed], "2/0@240"],
    ["is everybody's where nothing freezes", spectator, [timedEvent({ freezeMs: 0 }), ...tried], "2/0@240"],
    [
      "stays hidden that came in a freeze in wall time, whatever was removed before it",
      spectator,
      [...tried, timedEvent({ freezeMs: minutes(70), removed: [{ from: minutes(10), to: minutes(20) }] })],
      "1/1",
    ],
    [
      "is hidden by one freeze for all, also of a team that has more time",
      spectator,
      [timedEvent({ teams: { t: { extraMs: minutes(60), beganAt: null } } }), ...tried],
      "1/1",
    ],
    [
      "is hidden by the same freeze in a window",
      spectator,
      [
        timedEvent({ windowMs: minutes(100), teams: { t: { extraMs: 0, beganAt: minutes(200) } } }),
        sent("1", 210),
        judged("1", "WA"),
        sent("2", 250),
        judged("2", "AC"),
      ],
      "1/1",
    ],
    ["is the jury's also without feedback", jury, [ioi("none"), ...tried], "2/0@240"],
    ["is nobody else's without feedback", spectator, [ioi("none"), ...tried], "0/2"],
    ["is everybody's at the end, without feedback", afterwards, [ioi("none"), ...tried], "2/0@240"],
    [
      "is everybody's at the end up to the freeze, without feedback",
      afterwards,
      [frozenIoi, ...tried],
      "1/1",
    ],
    ["is everybody's where the score alone is told", spectator, [ioi("score"), ...tried], "2/0@240"],
  ])("%s", (_rule, look, events, cell) => {
    expect(shortCell(foldOf(...events), look)).toBe(cell);
  });
});

describe("the status of a board", () => {
  const folded: ContestFold = foldOf(...tried);
  it.each<[minute: number, state: string, boardFrozen: boolean]>([
    [-1, "scheduled", false],
    [239, "running", false],
    [240, "frozen", true],
    [400, "ended", true],
  ])("in minute %d is %s", (minute, state, boardFrozen) => {
    for (const view of ["public", "jury"] satisfies View[])
      expect(boardOf(folded, 0, minutes(minute), view).status).toEqual({ state, paused: false, boardFrozen });
  });
});

describe("the times on a board", () => {
  const teams = {
    a: { extraMs: minutes(10), beganAt: null },
    b: { extraMs: minutes(20), beganAt: null },
  };

  it("are without those of single teams, but for the one that is done last and has no name", () => {
    const folded = foldOf(timedEvent({ teams }));
    expect(boardOf(folded, 0, 0, "public").timed.times.teams).toEqual({ "": teams.b });
    expect(boardOf(folded, 0, 0, "jury").timed.times.teams).toEqual(teams);
  });
});
