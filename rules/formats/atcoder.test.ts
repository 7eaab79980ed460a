import { describe, expect, it } from "vitest";
import { atcoder } from "./atcoder.ts";
import { atcoderFormat, attempts, clock, logOf, passFail, scored, shortly, standings } from "./testing.ts";

const cell = (text: string, problem = passFail("B")) =>
  shortly(atcoder(atcoderFormat).cell(problem, attempts(text), clock));

describe("a problem in an AtCoder contest", () => {
  it.each<[rule: string, tried: string, cell: string]>([
    ["nobody tried is empty", "", "0/0"],
    ["is pending until it is judged", "?@5", "0/1"],
    ["brings its points when it is solved", "AC@27", "1/0 200 @27:00 #1"],
    ["brings as much late as early", "AC@299", "1/0 200 @299:00 #1"],
    ["keeps the second of its solution", "AC@27:41", "1/0 200 @27:41 #1"],
    ["takes 5 minutes for each rejected attempt before", "WA@5 RTE@6 AC@27", "3/0 200 -10 @27:00 #3"],
    ["takes nothing for a compile error", "CE@5 AC@27", "1/0 200 @27:00 #2"],
    ["takes nothing while it is not solved", "WA@5 WA@6", "2/0"],
    ["brings nothing for a part", "WA=150(100,50)@5", "1/0"],
    ["ignores what comes after the accepted attempt", "AC@27 WA@28 ?@29", "1/0 200 @27:00 #1"],
    ["shows what is pending before the accepted attempt", "?@26 AC@27", "1/1 200 @27:00 #2"],
  ])("%s: %s", (_rule, tried, expected) => {
    expect(cell(tried)).toBe(expected);
  });

  it("brings the contest's points, not those of its package", () => {
    expect(cell("AC=100@27", scored("B"))).toBe("1/0 200 @27:00 #1");
  });

  it("that the contest gives no points brings none", () => {
    expect(cell("AC@27", passFail("Z"))).toBe("1/0 0 @27:00 #1");
  });
});

describe("the ranking of an AtCoder contest", () => {
  const contest = { format: atcoderFormat, clock, problems: ["A", "B", "C", "D"].map(passFail) };
  const ranks = (tried: Parameters<typeof logOf>[0]) => standings(contest, logOf(tried), ["points", "time"]);
  const seconds = (minutes: number, rest: number): number => minutes * 60 + rest;

  it.each<[source: string, tried: Record<string, string>, points: number, time: number]>([
    // The first two are the examples of AtCoder's "Rules" page: a time of 16:03, and one of 88:22.
    ["the first example", { A: "AC@4:33", B: "WA@10:22 AC@11:03" }, 300, seconds(16, 3)],
    [
      "the second example",
      { A: "AC@2:05", B: "AC@10:56", C: "WA@31:03 WA@45:37 WA@51:43", D: "AC@88:22" },
      700,
      seconds(88, 22),
    ],
    ["nothing", { A: "WA@1" }, 0, 0],
    ["a solution in the first second", { A: "AC@0:00.5" }, 100, 0],
    ["cuts what is less than a second off", { A: "AC@0:01.999" }, 100, 1],
    ["penalties of an earlier problem too", { A: "WA@1 WA@2 AC@3", B: "AC@10" }, 300, seconds(20, 0)],
    [
      "penalties of all problems, and the time of the last only",
      { A: "WA@1 AC@3", B: "AC@9", C: "WA@8 AC@30" },
      600,
      seconds(40, 0),
    ],
    ["no compile errors", { A: "CE@1 CE@2 AC@3" }, 100, seconds(3, 0)],
  ])("adds up %s", (_source, tried, points, time) => {
    expect(ranks({ team: tried })).toEqual([`1 team ${points} ${time}`]);
  });

  it.each<[rule: string, tried: Parameters<typeof logOf>[0], ranking: string[]]>([
    [
      "goes by points, not by problems solved",
      { a: { A: "AC@1", B: "AC@2" }, b: { D: "AC@100" } },
      ["1 b 400 6000", "2 a 300 120"],
    ],
    ["then by time", { a: { A: "AC@9" }, b: { A: "AC@8" } }, ["1 b 100 480", "2 a 100 540"]],
    [
      "counts penalties in the time",
      { a: { A: "WA@1 AC@4" }, b: { A: "AC@8" } },
      ["1 b 100 480", "2 a 100 540"],
    ],
    [
      "knows only the last problem's time",
      { a: { A: "AC@1", B: "AC@50" }, b: { A: "AC@49", B: "AC@50" } },
      ["1 a 300 3000", "1 b 300 3000"],
    ],
    [
      "compares by the second",
      { b: { A: "AC@1:00.1" }, a: { A: "AC@1:00.9" }, c: { A: "AC@1:01" } },
      ["1 a 100 60", "1 b 100 60", "3 c 100 61"],
    ],
    [
      "gives the same points from other problems the same rank at the same time",
      { a: { A: "AC@1", B: "AC@5" }, b: { C: "AC@5" } },
      ["1 a 300 300", "1 b 300 300"],
    ],
  ])("%s", (_rule, tried, ranking) => {
    expect(ranks(tried)).toEqual(ranking);
  });

  it("shows points and time, and each problem with its points", () => {
    expect(atcoder(atcoderFormat).columns([passFail("B")])).toEqual([
      { type: "rank" },
      { type: "team" },
      { type: "total", of: "points", unit: "points" },
      { type: "total", of: "time", unit: "seconds" },
      {
        type: "problem",
        label: "B",
        worth: 200,
        figures: [{ type: "points" }, { type: "rejected" }, { type: "solvedAt", to: "second" }],
      },
    ]);
  });
});
