import { describe, expect, it } from "vitest";
import type { BoardChange, Cell, ContestEvent } from "../protocol/contest.ts";
import { boardOf, type View } from "./contest-board.ts";
import {
  contestEvent,
  fiveHours,
  judged,
  minutes,
  randomLog,
  sent,
  teamEvent,
  timedEvent,
} from "./contest-board-testing.ts";
import { type ContestFeed, emptyFeed, nextEpochAt, pass, take } from "./contest-feed.ts";
import { undecided } from "./contest-state.ts";
import { seededRandom } from "./seeded-random.ts";

/** A feed of this log, each event of which was written at its minute, or at 0. */
function feedOf(...events: readonly (ContestEvent | [at: number, event: ContestEvent])[]): ContestFeed {
  const feed = emptyFeed();
  events.forEach((one, index) => {
    const [at, event] = Array.isArray(one) ? one : [0, one];
    take(feed, { seq: index + 1, at: minutes(at), event });
  });
  return feed;
}

const changes = (feed: ContestFeed, view: View = "public"): BoardChange[] => feed.views[view].changes;
const epochs = ({ views }: ContestFeed): string[] => [views.public.epoch, views.jury.epoch];

const silent = contestEvent({
  timed: undecided({ ...fiveHours, freezeMs: 0 }),
  format: { type: "ioi", counts: "best", feedback: "none", points: { A: 100, B: 100 } },
});

