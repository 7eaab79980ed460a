import { describe, expect, it } from "vitest";
import type { ContestFormat } from "../../protocol/contest-format.ts";
import { cellOf } from "../contest-board.ts";
import { columnsOf, rankTeams } from "./board.ts";
import {
  atcoderFormat,
  cellsIn,
  clock,
  codeforcesFormat,
  folded,
  type FormatContest,
  homeworkFormat,
  icpcFormat,
  ioiFormat,
  jury,
  logOf,
  passFail,
  scored,
  shortly,
  spectator,
  teamOf,
} from "./testing.ts";

const points = { A: 100, B: 200 };
const formats: [name: string, format: ContestFormat][] = [
  ["icpc", icpcFormat],
  ["ioi", { ...ioiFormat, points }],
  ["atcoder", { ...atcoderFormat, points }],
  ["codeforces", { ...codeforcesFormat, points }],
  ["homework", { ...homeworkFormat, points }],
];
const contestOf = (format: ContestFormat): FormatContest => ({
  format,
  clock,
  problems: [passFail("A"), passFail("B")],
});

describe.each(formats)("a board of %s", (_name, format) => {
  const contest = contestOf(format);
  const shown = (look: typeof jury, tried: string): string | null => {
    const cell = cellOf(folded(contest, logOf({ a: { A: tried } })), "a", "A", look);
    return cell && shortly(cell);
  };

  it("has no cell of what was not tried", () => {
    expect(cellOf(folded(contest, logOf({ a: { A: "AC@1" } })), "a", "B", jury)).toBeNull();
    expect(cellOf(folded(contest, []), "a", "A", jury)).toBeNull();
  });

  it("has no cell of what was tried after the end only", () => {
    expect(shown(jury, "AC@300 WA@301")).toBeNull();
  });

  it("has the cells of the contest's problems only, each with its team and label", () => {
    const log = logOf({ a: { A: "AC@1", Z: "AC@2" }, b: { B: "?@3" } });
    expect(cellsIn(contest, log, jury).map(({ team, label }) => team + label)).toEqual(["aA", "bB"]);
  });

  it("shows the public what was sent in the freeze as pending", () => {
    expect(shown(spectator, "AC@240")).toBe("0/1");
    expect(shown(spectator, "CE@240")).toBe("0/1");
    expect(shown(spectator, "AC@239:59.999")).toBe(shown(jury, "AC@239:59.999"));
  });

  it("goes on showing the public no more after the end, until it is given the jury's view", () => {
    expect(shown({ view: "public", over: true }, "AC@240")).toBe("0/1");
    expect(shown({ view: "jury", over: true }, "AC@240")).toBe(shown(jury, "AC@240"));
  });

  it("ranks a team that tried nothing last, with all who have nothing", () => {
    const cells = cellsIn(contest, logOf({ a: { A: "AC@1" }, c: { A: "WA@1" } }), jury);
    const teams = ["c", "b", "a"].map((id) => teamOf(id));
    expect(rankTeams(format, teams, cells).map(({ rank, team }) => `${rank} ${team.id}`)).toEqual([
      "1 a",
      "2 b",
      "2 c",
    ]);
  });

  it("leaves out the cells of teams that are not in it", () => {
    const cells = cellsIn(contest, logOf({ a: { A: "AC@1" }, gone: { A: "AC@1" } }), jury);
    const rows = rankTeams(format, [teamOf("a")], cells);
    expect(rows.map(({ team, cells: own }) => [team.id, own.get("A")?.team])).toEqual([["a", "a"]]);
  });

  it("puts equal teams by name, and those of one name by id", () => {
    const teams = [teamOf("2", "Turing"), teamOf("1", "Turing"), teamOf("3", "Lovelace")];
    const rows = rankTeams(format, teams, []);
    expect(rows.map(({ rank, team }) => `${rank} ${team.name} ${team.id}`)).toEqual([
      "1 Lovelace 3",
      "1 Turing 1",
      "1 Turing 2",
    ]);
  });

  it("has a column for the rank, the team, each total that is shown, and each problem in order", () => {
    const columns = columnsOf(contest);
    expect(columns.slice(0, 2)).toEqual([{ type: "rank" }, { type: "team" }]);
    expect(columns.flatMap((column) => (column.type === "problem" ? column.label : []))).toEqual(["A", "B"]);
    expect(columns.some(({ type }) => type === "total")).toBe(true);
  });
});

describe("a board of a contest without feedback", () => {
  const contest: FormatContest = {
    format: { ...ioiFormat, feedback: "none" },
    clock: { ...clock, freezeMs: 0 },
    problems: [scored("A")],
  };
  const shown = (look: typeof jury): string =>
    cellsIn(contest, logOf({ a: { A: "WA=40@1" } }), look)
      .map(shortly)
      .join();

  it("shows the public that something was sent, and the points once it is over", () => {
    expect(shown(spectator)).toBe("0/1");
    expect(shown(jury)).toBe("1/0 40 #aA1");
    expect(shown({ view: "public", over: true })).toBe("1/0 40 #aA1");
  });
});
