import { describe, expect, it } from "vitest";
import type { Board, Cell } from "../protocol/contest.ts";
import type { ContestFormat } from "../protocol/contest-format.ts";
import { undecided } from "../rules/contest-state.ts";
import { timesOf } from "../rules/contest-times.ts";
import { csvOf, jsonOf, type SeenBoard } from "./board-export.ts";
import { csvField } from "./saved-file.ts";
import { standingsOf } from "./standings.ts";
import { solvedCell } from "./testing/fixtures/boards.ts";

const icpc: ContestFormat = { type: "icpc", penaltyMinutes: 20 };

const seen = (format: ContestFormat, cells: Cell[]): SeenBoard => {
  const board: Board = {
    seq: 1,
    timed: undecided(timesOf({ startAt: 0, durationMs: 1000, freezeMs: 0 })),
    status: { state: "running", paused: false, boardFrozen: false },
    format,
    problems: [{ label: "A", colour: "#000000", maxScore: "pass-fail" }],
    groups: [{ id: "1", name: "North" }],
    teams: [
      { id: "t1", name: "=HYPERLINK(1)", group: "1", organisation: 'U "of" B' },
      { id: "t2", name: "Plain, really", group: null, organisation: null },
    ],
    cells,
  };
  const rows = standingsOf(board, []);
  return { slug: "cup", contest: "Cup", view: "public", status: board.status, at: 0, board, rows };
};

describe("a scoreboard as CSV", () => {
  it("has a line for each team and a column for each figure of its format", () => {
    const cells = [{ ...solvedCell("t1", "A", 61_000), attempts: 2, penalty: 21, pending: 1 }];
    expect(csvOf(seen(icpc, cells)).split("\r\n")).toEqual([
      "rank,rank in filter,team id,team,group,organisation,solved (problems),penalty (minutes),A result,A attempts,A solved at minute,A pending",
      `1,,t1,'=HYPERLINK(1),North,"U ""of"" B",1,21,full,2,1,1`,
      `2,,t2,"Plain, really",,,0,0,,,,`,
      "",
    ]);
  });

  it("counts what was rejected and whole seconds where the format does", () => {
    const format: ContestFormat = { type: "atcoder", points: { A: 300 }, penaltyMinutes: 5 };
    const cells = [{ ...solvedCell("t2", "A", 61_900), attempts: 3, points: 300 }];
    const [head, first] = csvOf(seen(format, cells)).split("\r\n");
    expect(head).toContain("A result,A points,A rejected,A solved at second,A pending");
    expect(first).toMatch(/,full,300,2,61,0$/);
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ['=A1,"x"', `"'=A1,""x"""`],
    ["a=b", "a=b"],
    ["two\nlines", '"two\nlines"'],
    [-3, "-3"],
    [null, ""],
  ])("writes %j so that no spreadsheet runs it", (value, written) => {
    expect(csvField(value)).toBe(written);
  });
});

describe("a scoreboard as JSON", () => {
  it("says what was seen, how and when, with each team's cells by label", () => {
    const { team: _, label: __, ...cell } = solvedCell("t1", "A", 61_000);
    const told: unknown = JSON.parse(jsonOf(seen(icpc, [solvedCell("t1", "A", 61_000)])));
    expect(told).toMatchObject({
      contest: { slug: "cup", name: "Cup" },
      view: "public",
      at: "1970-01-01T00:00:00.000Z",
      status: { state: "running" },
      rows: [
        { rank: 1, team: { id: "t1", name: "=HYPERLINK(1)" }, problems: { A: cell } },
        { rank: 2, team: { id: "t2" }, problems: {} },
      ],
    });
  });
});
