import { describe, expect, it } from "vitest";
import type { Cell, ContestEvent } from "../protocol/contest.ts";
import { penalised, type Verdict } from "../protocol/verdict.ts";
import { attemptsOf, boardOf, cellOf, firstSolves, type View } from "./contest-board.ts";
import {
  contestEvent,
  foldOf,
  judged,
  minutes,
  randomLog,
  sent,
  shortCell,
  teamEvent,
  timedEvent,
} from "./contest-board-testing.ts";
import { seededRandom } from "./seeded-random.ts";

describe("a cell", () => {
  it.each<[rule: string, events: ContestEvent[], cell: string]>([
    ["of an untouched problem is none", [], "none"],
    ["is pending until the verdict", [sent("1", 5)], "0/1"],
    ["has the verdict's result", [sent("1", 5), judged("1", "AC")], "1/0@5"],
    ["has it also where the judgement was logged first", [judged("1", "AC"), sent("1", 5)], "1/0@5"],
    ["never counts a compile error", [sent("1", 5), judged("1", "CE")], "0/0"],
    [
      "ignores what comes after the accepted submission",
      [
        sent("1", 5),
        judged("1", "AC"),
        sent("2", 6),
        judged("2", "WA"),
        sent("3", 7),
        judged("3", "AC"),
        sent("4", 8),
      ],
      "1/0@5",
    ],
    [
      "goes by contest time while an earlier one is pending",
      [sent("1", 5), sent("2", 6), judged("2", "AC")],
      "1/1@6",
    ],
    [
      "goes by contest time, whichever verdict comes first",
      [sent("1", 5), sent("2", 6), judged("2", "AC"), judged("1", "AC")],
      "1/0@5",
    ],
    [
      "goes by contest time, whichever submission is logged first",
      [sent("2", 6), judged("2", "WA"), sent("1", 5), judged("1", "AC")],
      "1/0@5",
    ],
    ["begins with the contest", [sent("1", 0), judged("1", "AC")], "1/0@0"],
    ["has nothing of before the start", [sent("1", -0.001), judged("1", "AC")], "none"],
    ["has what came one millisecond before the end", [sent("1", 299.99), judged("1", "AC")], "1/0@299.99"],
    ["has nothing of the end and after", [sent("1", 300), judged("1", "AC"), sent("2", 301)], "none"],
    ["counts once what is logged twice", [sent("1", 5), sent("1", 5), sent("1", 9)], "0/1"],
    ["is not made by a judgement alone", [judged("1", "AC")], "none"],
    ["is not another team's", [sent("1", 5, "u"), judged("1", "AC")], "none"],
    ["is not another problem's", [sent("1", 5, "t", "B"), judged("1", "AC")], "none"],
  ])("%s", (_rule, events, cell) => {
    expect(shortCell(foldOf(...events), "jury")).toBe(cell);
  });

  it.each<Verdict>(["WA", "TLE", "RTE", "MLE", "OLE"])("counts a %s as rejected", (verdict) => {
    expect(penalised.has(verdict)).toBe(true);
    expect(shortCell(foldOf(sent("1", 5), judged("1", verdict)))).toBe("1/0");
  });

  it("is of the contest's problems only", () => {
    expect(cellOf(foldOf(sent("1", 5, "t", "Z")), "t", "Z", { view: "jury", over: false })).toBeNull();
  });
});

describe("the attempts of a team on a problem", () => {
  /** Submissions in the order in which they count, with their verdicts: `1 WA, 2 -`. */
  const read = (events: ContestEvent[]): string =>
    attemptsOf(foldOf(...events), "t", "A", { view: "jury", over: false })
      .map(({ submission, result }) => `${submission} ${result?.verdict ?? "-"}`)
      .join(", ");

  it.each<[rule: string, events: ContestEvent[], attempts: string]>([
    ["go by contest time, not by the log", [sent("2", 6), sent("1", 5)], "1 -, 2 -"],
    ["at the same time go by the log", [sent("2", 5), sent("1", 5), sent("3", 5)], "2 -, 1 -, 3 -"],
    ["have the result of the latest round", [sent("1", 5), judged("1", "WA"), judged("1", "AC", 2)], "1 AC"],
    [
      "keep it when an earlier round comes late",
      [sent("1", 5), judged("1", "AC", 2), judged("1", "WA")],
      "1 AC",
    ],
    ["keep the first result of a round", [sent("1", 5), judged("1", "AC"), judged("1", "WA")], "1 AC"],
    [
      "go by the log among those that came while the clock stood still",
      [sent("2", 15), sent("1", 12), timedEvent({ removed: [{ from: minutes(10), to: minutes(20) }] })],
      "2 -, 1 -",
    ],
  ])("%s", (_rule, events, attempts) => {
    expect(read(events)).toBe(attempts);
  });

  it("have score and groups where the judgement has", () => {
    const groups = [{ name: "secret/1", score: 40 }];
    const judgement = {
      type: "judgement",
      submission: "1",
      round: 1,
      verdict: "WA",
      score: 40,
      groups,
    } as const;
    const folded = foldOf(sent("1", 5), { ...judgement, groups });
    expect(attemptsOf(folded, "t", "A", { view: "jury", over: false })[0]?.result).toEqual({
      verdict: "WA",
      score: 40,
      groups,
    });
  });
});