describe("changes", () => {
  it("carry the whole cell, and are numbered within each view", () => {
    const frozen = [
      contestEvent(),
      teamEvent("t"),
      sent("1", 5),
      judged("1", "WA"),
      sent("2", 250),
      judged("2", "AC"),
    ];
    const feed = feedOf(...frozen);
    expect(changes(feed).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(changes(feed, "jury").map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(changes(feed).at(-1)).toMatchObject({ cell: { team: "t", label: "A", attempts: 1, pending: 1 } });
    expect(changes(feed, "jury").at(-1)).toMatchObject({ cell: { attempts: 2, pending: 0, points: 1 } });
  });

  it("tell of teams that come, are renamed and go", () => {
    const feed = feedOf(contestEvent(), teamEvent("t", "Old"), teamEvent("t", "New"), {
      type: "team_removed",
      team: "t",
    });
    expect(changes(feed)).toMatchObject([
      { type: "team", team: { name: "Old" } },
      { type: "team", team: { name: "New" } },
      { type: "team_removed", team: "t" },
    ]);
  });

  it.each<[what: string, event: ContestEvent]>([
    ["a submission to a solved problem", sent("2", 6)],
    ["a submission after the end", sent("3", 301)],
    ["a submission to a problem that there is not", sent("4", 7, "t", "Z")],
    ["a judgement of nothing", judged("9", "AC")],
    ["the same submission once more", sent("1", 5)],
    ["a judgement of an earlier round", judged("1", "WA", 0)],
    ["a judgement of a submission in the freeze, for the public", judged("f", "AC")],
    ["its rejudging", judged("f", "WA", 2)],
  ])("are none for %s", (_what, event) => {
    const log = [contestEvent(), sent("1", 5), judged("1", "AC"), sent("f", 250, "u")];
    expect(changes(feedOf(...log, event))).toEqual(changes(feedOf(...log)));
  });

  it("are none for a judgement in the freeze that is the first event of an epoch", () => {
    const paid = contestEvent({ format: { type: "icpc", penaltyMinutes: 5 } });
    const feed = feedOf(contestEvent(), sent("f", 250), paid, judged("f", "AC"));
    expect([changes(feed), changes(feed, "jury").length]).toEqual([[], 1]);
  });

  it.each<View>(["public", "jury"])(
    "are all that a page needs to keep the %s board, whatever happens",
    (view) => {
      const random = seededRandom(7);
      for (let round = 0; round < 200; round++) {
        const cells = new Map<string, Cell>();
        const feed = feedOf(contestEvent(), ...randomLog(random));
        for (const change of changes(feed, view))
          if (change.type === "cell") cells.set(`${change.cell.team} ${change.cell.label}`, change.cell);
        expect(sorted([...cells.values()])).toEqual(sorted(boardOf(feed.contest, 0, 0, view).cells));
      }
    },
  );
});

const sorted = (cells: Cell[]): Cell[] =>
  cells.sort((a, b) => (`${a.team} ${a.label}` < `${b.team} ${b.label}` ? -1 : 1));

describe("an epoch", () => {
  const start = [contestEvent(), sent("1", 5), judged("1", "AC")];

  it.each<[what: string, event: ContestEvent]>([
    ["another format", contestEvent({ format: { type: "icpc", penaltyMinutes: 5 } })],
    ["another duration", timedEvent({ durationMs: minutes(310) })],
    ["a thaw", contestEvent({ timed: { ...undecided(fiveHours), thawedAt: minutes(400) } })],
    ["other groups", contestEvent({ groups: [{ id: "g", name: "Guests" }] })],
    ["the first team that has more time", timedEvent({ teams: { t: { extraMs: 1, beganAt: null } } })],
  ])("begins with %s, and is counted, which tells nothing of what else is in the log", (_what, event) => {
    const feed = feedOf(...start, event);
    expect([epochs(feed), changes(feed)]).toEqual([["2", "2"], []]);
  });

  it("goes on for the public when a team begins its window, which no board shows it", () => {
    const windows = timedEvent({ windowMs: minutes(60) });
    const begun = timedEvent({ windowMs: minutes(60), teams: { t: { extraMs: 0, beganAt: minutes(10) } } });
    const feed = feedOf(windows, teamEvent("t"), begun, sent("1", 15));
    expect(epochs(feed)).toEqual(["1", "2"]);
    expect(changes(feed)).toMatchObject([{ type: "team" }, { type: "cell", cell: { pending: 1 } }]);
  });

  it("goes on with the cells that change when one of many has more time, and begins where a cell goes", () => {
    const last = { extraMs: minutes(60), beganAt: null };
    const more = timedEvent({ teams: { last, t: { extraMs: minutes(10), beganAt: null } } });
    const late: ContestEvent[] = [timedEvent({ teams: { last } }), sent("1", 305), judged("1", "AC")];
    const longer = feedOf(...late, more);
    expect([longer.views.public.epoch, changes(longer)]).toMatchObject([
      "1",
      [{ cell: { team: "t", pending: 1 } }],
    ]);
    const shorter = feedOf(...late, more, timedEvent({ teams: { last } }));
    expect([shorter.views.public.epoch, changes(shorter)]).toEqual(["2", []]);
  });

  it("begins at the end where the format tells nothing before it, for the public alone", () => {
    const feed = feedOf(silent, sent("1", 5), judged("1", "AC"));
    expect([nextEpochAt(feed), changes(feed).length]).toEqual([minutes(300), 1]);
    pass(feed, minutes(300) - 1);
    expect(epochs(feed)).toEqual(["1", "1"]);
    pass(feed, minutes(300));
    expect([epochs(feed), changes(feed), nextEpochAt(feed)]).toEqual([["1 over", "1"], [], null]);
  });

  it("counts on alike for who was awake at the end and for who reads the log again", () => {
    const before: [number, ContestEvent][] = [
      [0, silent],
      [5, sent("1", 5)],
      [6, judged("1", "WA")],
    ];
    const after: [number, ContestEvent] = [301, judged("1", "AC", 2)];
    const awake = feedOf(...before);
    pass(awake, minutes(300));
    take(awake, { seq: 4, at: minutes(301), event: after[1] });
    const again = feedOf(...before, after);
    expect(again.views.public).toEqual(awake.views.public);
    expect(changes(again)).toMatchObject([{ seq: 1, cell: { points: 100, pending: 0 } }]);
  });

  it("begins once more when a contest that was over goes on", () => {
    const feed = feedOf(silent, [
      301,
      { ...silent, timed: undecided({ ...fiveHours, freezeMs: 0, durationMs: minutes(400) }) },
    ]);
    expect([epochs(feed), nextEpochAt(feed)]).toEqual([["2", "2"], minutes(400)]);
  });

  it("is never begun by the clock where the format tells everything", () => {
    const feed = feedOf(...start);
    pass(feed, minutes(1000));
    expect([epochs(feed), nextEpochAt(feed)]).toEqual([["1", "1"], null]);
  });
});
