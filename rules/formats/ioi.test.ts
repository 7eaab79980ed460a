import { describe, expect, it } from "vitest";
import type { IoiFormat } from "../../protocol/contest-format.ts";
import { ioi } from "./ioi.ts";
import type { FormatProblem } from "./points.ts";
import {
  attempts,
  clock,
  ioiFormat,
  logOf,
  passFail,
  scored,
  shortly,
  spectator,
  standings,
} from "./testing.ts";

const bestFormat: IoiFormat = { ...ioiFormat, counts: "best" };

const cell = (format: IoiFormat, text: string, problem = scored("A")): string =>
  shortly(ioi(format).cell(problem, attempts(text), clock));

describe("a problem where the best of each group counts", () => {
  it.each<[rule: string, tried: string, cell: string]>([
    ["nobody tried is empty", "", "0/0"],
    ["is pending until it is judged", "?@5", "0/1"],
    ["brings the points of one submission", "WA=40(40,0)@5", "1/0 40 #1"],
    // The rules of Kattis' contests with IOI scoring have this example.
    ["adds the groups of two submissions", "WA=40(40,0)@5 WA=60(0,60)@9", "2/0 100 @9:00 #1,2"],
    ["keeps the better of a group", "WA=40(30,10)@5 WA=45(20,25)@9", "2/0 55 #1,2"],
    ["loses nothing by a worse submission", "WA=40(40,0)@5 WA=0(0,0)@9", "2/0 40 #1"],
    ["loses nothing by a rejected one after a full one", "AC=100(40,60)@5 WA=40(40,0)@9", "2/0 100 @5:00 #1"],
    ["takes the earlier of submissions as good", "WA=40(40,0)@5 WA=40(40,0)@9", "2/0 40 #1"],
    [
      "is full when its groups are, in whichever submission",
      "WA=60(0,60)@5 AC=100(40,60)@9",
      "2/0 100 @9:00 #1,2",
    ],
    ["is full from the first moment on", "AC=100(40,60)@5 AC=100(40,60)@9", "2/0 100 @5:00 #1"],
    ["has no penalty for rejected attempts", "WA=0(0,0)@1 WA=0(0,0)@2 AC=100(40,60)@9", "3/0 100 @9:00 #3"],
    ["counts no compile error as an attempt", "CE@1 WA=40(40,0)@9", "1/0 40 #2"],
    ["brings nothing for nothing", "WA=0(0,0)@1", "1/0"],
    ["goes on while something is pending", "WA=40(40,0)@5 ?@9", "1/1 40 #1"],
    ["shows what is pending after a full solution", "AC=100(40,60)@5 ?@9", "1/1 100 @5:00 #1"],
    ["adds up to a hundredth", "WA=33.33(33.334,0)@5 WA=66.67(0,66.666)@9", "2/0 100 @9:00 #1,2"],
    ["without groups brings the best submission", "WA=40@5 WA=70@6 WA=55@7", "3/0 70 #2"],
    ["takes the best submission where it is more than the groups", "WA=30(30,0)@5 WA=50@6", "2/0 50 #2"],
    [
      "takes the groups where they are more than the best submission",
      "WA=50@5 WA=30(30,0)@6 WA=40(0,40)@7",
      "3/0 70 #2,3",
    ],
    ["is full without an accepted submission, by points", "WA=100(40,60)@5", "1/0 100 @5:00 #1"],
    ["is not full by a verdict, where points are missing", "AC=70(40,30)@5", "1/0 70 #1"],
  ])("%s: %s", (_rule, tried, expected) => {
    expect(cell(ioiFormat, tried)).toBe(expected);
  });

  it("adds up three groups and more", () => {
    expect(cell(ioiFormat, "WA=10(10,0,0)@1 WA=20(0,20,0)@2 WA=75(5,0,70)@3")).toBe("3/0 100 @3:00 #1,2,3");
  });
});

