import { describe, expect, it } from "vitest";
import { MINUTE_MS } from "../protocol/contest.ts";
import { ContestStatistics } from "../protocol/contest-statistics.ts";
import type { ContestFormat } from "../protocol/contest-format.ts";
import type { Look } from "./contest-board.ts";
import {
  contestOf,
  LABELS,
  languagesOf,
  type Setting,
  timed,
  told,
  type Told,
} from "./contest-statistics-testing.ts";
import { binWidth, contestStatistics } from "./contest-statistics.ts";

const look = (view: Look["view"], over = false): Look => ({ view, over });

const statisticsOf = (log: readonly Told[], { view, over }: Look, setting?: Setting): ContestStatistics =>
  contestStatistics(contestOf(log, setting), languagesOf(log), { view, over });

const of = (words: readonly string[], view: Look["view"] = "public"): ContestStatistics =>
  statisticsOf(told(...words), look(view));

const icpc: ContestFormat = { type: "icpc", penaltyMinutes: 20 };
const silentFormat: ContestFormat = { type: "ioi", counts: "best", feedback: "none", points: { A: 100 } };

const minutes = (ms: number | undefined): number | undefined => (ms === undefined ? ms : ms / MINUTE_MS);

describe("what is counted", () => {
  it.each<[string, string[], number, Record<string, number>]>([
    ["nothing", [], 0, {}],
    ["each verdict", ["a A 1 AC", "a B 2 WA", "b A 3 CE", "b B 4 TLE"], 4, { AC: 1, WA: 1, CE: 1, TLE: 1 }],
    ["what is pending", ["a A 1", "b A 2 AC"], 2, { pending: 1, AC: 1 }],
    ["what comes after a team's solve", ["a A 1 AC", "a A 2 WA", "a A 3 AC"], 3, { AC: 2, WA: 1 }],
    ["nothing from the end on", ["a A 299 AC", "a A 300 AC", "a A 301 AC"], 1, { pending: 1 }],
    ["nothing on other problems", ["a Z 1 AC", "a A 1 WA"], 1, { WA: 1 }],
    ["the frozen as pending", ["a A 239 WA", "a A 240 AC", "b A 250 CE"], 3, { WA: 1, pending: 2 }],
  ])("is %s", (_, words, submissions, verdicts) => {
    const statistics = of(words);
    const filled = Object.entries(statistics.verdicts).filter(([, count]) => count > 0);
    expect(statistics.submissions).toBe(submissions);
    expect(Object.fromEntries(filled)).toEqual(verdicts);
  });

  it("is everything to the jury", () => {
    expect(of(["a A 240 AC", "b A 299 CE"], "jury").verdicts).toMatchObject({ AC: 1, CE: 1, pending: 0 });
  });

  it("is everything to everybody after the thaw", () => {
    const thawed = { timed: timed({ thawedAt: 400 * MINUTE_MS }), format: icpc };
    const { verdicts, frozen } = statisticsOf(told("a A 240 AC", "b A 299 CE"), look("public", true), thawed);
    expect(verdicts).toMatchObject({ AC: 1, CE: 1, pending: 0 });
    expect(frozen).toBe(false);
  });

  it.each([
    [false, { AC: 0, WA: 0, pending: 2 }],
    [true, { AC: 1, WA: 1, pending: 0 }],
  ])("shows nothing before the end where teams are told nothing: over %s", (over, verdicts) => {
    const silent = { timed: timed({}, 0), format: silentFormat };
    const log = told("a A 1 AC", "b A 2 WA");
    expect(statisticsOf(log, look("public", over), silent).verdicts).toMatchObject(verdicts);
    expect(statisticsOf(log, look("jury", over), silent).verdicts).toMatchObject({ AC: 1, WA: 1 });
  });

  it.each<[string, string[], "public" | "jury", boolean]>([
    ["before anything is hidden", ["a A 1 AC"], "public", false],
    ["once something is hidden", ["a A 240 AC"], "public", true],
    ["never to the jury", ["a A 240 AC"], "jury", false],
  ])("is marked as frozen: %s", (_, words, view, frozen) => {
    expect(of(words, view).frozen).toBe(frozen);
  });

  it.each<[string, string[], number | null]>([
    ["nothing", [], null],
    ["what is pending", ["a A 1"], null],
    ["one of two", ["a A 1 AC", "b A 2 WA"], 0.5],
    ["one of two and a pending one", ["a A 1 AC", "b A 2 WA", "c A 3"], 0.5],
    ["compile errors too", ["a A 1 AC", "a A 2 CE", "a A 3 CE", "a A 4 WA"], 0.25],
    ["none of two", ["a A 1 WA", "b A 2 WA"], 0],
  ])("gives an acceptance of %s", (_, words, acceptance) => {
    expect(of(words).acceptance).toBe(acceptance);
    expect(of(words).problems[0]?.acceptance).toBe(acceptance);
  });

  it.each<[string, string[], number, number, number[]]>([
    ["nobody", [], 0, 0, []],
    ["who tried in vain", ["a A 1 WA", "b A 2"], 2, 0, [2]],
    ["who solved two", ["a A 1 AC", "a B 2 AC", "b A 2 AC", "c C 3 WA"], 3, 2, [1, 1, 1]],
    ["a problem solved twice once", ["a A 1 AC", "a A 2 AC"], 1, 1, [0, 1]],
  ])("has as teams %s", (_, words, trying, solving, bySolved) => {
    const { teamsTrying, teamsSolving, teamsBySolved } = of(words);
    expect([teamsTrying, teamsSolving, teamsBySolved]).toEqual([trying, solving, bySolved]);
  });
});