describe("rejudging", () => {
  const later = [
    sent("1", 5),
    judged("1", "AC"),
    sent("2", 9),
    judged("2", "WA"),
    sent("3", 12),
    judged("3", "AC"),
  ];
  it.each<[rule: string, events: ContestEvent[], cell: string]>([
    ["replaces the earlier verdict", [sent("1", 5), judged("1", "WA"), judged("1", "AC", 2)], "1/0@5"],
    ["leaves what it does not change", [...later, judged("2", "TLE", 2)], "1/0@5"],
    [
      "can unsolve a problem, and then later submissions count again",
      [...later, judged("1", "TLE", 2)],
      "3/0@12",
    ],
    ["can solve it once more", [...later, judged("1", "TLE", 2), judged("1", "AC", 3)], "1/0@5"],
    ["can take an attempt away", [sent("1", 5), judged("1", "WA"), judged("1", "CE", 2)], "0/0"],
  ])("%s", (_rule, events, cell) => {
    expect(shortCell(foldOf(...events))).toBe(cell);
  });
});

describe("a change of the times", () => {
  const tried = [sent("1", 15), judged("1", "WA"), sent("2", 120), judged("2", "AC")];
  const removed = { from: minutes(30), to: minutes(50) };

  it.each<[rule: string, events: ContestEvent[], cell: string]>([
    ["that removes time moves what came later", [...tried, timedEvent({ removed: [removed] })], "2/0@100"],
    [
      "that is taken back moves it back",
      [...tried, timedEvent({ removed: [removed] }), contestEvent()],
      "2/0@120",
    ],
    [
      "that cuts the contest leaves out what came later",
      [...tried, timedEvent({ durationMs: minutes(100) })],
      "1/0",
    ],
    [
      "that makes it longer lets in what came after the end",
      [sent("1", 305), judged("1", "AC"), timedEvent({ durationMs: minutes(310) })],
      "1/0@305",
    ],
    ["that moves the start moves everything", [...tried, timedEvent({ startAt: minutes(10) })], "2/0@110"],
    [
      "that gives a team more time lets in what it sent in it",
      [
        sent("1", 305),
        judged("1", "AC"),
        timedEvent({ teams: { t: { extraMs: minutes(10), beganAt: null } } }),
      ],
      "1/0@305",
    ],
    [
      "that gives another team more time does not",
      [
        sent("1", 305),
        judged("1", "AC"),
        timedEvent({ teams: { u: { extraMs: minutes(10), beganAt: null } } }),
      ],
      "none",
    ],
    [
      "that begins a team's window counts from there",
      [
        timedEvent({ windowMs: minutes(60) }),
        sent("1", 110),
        judged("1", "AC"),
        timedEvent({ windowMs: minutes(60), teams: { t: { extraMs: 0, beganAt: minutes(100) } } }),
      ],
      "1/0@10",
    ],
  ])("%s", (_rule, events, cell) => {
    expect(shortCell(foldOf(...events), "jury")).toBe(cell);
  });
});

describe("a board", () => {
  it("keeps the last name of a team and the last settings", () => {
    const cheaper = contestEvent({ format: { type: "icpc", penaltyMinutes: 10 } });
    const board = boardOf(foldOf(teamEvent("t", "Old"), teamEvent("t", "New"), cheaper), 3, 0, "public");
    expect(board).toMatchObject({
      seq: 3,
      teams: [{ id: "t", name: "New" }],
      format: { penaltyMinutes: 10 },
    });
  });

  it("has no team that was removed, and no cell of a problem that was", () => {
    const onlyA = contestEvent({ problems: contestEvent().problems.slice(0, 1) });
    const folded = foldOf(
      teamEvent("t"),
      teamEvent("u"),
      { type: "team_removed", team: "u" },
      sent("1", 5, "t", "B"),
      onlyA,
    );
    const { teams, cells } = boardOf(folded, 0, 0, "public");
    expect([teams.map(({ id }) => id), cells]).toEqual([["t"], []]);
  });

  it.each<View>(["public", "jury"])(
    "of the %s is the same when events come twice or the log is read again",
    (view) => {
      const random = seededRandom(11);
      for (let round = 0; round < 100; round++) {
        const log = randomLog(random);
        const board = boardOf(foldOf(...log), 0, 0, view);
        expect(boardOf(foldOf(...log.flatMap((event) => [event, event])), 0, 0, view)).toEqual(board);
        expect(boardOf(foldOf(...log, ...log), 0, 0, view)).toEqual(board);
      }
    },
  );
});

describe("the first to solve", () => {
  it("is decided by the exact time, for each problem", () => {
    const at = (team: string, label: string, solvedAt: number | null): Cell => {
      const solved = { points: 1, penalty: 0, result: solvedAt === null ? "none" : "full" } as const;
      return { team, label, attempts: 1, pending: 0, solvedAt, ...solved };
    };
    const cells = [
      at("a", "A", 60_500),
      at("b", "A", 60_400),
      at("c", "B", null),
      at("d", "C", 7),
      at("c", "C", 7),
    ];
    expect(firstSolves(cells)).toEqual(
      new Map([
        ["A", "b"],
        ["C", "c"],
      ]),
    );
  });
});
