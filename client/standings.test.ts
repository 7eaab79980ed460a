import { describe, expect, it } from "vitest";
import type { BoardTeam, Cell } from "../protocol/contest.ts";
import { solvedCell } from "./testing/fixtures/boards.ts";
import { isMeant, keepSame, lobbyOf, standingsOf } from "./standings.ts";

const format = { type: "icpc", penaltyMinutes: 20 } as const;
const team = (id: string, group: string | null, more: Partial<BoardTeam> = {}): BoardTeam => ({
  id,
  name: id,
  group,
  organisation: null,
  ...more,
});
const minutes = (count: number): number => count * 60_000;

const teams = [team("a", "north"), team("b", "south"), team("c", "south"), team("d", null)];
const cells: Cell[] = [
  solvedCell("a", "A", minutes(10)),
  solvedCell("a", "B", minutes(20)),
  solvedCell("b", "A", minutes(30)),
  solvedCell("c", "B", minutes(5)),
];
const board = { format, teams, cells };
const ranks = (groups: string[]) =>
  standingsOf(board, groups).map(({ team: { id }, rank, rankWithin }) => [id, rank, rankWithin]);

describe("the standings of some groups", () => {
  it("are all teams where no group is chosen", () => {
    expect(ranks([])).toEqual([
      ["a", 1, null],
      ["c", 2, null],
      ["b", 3, null],
      ["d", 4, null],
    ]);
  });

  it("have each team's rank of all, and its rank among them", () => {
    expect(ranks(["south"])).toEqual([
      ["c", 2, 1],
      ["b", 3, 2],
    ]);
    expect(ranks(["north", "south"]).map(([id]) => id)).toEqual(["a", "c", "b"]);
  });

  it("are nobody for a group that there is not", () => {
    expect(ranks(["west"])).toEqual([]);
  });

  it("tell who was first of all teams, not of the chosen ones", () => {
    const firsts = standingsOf(board, ["south"]).map((row) => [row.team.id, row.firsts]);
    expect(firsts).toEqual([
      ["c", "B"],
      ["b", ""],
    ]);
  });
});

describe("rows that are kept", () => {
  const before = standingsOf(board, []);
  const after = (changed: Partial<typeof board>) =>
    keepSame(before, standingsOf({ ...board, ...changed }, []));
  const kept = (rows: typeof before) => rows.filter((row) => before.includes(row)).map((row) => row.team.id);

  it("are all of them when nothing changed", () => {
    expect(kept(after({}))).toEqual(["a", "c", "b", "d"]);
  });

  it("are all but the one whose cell changed", () => {
    const pending = { ...solvedCell("d", "A", 0), solvedAt: null, result: "none", pending: 1 } as const;
    expect(kept(after({ cells: [...cells, pending] }))).toEqual(["a", "c", "b"]);
  });

  it("are not those that fell behind, nor one that was renamed", () => {
    const rows = after({ cells: [...cells, solvedCell("d", "C", 0), solvedCell("d", "D", 0)] });
    expect(kept(rows)).toEqual([]);
    expect(kept(after({ teams: [team("a", "north", { name: "A" }), ...teams.slice(1)] }))).toEqual([
      "c",
      "b",
      "d",
    ]);
  });

  it("are not one that is no longer the first to solve a problem", () => {
    const rows = after({ cells: [...cells, solvedCell("d", "A", minutes(1))] });
    expect(rows.find((row) => row.team.id === "a")?.firsts).toBe("");
  });
});

describe("a search for a team", () => {
  const taba = team("1", null, { name: "Os Tabaréus", organisation: "Universidade de Brasília" });

  it.each(["tabareus", "TABA", " brasilia ", ""])("means it by %j", (typed) => {
    expect(isMeant(taba, typed)).toBe(true);
  });

  it("means it not by what is in neither of its names", () => {
    expect(isMeant(taba, "segfault")).toBe(false);
  });
});

describe("the lobby", () => {
  it("lists groups in the contest's order, and in each organisations and teams by name, those without at the end", () => {
    const groups = [
      { id: "south", name: "South" },
      { id: "north", name: "North" },
    ];
    const lobby = lobbyOf({
      groups,
      teams: [
        team("zed", "north", { organisation: "Beta" }),
        team("one", null),
        team("amy", "north", { organisation: "Beta" }),
        team("lone", "north"),
        team("bob", "north", { organisation: "Alpha" }),
        team("sue", "south"),
        team("odd", "gone"),
      ],
    });
    const told = lobby.map(({ group, organisations }) => [
      group?.name ?? null,
      organisations.map(({ organisation, teams: its }) => [organisation, its.map(({ id }) => id)]),
    ]);
    expect(told).toEqual([
      ["South", [[null, ["sue"]]]],
      [
        "North",
        [
          ["Alpha", ["bob"]],
          ["Beta", ["amy", "zed"]],
          [null, ["lone"]],
        ],
      ],
      [null, [[null, ["odd", "one"]]]],
    ]);
  });
});