describe("submissions over time", () => {
  it.each([
    [1, 1],
    [60, 1],
    [61, 2],
    [120, 2],
    [300, 5],
    [301, 10],
    [24 * 60, 30],
    [7 * 24 * 60, 180],
    [366 * 24 * 60, 10_080],
    [2 * 366 * 24 * 60, 10_080],
  ])("of %d minutes stand in bins of %d", (duration, width) => {
    expect(binWidth(duration * MINUTE_MS)).toBe(width * MINUTE_MS);
  });

  it("fall into the bin that they are sent in, from its first millisecond on", () => {
    const { bins, binMs } = of(["a A 0 AC", "a A 4.99 WA", "a B 5", "b A 9 CE", "b B 299.9 WA"], "jury");
    expect(binMs).toBe(5 * MINUTE_MS);
    expect(bins).toHaveLength(60);
    expect(bins[0]).toEqual({ from: 0, accepted: 1, rejected: 1, pending: 0 });
    expect(bins[1]).toEqual({ from: binMs, accepted: 0, rejected: 1, pending: 1 });
    expect(bins[59]).toEqual({ from: 59 * binMs, accepted: 0, rejected: 1, pending: 0 });
  });

  it("have a shorter last bin where the width does not fit", () => {
    const times = timed();
    const short = { ...times, times: { ...times.times, durationMs: 61 * MINUTE_MS, freezeMs: 0 } };
    const { bins } = statisticsOf(told("a A 60.5 AC"), look("jury"), { timed: short, format: icpc });
    expect(bins).toHaveLength(31);
    expect(bins.at(-1)?.accepted).toBe(1);
  });

  it("go on for as long as a team with extra time submits", () => {
    const times = timed();
    const teams = { a: { extraMs: 60 * MINUTE_MS, beganAt: null } };
    const longer = { ...times, times: { ...times.times, teams } };
    const { bins, submissions } = statisticsOf(told("a A 320 AC", "b A 320 AC"), look("jury"), {
      timed: longer,
      format: icpc,
    });
    expect(submissions).toBe(1);
    expect(bins.at(-1)).toMatchObject({ from: 320 * MINUTE_MS, accepted: 1 });
  });
});

