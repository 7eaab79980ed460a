import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { MINUTE_MS } from "../protocol/contest.ts";
import { ContestStatistics } from "../protocol/contest-statistics.ts";
import type { LanguageId } from "../protocol/language.ts";
import { Verdict } from "../protocol/verdict.ts";
import { freezeTime } from "./contest-clock.ts";
import { binWidth, contestStatistics, type CountedAttempt, knownAttempts } from "./contest-statistics.ts";
import { boardOf, emptyStandings, firstSolves, fold } from "./scoreboard.ts";
import { seededRandom } from "./seeded-random.ts";

const times = { durationMs: 300 * MINUTE_MS, freezeMs: 60 * MINUTE_MS };
const labels = ["A", "B", "C"];

/** Attempts from words: `t1 A 12 WA` or, without a verdict, `t1 A 12`; a language may follow. */
function attempts(...words: string[]): CountedAttempt[] {
  return words.map((word) => {
    const [team = "", label = "", minute = "", verdict = "-", language = "cpp"] = word.split(" ");
    return {
      team,
      label,
      language: language === "py" ? "python3" : "cpp",
      at: Number(minute) * MINUTE_MS,
      verdict: Verdict.options.find((option) => option === verdict) ?? null,
    };
  });
}

const of = (words: readonly string[], view: "public" | "jury" = "public"): ContestStatistics =>
  contestStatistics(attempts(...words), times, labels, view);

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
    const short = contestStatistics(
      attempts("a A 60.5 AC"),
      { durationMs: 61 * MINUTE_MS, freezeMs: 0 },
      labels,
      "jury",
    );
    expect(short.bins).toHaveLength(31);
    expect(short.bins.at(-1)?.accepted).toBe(1);
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
    expect(of(["a C 1 AC", "a A 2 AC"]).problems.map(({ label }) => label)).toEqual(labels);
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

describe("whatever the contest", () => {
  const random = seededRandom(240);
  const oneOf = <T>(...choices: [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const anyTimes = (): typeof times =>
    oneOf(times, { ...times, freezeMs: 0 }, { ...times, freezeMs: times.durationMs });
  const anyAttempts = (): CountedAttempt[] =>
    Array.from({ length: Math.floor(random() * 80) }, () => ({
      team: oneOf("t1", "t2", "t3", "t4"),
      label: oneOf("A", "B", "C", "Z"),
      language: oneOf<LanguageId>("cpp", "python3", "java"),
      at: Math.floor(random() * 310) * MINUTE_MS + Math.floor(random() * 3),
      verdict: oneOf<Verdict | null>("AC", "AC", "WA", "TLE", "CE", null),
    }));
  const total = (counts: object): number =>
    Object.values(counts).reduce((sum: number, count: number) => sum + count, 0);

  it("the public's figures are those of the log with the results of the freeze blanked", () => {
    for (let round = 0; round < 200; round++) {
      const log = anyAttempts();
      const clock = anyTimes();
      const blanked = log.map((attempt) =>
        attempt.at >= freezeTime(clock) ? { ...attempt, verdict: null } : attempt,
      );
      const { frozen: _, ...seen } = contestStatistics(log, clock, labels, "public");
      expect(contestStatistics(blanked, clock, labels, "jury")).toEqual({ ...seen, frozen: false });
    }
  });

  it("not one figure of the public's changes with what happens in the freeze", () => {
    for (let round = 0; round < 200; round++) {
      const log = anyAttempts();
      const other = log.map((attempt) =>
        attempt.at >= freezeTime(times)
          ? { ...attempt, verdict: oneOf<Verdict | null>("AC", "WA", "CE", null) }
          : attempt,
      );
      expect(contestStatistics(other, times, labels, "public")).toEqual(
        contestStatistics(log, times, labels, "public"),
      );
      expect(knownAttempts(other, times, "public")).toEqual(knownAttempts(log, times, "public"));
    }
  });

  it("every submission is counted once in each chart", () => {
    for (let round = 0; round < 100; round++) {
      const found = contestStatistics(anyAttempts(), anyTimes(), labels, oneOf("public", "jury"));
      expect(v.is(ContestStatistics, found)).toBe(true);
      expect(total(found.verdicts)).toBe(found.submissions);
      const summed = (parts: readonly { submissions: number }[]): number =>
        parts.reduce((sum, { submissions }) => sum + submissions, 0);
      expect([summed(found.problems), summed(found.languages)]).toEqual([
        found.submissions,
        found.submissions,
      ]);
      const bins = found.bins.map(({ accepted, rejected, pending }) => accepted + rejected + pending);
      expect(total(bins)).toBe(found.submissions);
      expect(total(found.teamsBySolved)).toBe(found.teamsTrying);
      for (const problem of found.problems) {
        expect(total(problem.verdicts)).toBe(problem.submissions);
        expect(total(problem.teamsByTries)).toBe(problem.solvedBy);
        expect(problem.solvedBy).toBeLessThanOrEqual(problem.triedBy);
      }
    }
  });

  it("solves and first solves are the scoreboard's", () => {
    for (let round = 0; round < 100; round++) {
      const log = anyAttempts();
      const view = oneOf<"public" | "jury">("public", "jury");
      const standings = emptyStandings();
      const problems = labels.map((label) => ({ label, colour: "#000000" }));
      fold(standings, { type: "contest", clock: { startAt: 0, penaltyMinutes: 20, ...times }, problems });
      for (const [index, { team, label, at, verdict }] of log.entries()) {
        const submission = String(index);
        fold(standings, { type: "submission", submission, team, label, at });
        if (verdict !== null) fold(standings, { type: "judgement", submission, round: 1, verdict });
      }
      const { cells } = boardOf(standings, 0, 0, view);
      const firsts = firstSolves(cells);
      for (const { label, solvedBy, firstSolve } of contestStatistics(log, times, labels, view).problems) {
        expect(solvedBy).toBe(cells.filter((cell) => cell.label === label && cell.solvedAt !== null).length);
        expect(firstSolve?.team).toBe(firsts.get(label));
      }
    }
  });

  it("the order of the attempts does not matter where no two of a cell share a millisecond", () => {
    for (let round = 0; round < 60; round++) {
      const log = anyAttempts().map((attempt, index) => ({ ...attempt, at: attempt.at + 10 * index }));
      expect(contestStatistics(log.toReversed(), times, labels, "public")).toEqual(
        contestStatistics(log, times, labels, "public"),
      );
    }
  });
});
