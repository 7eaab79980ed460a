import { describe, expect, it } from "vitest";
import { icpc } from "./icpc.ts";
import { attempts, clock, icpcFormat, logOf, passFail, shortly, spectator, standings } from "./testing.ts";

const cell = (text: string, penaltyMinutes = 20): string =>
  shortly(icpc({ type: "icpc", penaltyMinutes }).cell(passFail("A"), attempts(text), clock));

describe("a problem in an ICPC contest", () => {
  it.each<[rule: string, tried: string, cell: string]>([
    ["nobody tried is empty", "", "0/0"],
    ["is pending until it is judged", "?@5", "0/1"],
    ["counts every pending attempt", "?@5 ?@6", "0/2"],
    ["takes the minute of its accepted attempt", "AC@27", "1/0 1 -27 @27:00 #1"],
    ["cuts seconds off", "AC@27:59.999", "1/0 1 -27 @27:59 #1"],
    ["solved in the first minute takes none", "AC@0:59", "1/0 1 @0:59 #1"],
    ["takes 20 minutes more for a wrong answer", "WA@5 AC@27", "2/0 1 -47 @27:00 #2"],
    ["takes 20 minutes more for a time limit", "TLE@5 AC@27", "2/0 1 -47 @27:00 #2"],
    ["takes 20 minutes more for a run-time error", "RTE@5 AC@27", "2/0 1 -47 @27:00 #2"],
    ["takes 20 minutes more for a memory limit", "MLE@5 AC@27", "2/0 1 -47 @27:00 #2"],
    ["takes 20 minutes more for an output limit", "OLE@5 AC@27", "2/0 1 -47 @27:00 #2"],
    ["takes nothing for a compile error", "CE@5 AC@27", "1/0 1 -27 @27:00 #2"],
    ["takes nothing for many compile errors", "CE@1 CE@2 CE@3 AC@27", "1/0 1 -27 @27:00 #4"],
    ["takes nothing for what has no result", "?@5 AC@27", "1/1 1 -27 @27:00 #2"],
    ["counts rejected attempts at the same time", "WA@5 WA@5 AC@5", "3/0 1 -45 @5:00 #3"],
    ["takes nothing while it is not solved", "WA@5 TLE@6", "2/0"],
    ["counts no compile error as an attempt", "CE@5", "0/0"],
    ["ignores rejected attempts after the accepted one", "AC@27 WA@59", "1/0 1 -27 @27:00 #1"],
    ["ignores a second accepted one", "AC@27 AC@59", "1/0 1 -27 @27:00 #1"],
    ["ignores what is pending after the accepted one", "AC@27 ?@59", "1/0 1 -27 @27:00 #1"],
    ["is solved by a score's verdict alone", "WA=99@5 AC=100@27", "2/0 1 -47 @27:00 #2"],
  ])("%s: %s", (_rule, tried, expected) => {
    expect(cell(tried)).toBe(expected);
  });

  it.each([
    [0, "2/0 1 -27 @27:00 #2"],
    [5, "2/0 1 -32 @27:00 #2"],
    [1000, "2/0 1 -1027 @27:00 #2"],
  ])("takes the contest's own penalty of %d minutes", (minutes, expected) => {
    expect(cell("WA@5 AC@27", minutes)).toBe(expected);
  });
});