describe("a problem", () => {
  it.each<[string, string[], number, number]>([
    ["nobody", [], 0, 0],
    ["a team that failed", ["a A 1 WA"], 1, 0],
    ["a team that is waiting", ["a A 1"], 1, 0],
    ["a team that solved it twice", ["a A 1 AC", "a A 2 AC"], 1, 1],
    ["two teams, one of them in vain", ["a A 1 WA", "b A 2 AC"], 2, 1],
    ["a team that solved it in the freeze", ["a A 250 AC"], 1, 0],
  ])("was tried and solved by %s", (_, words, triedBy, solvedBy) => {
    expect(of(words).problems[0]).toMatchObject({ label: "A", triedBy, solvedBy });
  });

  it.each<[string, string[], string | null, number | undefined]>([
    ["nobody", ["a A 1 WA"], null, undefined],
    ["the earliest, whatever the order", ["a A 9 AC", "b A 5 AC"], "b", 5],
    ["the smaller id at the same time", ["b A 5 AC", "a A 5 AC"], "a", 5],
    ["a team's first acceptance", ["a A 5 AC", "a A 2 AC"], "a", 2],
    ["nobody in the freeze", ["a A 240 AC"], null, undefined],
  ])("was first solved by %s", (_, words, team, minute) => {
    const { firstSolve } = of(words).problems[0] ?? {};
    expect([firstSolve?.team ?? null, minutes(firstSolve?.at)]).toEqual([team, minute]);
    expect(firstSolve?.name).toBe(team === null ? undefined : `Team ${team}`);
  });

  it.each<[string, string[], number[]]>([
    ["nothing without a solve", ["a A 1 WA"], []],
    ["one for a solve at once", ["a A 1 AC"], [1]],
    ["the rejected ones before", ["a A 1 WA", "a A 2 TLE", "a A 3 AC"], [0, 0, 1]],
    ["no compile errors", ["a A 1 CE", "a A 2 CE", "a A 3 AC"], [1]],
    ["none that are pending", ["a A 1", "a A 2 AC"], [1]],
    ["none after the solve", ["a A 1 AC", "a A 2 WA", "a A 3 WA"], [1]],
    ["those of each team", ["a A 1 AC", "b A 1 WA", "b A 2 AC", "c A 3 WA", "c A 4 AC"], [1, 2]],
    ["no other problem's", ["a B 1 WA", "a A 2 AC"], [1]],
  ])("takes as tries %s", (_, words, teamsByTries) => {
    expect(of(words).problems[0]?.teamsByTries).toEqual(teamsByTries);
  });

  it("has the quartiles of its solve times and tries", () => {
    const { problems } = of(["a A 10 AC", "b A 20 AC", "c A 30 WA", "c A 40 AC", "d A 80 AC", "e A 90 WA"]);
    const { solveTimes, tries } = problems[0] ?? {};
    const shown = [
      solveTimes?.least,
      solveTimes?.lower,
      solveTimes?.median,
      solveTimes?.upper,
      solveTimes?.most,
    ];
    expect(shown.map(minutes)).toEqual([10, 10, 20, 40, 80]);
    expect(tries).toEqual({ least: 1, lower: 1, median: 1, upper: 1, most: 2 });
    expect(problems[1]).toMatchObject({ solveTimes: null, tries: null, teamsByTries: [] });
  });

  it("stands in the contest's order", () => {
    expect(of(["a C 1 AC", "a A 2 AC"]).problems.map(({ label }) => label)).toEqual(LABELS);
  });
});

describe("languages", () => {
  it("stand by how much they are used, with their teams", () => {
    expect(of(["a A 1 AC py", "a B 2 WA py", "b A 3 AC", "b A 250 AC py"]).languages).toEqual([
      { language: "python3", submissions: 3, accepted: 1, pending: 1, teams: 2 },
      { language: "cpp", submissions: 1, accepted: 1, pending: 0, teams: 1 },
    ]);
  });

  it("stand by their ids when used as much", () => {
    expect(of(["a A 1 AC py", "a B 2 WA"]).languages.map(({ language }) => language)).toEqual([
      "cpp",
      "python3",
    ]);
  });
});