describe("a problem where the best submission counts", () => {
  it.each<[rule: string, tried: string, cell: string]>([
    ["does not add groups of two submissions", "WA=40(40,0)@5 WA=60(0,60)@9", "2/0 60 #2"],
    ["keeps the best", "WA=60(0,60)@5 WA=40(40,0)@9", "2/0 60 #1"],
    ["takes the earlier of submissions as good", "WA=60@5 WA=60@9", "2/0 60 #1"],
    ["is full with all points", "WA=60@5 AC=100@9", "2/0 100 @9:00 #2"],
    ["counts no compile error as an attempt", "CE@1", "0/0"],
    ["goes on while something is pending", "?@1 WA=60@5", "1/1 60 #2"],
    ["rounds to a hundredth", "WA=66.66666@5", "1/0 66.67 #1"],
  ])("%s: %s", (_rule, tried, expected) => {
    expect(cell(bestFormat, tried)).toBe(expected);
  });

  it("never goes below nothing", () => {
    const [one] = attempts("WA=0@5");
    const below =
      one === undefined ? [] : [{ ...one, result: { verdict: "WA" as const, score: -5, groups: [] } }];
    expect(shortly(ioi(bestFormat).cell(scored("A"), below, clock))).toBe("1/0");
  });
});

describe("problems of other kinds in an IOI contest", () => {
  it.each<[rule: string, problem: FormatProblem, tried: string, cell: string]>([
    ["accepted without scores: the contest's points", passFail("C"), "WA@1 AC@5", "2/0 50 @5:00 #2"],
    ["rejected without scores: nothing", passFail("C"), "WA@1", "1/0"],
    ["no points said: nothing, and never full", passFail("D"), "AC@1", "1/0"],
    ["no bound: never full", scored("A", null), "AC=1234.5@1", "1/0 1234.5 #1"],
    ["a bound of its own", scored("A", 30), "AC=30@1", "1/0 30 @1:00 #1"],
  ])("%s", (_rule, problem, tried, expected) => {
    expect(cell(ioiFormat, tried, problem)).toBe(expected);
  });
});

describe("the ranking of an IOI contest", () => {
  const contest = { format: ioiFormat, clock, problems: [scored("A"), scored("B"), passFail("C")] };
  const ranks = (tried: Parameters<typeof logOf>[0], look = spectator) =>
    standings(contest, logOf(tried), ["points", "solved"], look);

  it.each<[rule: string, tried: Parameters<typeof logOf>[0], ranking: string[]]>([
    ["adds up all problems", { a: { A: "WA=40@1", B: "WA=60@2", C: "AC@3" } }, ["1 a 150 1"]],
    [
      "goes by points, not by full solutions",
      { a: { C: "AC@1" }, b: { A: "WA=60@1" } },
      ["1 b 60 0", "2 a 50 1"],
    ],
    [
      "shares a rank for the same points, whenever they came and however often was tried",
      { b: { A: "WA=0@1 WA=60@200" }, a: { B: "WA=60@1" }, c: { A: "WA=1@1" } },
      ["1 a 60 0", "1 b 60 0", "3 c 1 0"],
    ],
    [
      "takes thirds that add up for equal",
      { b: { A: "WA=33.3333(33.3333,0)@1", B: "WA=66.6667(66.6667,0)@1" }, a: { A: "AC=100@1" } },
      ["1 a 100 1", "1 b 100 0"],
    ],
  ])("%s", (_rule, tried, ranking) => {
    expect(ranks(tried)).toEqual(ranking);
  });

  it("shows points, and each problem with what a full solution is worth", () => {
    const figures = [{ type: "points" }, { type: "attempts" }];
    expect(ioi(ioiFormat).columns([scored("A"), scored("B", null), passFail("C")])).toEqual([
      { type: "rank" },
      { type: "team" },
      { type: "total", of: "points", unit: "points" },
      { type: "problem", label: "A", worth: 100, figures },
      { type: "problem", label: "B", worth: null, figures },
      { type: "problem", label: "C", worth: 50, figures },
    ]);
  });
});