describe("the ranking of an ICPC contest", () => {
  const contest = { format: icpcFormat, clock, problems: ["A", "B", "C", "D", "E"].map(passFail) };
  const ranks = (tried: Parameters<typeof logOf>[0]) =>
    standings(contest, logOf(tried), ["solved", "penalty", "time"]);

  it.each<[source: string, tried: Record<string, string>, totals: string]>([
    // "Technical specifications" of the South Pacific contests, which are ICPC regionals.
    [
      "the South Pacific's example",
      { A: "TLE@8 WA@23 AC@27 WA@59", B: "CE@42 RTE@43 AC@52", C: "TLE@58" },
      "2 139 52",
    ],
    // The "Rules" page of every Kattis contest.
    ["Kattis' example", { A: "WA@1 WA@2 AC@30", B: "WA@3 WA@4 WA@5", C: "WA@40 AC@45" }, "2 135 45"],
    // Ranking rules of the ICPC's domestic contest of 2008 in Japan: start at 16:30.
    [
      "the Japanese example",
      { A: "AC@40", B: "WA@60 WA@80 AC@100", C: "WA@145 WA@175", D: "WA@90" },
      "2 180 100",
    ],
    ["no problem solved", { A: "WA@1" }, "0 0 0"],
    ["one at the start", { A: "AC@0" }, "1 0 0"],
    ["each problem's seconds are cut off, not the sum's", { A: "AC@10:40", B: "AC@20:40" }, "2 30 20"],
    ["the last problem solved, not the last in the list", { A: "AC@200", B: "AC@100" }, "2 300 200"],
  ])("adds up %s", (_source, tried, totals) => {
    expect(ranks({ team: tried })).toEqual([`1 team ${totals}`]);
  });

  it.each<[rule: string, tried: Parameters<typeof logOf>[0], ranking: string[]]>([
    [
      "goes by problems solved first",
      { a: { A: "AC@1" }, b: { A: "AC@200", B: "AC@250" } },
      ["1 b 2 450 250", "2 a 1 1 1"],
    ],
    [
      "then by the least penalty",
      { a: { A: "WA@1 AC@11" }, b: { A: "AC@30" } },
      ["1 b 1 30 30", "2 a 1 31 11"],
    ],
    [
      "then by the earliest last problem solved",
      { a: { A: "AC@10", B: "AC@50" }, b: { A: "AC@20", B: "AC@40" } },
      ["1 b 2 60 40", "2 a 2 60 50"],
    ],
    [
      "compares last problems by the minute",
      { b: { A: "AC@10:01" }, a: { A: "AC@10:59" } },
      ["1 a 1 10 10", "1 b 1 10 10"],
    ],
    [
      "gives equal teams one rank, by name, and skips",
      { d: { A: "AC@9" }, c: { A: "AC@10" }, b: { A: "AC@10" }, a: { A: "AC@11" } },
      ["1 d 1 9 9", "2 b 1 10 10", "2 c 1 10 10", "4 a 1 11 11"],
    ],
    [
      "gives all who solved nothing one rank",
      { b: { A: "WA@9" }, a: { A: "CE@9" } },
      ["1 a 0 0 0", "1 b 0 0 0"],
    ],
    [
      "takes no notice of rejected attempts on unsolved problems",
      { b: { A: "AC@9", B: "WA@10 WA@11" }, a: { A: "AC@9" } },
      ["1 a 1 9 9", "1 b 1 9 9"],
    ],
  ])("%s", (_rule, tried, ranking) => {
    expect(ranks(tried)).toEqual(ranking);
  });

  it("shows the public what was solved before the freeze", () => {
    const log = logOf({ a: { A: "AC@239:59.999" }, b: { A: "AC@100", B: "AC@240" } });
    expect(standings(contest, log, ["solved", "penalty"], spectator)).toEqual(["1 b 1 100", "2 a 1 239"]);
    expect(standings(contest, log, ["solved", "penalty"])).toEqual(["1 b 2 340", "2 a 1 239"]);
  });

  it("shows problems, minutes, and attempts with the minute of solving", () => {
    expect(icpc(icpcFormat).columns([passFail("A")])).toEqual([
      { type: "rank" },
      { type: "team" },
      { type: "total", of: "solved", unit: "problems" },
      { type: "total", of: "penalty", unit: "minutes" },
      {
        type: "problem",
        label: "A",
        worth: null,
        figures: [{ type: "attempts" }, { type: "solvedAt", to: "minute" }],
      },
    ]);
  });
});
