import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { codeforces, decayedPoints } from "./codeforces.ts";
import { attempts, codeforcesFormat, logOf, passFail, scored, shortly, standings } from "./testing.ts";

const minutes = (duration: number) => ({ durationMs: duration * MINUTE_MS, freezeMs: 0 });

describe("the points of a problem that decays", () => {
  it.each<[points: number, minute: number, rejected: number, duration: number, expected: number]>([
    // From the text that opened Codeforces' contests: B is worth 1000, and 960 after ten minutes; 860 at the third attempt.
    [1000, 10, 0, 120, 960],
    [1000, 10, 2, 120, 860],
    // Codeforces 604A, "Uncowed Forces", its first example without hacks.
    [500, 20, 0, 120, 460],
    [1000, 40, 1, 120, 790],
    [1500, 60, 2, 120, 1040],
    [2000, 80, 3, 120, 1210],
    [2500, 100, 4, 120, 1300],
    // And its second.
    [500, 119, 0, 120, 262],
    [1000, 119, 0, 120, 524],
    [1500, 119, 0, 120, 786],
    [2000, 119, 0, 120, 1048],
    [2500, 119, 0, 120, 1310],
    // Codeforces blog, entry 133094: what a minute costs in two hours.
    [500, 1, 0, 120, 498],
    [1000, 1, 0, 120, 996],
    [1750, 1, 0, 120, 1743],
    // Codeforces blog, entry 81719: in three hours it costs two thirds of that.
    [500, 1, 0, 180, 499],
    [750, 1, 0, 180, 748],
    [1000, 1, 0, 180, 998],
    [1000, 3, 0, 180, 992],
    [1500, 1, 0, 180, 1496],
    [3000, 1, 0, 180, 2992],
    // Nothing is lost in the first minute.
    [1000, 0, 0, 120, 1000],
    [1000, 0.99, 0, 120, 1000],
    [1000, 1.99, 0, 120, 996],
    // The same share is lost in every length, at the same part of it.
    [1000, 60, 0, 120, 760],
    [1000, 75, 0, 150, 760],
    [1000, 90, 0, 180, 760],
    // It never drops below three tenths.
    [1000, 0, 14, 120, 300],
    [1000, 0, 13, 120, 350],
    [1000, 0, 15, 120, 300],
    [500, 119, 7, 120, 150],
    [500, 0, 999, 120, 150],
  ])(
    "%d points at minute %d after %d rejected attempts, of %d minutes: %d",
    (points, minute, rejected, duration, expected) => {
      const at = Math.round(minute * MINUTE_MS);
      expect(decayedPoints(codeforcesFormat, points, at, rejected, minutes(duration))).toBe(expected);
    },
  );

  it.each<[settings: Partial<typeof codeforcesFormat>, minute: number, rejected: number, expected: number]>([
    [{ decayPercent: 0 }, 119, 0, 1000],
    [{ decayPercent: 100 }, 60, 0, 500],
    [{ decayPercent: 100, floorPercent: 0 }, 119, 0, 9],
    [{ decayPercent: 100, floorPercent: 0 }, 119, 9, 0],
    [{ deduction: 0 }, 0, 20, 1000],
    [{ deduction: 100 }, 0, 3, 700],
    [{ floorPercent: 100 }, 60, 9, 1000],
    [{ floorPercent: 50 }, 0, 20, 500],
  ])("follows the contest's own settings: %j", (settings, minute, rejected, expected) => {
    const format = { ...codeforcesFormat, ...settings };
    expect(decayedPoints(format, 1000, minute * MINUTE_MS, rejected, minutes(120))).toBe(expected);
  });

  it("are hundredths at most", () => {
    expect(decayedPoints({ ...codeforcesFormat, floorPercent: 33 }, 1, 0, 9, minutes(120))).toBe(0.33);
  });
});

describe("a problem in a Codeforces round", () => {
  it.each<[rule: string, tried: string, cell: string]>([
    ["nobody tried is empty", "", "0/0"],
    ["is pending until it is judged", "?@5", "0/1"],
    ["brings what is left at its minute", "AC@10", "1/0 960 @10:00 #1"],
    ["loses the deduction for each rejected attempt before", "WA@3 TLE@9 AC@10", "3/0 860 -100 @10:00 #3"],
    ["loses nothing for a compile error", "CE@3 AC@10", "1/0 960 @10:00 #2"],
    ["loses nothing while it is not solved", "WA@3 WA@4", "2/0"],
    ["brings nothing for a part", "WA=900@3", "1/0"],
    ["ignores what comes after the accepted attempt", "AC@10 WA@11 AC@12 ?@13", "1/0 960 @10:00 #1"],
    ["shows what is pending before the accepted attempt", "?@9 AC@10", "1/1 960 @10:00 #2"],
  ])("%s: %s", (_rule, tried, expected) => {
    expect(shortly(codeforces(codeforcesFormat).cell(passFail("B"), attempts(tried), minutes(120)))).toBe(
      expected,
    );
  });

  it("brings the contest's points, not those of its package", () => {
    const cell = codeforces(codeforcesFormat).cell(scored("B"), attempts("AC=100@0"), minutes(120));
    expect(cell.points).toBe(1000);
  });
});

describe("the ranking of a Codeforces round", () => {
  const contest = {
    format: codeforcesFormat,
    clock: minutes(120),
    problems: ["A", "B", "C", "D", "E"].map(passFail),
  };
  const ranks = (tried: Parameters<typeof logOf>[0]) =>
    standings(contest, logOf(tried), ["points", "solved"]);

  it.each<[rule: string, tried: Parameters<typeof logOf>[0], ranking: string[]]>([
    [
      "adds up the first example of 604A, without hacks",
      {
        kevin: {
          A: "AC@20",
          B: "WA@1 AC@40",
          C: "WA@1 WA@2 AC@60",
          D: "WA@1 WA@2 WA@3 AC@80",
          E: "WA@1 WA@2 WA@3 WA@4 AC@100",
        },
      },
      ["1 kevin 4800 5"],
    ],
    [
      "adds up the second one",
      { kevin: { A: "AC@119", B: "AC@119", C: "AC@119", D: "AC@119", E: "AC@119" } },
      ["1 kevin 3930 5"],
    ],
    [
      "goes by points, not by problems solved",
      { a: { A: "AC@1", B: "AC@2" }, b: { E: "AC@90" } },
      ["1 b 1600 1", "2 a 1490 2"],
    ],
    [
      "shares a rank for the same points, whenever they came",
      { b: { A: "AC@10" }, a: { B: "WA@1 WA@2 WA@3 WA@4 AC@80" }, c: { B: "AC@119" } },
      ["1 c 524 1", "2 a 480 1", "2 b 480 1"],
    ],
    ["gives all who solved nothing one rank", { b: { A: "WA@1" }, a: { A: "?@1" } }, ["1 a 0 0", "1 b 0 0"]],
  ])("%s", (_rule, tried, ranking) => {
    expect(ranks(tried)).toEqual(ranking);
  });

  it("shows points, and each problem with what it was worth at the start", () => {
    expect(codeforces(codeforcesFormat).columns([passFail("E")])).toEqual([
      { type: "rank" },
      { type: "team" },
      { type: "total", of: "points", unit: "points" },
      {
        type: "problem",
        label: "E",
        worth: 2500,
        figures: [{ type: "points" }, { type: "rejected" }, { type: "solvedAt", to: "minute" }],
      },
    ]);
  });
});
