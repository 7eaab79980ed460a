import { describe, expect, it } from "vitest";
import type { RunVerdict } from "../protocol/verdict.ts";
import { testCase as test } from "./package/example.ts";
import type { Package, TestGroup } from "./package/package.ts";
import {
  isDecided,
  type JudgedTest,
  judgingPlan,
  scoreSubmission,
  submissionVerdict,
  summedGroups,
} from "./submission-verdict.ts";

type Scoring = Pick<Package, "samples" | "groups" | "legacyGrading" | "scoreAggregation" | "maxScore">;

function group(name: string, count: number, rest: Partial<TestGroup> = {}): TestGroup {
  const tests = Array.from({ length: count }, (_, index) => test(`secret/${name}/${index + 1}`));
  return { name: `secret/${name}`, maxScore: 50, aggregation: "pass-fail", requirePass: [], tests, ...rest };
}

function problem(groups: TestGroup[], rest: Partial<Scoring> = {}): Scoring {
  return {
    samples: [test("sample/1")],
    groups,
    legacyGrading: null,
    scoreAggregation: "sum",
    maxScore: 100,
    ...rest,
  };
}

const passFail = problem([group("", 3)], { scoreAggregation: null, maxScore: 0 });

/** Judges as a judge does: in order, leaving out what is decided. Tests are accepted unless `failing` says otherwise. */
function judge(
  pkg: Scoring,
  failing: Record<string, RunVerdict> = {},
  scores: Record<string, number> = {},
): JudgedTest[] {
  const runs: JudgedTest[] = [];
  for (const step of judgingPlan(pkg)) {
    if (isDecided(pkg, step, runs)) continue;
    const { name } = step.test;
    runs.push({ name, verdict: failing[name] ?? "AC", score: scores[name] ?? null });
  }
  return runs;
}

function names(runs: JudgedTest[]): string[] {
  return runs.map((run) => run.name);
}

describe("the verdict on a submission", () => {
  it("is that of the first test that was not accepted", () => {
    expect(
      submissionVerdict([
        { name: "1", verdict: "AC" },
        { name: "2", verdict: "TLE" },
        { name: "3", verdict: "WA" },
      ]),
    ).toBe("TLE");
  });

  it("is AC when every test is", () => {
    expect(submissionVerdict([{ name: "1", verdict: "AC" }])).toBe("AC");
  });
});

describe("a pass-fail problem", () => {
  it("is judged by its samples first, then by its secret tests in order", () => {
    expect(names(judge(passFail))).toEqual(["sample/1", "secret//1", "secret//2", "secret//3"]);
  });

  it("is decided by the first test that is not accepted", () => {
    const runs = judge(passFail, { "secret//2": "RTE", "secret//3": "WA" });
    expect(names(runs)).toEqual(["sample/1", "secret//1", "secret//2"]);
    expect(scoreSubmission(passFail, runs)).toEqual({ verdict: "RTE", score: null, groups: [] });
  });

  it("is decided by a sample", () => {
    expect(names(judge(passFail, { "sample/1": "WA" }))).toEqual(["sample/1"]);
  });
});

describe("a scored problem", () => {
  const two = problem([group("1", 2, { maxScore: 30 }), group("2", 2, { maxScore: 70 })]);

  it("gives the points of every group that passed", () => {
    expect(scoreSubmission(two, judge(two))).toMatchObject({ verdict: "AC", score: 100 });
    expect(scoreSubmission(two, judge(two, { "secret/1/1": "WA" }))).toEqual({
      verdict: "WA",
      score: 70,
      groups: [
        { name: "secret/1", score: 0, maxScore: 30 },
        { name: "secret/2", score: 70, maxScore: 70 },
      ],
    });
  });

  it("has groups that count for themselves where their scores are added up, and no others", () => {
    const { groups } = scoreSubmission(two, judge(two, { "secret/1/1": "WA" }));
    expect(summedGroups(two, groups)).toEqual([
      { name: "secret/1", score: 0 },
      { name: "secret/2", score: 70 },
    ]);
    for (const scoreAggregation of ["min", "pass-fail", null] as const)
      expect(summedGroups({ ...two, scoreAggregation }, groups)).toEqual([]);
  });

  it("skips the rest of a group that failed, and goes on with the next", () => {
    expect(names(judge(two, { "secret/1/1": "WA" }))).toEqual([
      "sample/1",
      "secret/1/1",
      "secret/2/1",
      "secret/2/2",
    ]);
  });

  it("gives samples no points, but a failed sample a verdict", () => {
    expect(scoreSubmission(two, judge(two, { "sample/1": "WA" }))).toMatchObject({
      verdict: "WA",
      score: 100,
    });
  });

  it("runs every sample, since the groups' points do not hang on them", () => {
    const samples = [test("sample/1"), test("sample/2")];
    expect(names(judge({ ...two, samples }, { "sample/1": "WA" }))).toHaveLength(6);
  });

  it("never says AC for part of the points, so that part is not solved", () => {
    expect(scoreSubmission(two, judge(two, { "secret/2/2": "TLE" }))).toMatchObject({
      verdict: "TLE",
      score: 30,
    });
  });

  it("shares a group's points among the tests of a sum, and runs them all", () => {
    const thirds = problem([group("1", 3, { aggregation: "sum", maxScore: 100 })]);
    expect(scoreSubmission(thirds, judge(thirds)).score).toBe(100);
    const runs = judge(thirds, { "secret/1/1": "WA" });
    expect(names(runs)).toEqual(["sample/1", "secret/1/1", "secret/1/2", "secret/1/3"]);
    expect(scoreSubmission(thirds, runs).score).toBeCloseTo(200 / 3, 9);
  });

  it("takes the least of the tests' scores for a minimum, and stops at the first failure", () => {
    const least = problem([group("1", 3, { aggregation: "min", maxScore: 100 })]);
    expect(
      scoreSubmission(least, judge(least, {}, { "secret/1/1": 80, "secret/1/2": 20, "secret/1/3": 60 }))
        .score,
    ).toBe(20);
    const runs = judge(least, { "secret/1/2": "WA" }, { "secret/1/1": 80 });
    expect(names(runs)).toEqual(["sample/1", "secret/1/1", "secret/1/2"]);
    expect(scoreSubmission(least, runs).score).toBe(0);
  });

  it("adds what the validator gave, where there is no bound", () => {
    const unbounded = problem([group("1", 2, { aggregation: "sum", maxScore: Infinity })], {
      maxScore: Infinity,
    });
    expect(
      scoreSubmission(unbounded, judge(unbounded, {}, { "secret/1/1": 1000, "secret/1/2": 0.5 })).score,
    ).toBe(1000.5);
    expect(() => scoreSubmission(unbounded, judge(unbounded))).toThrow("has no score");
  });

  it("takes the least of the groups, and is decided by one without points", () => {
    const least = problem([group("1", 2, { maxScore: 30 }), group("2", 2, { maxScore: 30 })], {
      scoreAggregation: "min",
      maxScore: 30,
    });
    expect(scoreSubmission(least, judge(least)).score).toBe(30);
    const runs = judge(least, { "secret/1/2": "WA" });
    expect(names(runs)).toEqual(["sample/1", "secret/1/1", "secret/1/2"]);
    expect(scoreSubmission(least, runs).score).toBe(0);
  });

  it("may be all or nothing", () => {
    const all = problem([group("1", 1, { maxScore: 1 }), group("2", 1, { maxScore: 1 })], {
      scoreAggregation: "pass-fail",
    });
    expect(scoreSubmission(all, judge(all)).score).toBe(100);
    expect(scoreSubmission(all, judge(all, { "secret/2/1": "WA" })).score).toBe(0);
  });

  it("is a judge error when a score exceeds its bound", () => {
    const one = problem([group("1", 1, { aggregation: "min", maxScore: 10 })]);
    expect(() => scoreSubmission(one, judge(one, {}, { "secret/1/1": 11 }))).toThrow(
      "secret/1: a score of 11 exceeds max_score, 10.",
    );
    expect(() => scoreSubmission({ ...two, maxScore: 99 }, judge(two))).toThrow(
      "secret: a score of 100 exceeds max_score, 99.",
    );
  });
});

describe("require_pass", () => {
  const chain = problem([
    group("1", 2, { maxScore: 20 }),
    group("2", 2, { maxScore: 30, requirePass: ["secret/1"] }),
    group("3", 1, { maxScore: 50, requirePass: ["secret/2"], aggregation: "sum" }),
  ]);

  it("gives points to groups whose required groups passed", () => {
    expect(scoreSubmission(chain, judge(chain)).score).toBe(100);
    expect(scoreSubmission(chain, judge(chain, { "secret/3/1": "WA" })).score).toBe(50);
  });

  it("leaves a group out, and those that require it, when a required one failed", () => {
    const runs = judge(chain, { "secret/1/2": "TLE" });
    expect(names(runs)).toEqual(["sample/1", "secret/1/1", "secret/1/2"]);
    expect(scoreSubmission(chain, runs)).toMatchObject({ verdict: "TLE", score: 0 });
  });

  it("may name the samples", () => {
    const careful = problem([group("1", 1, { maxScore: 100, requirePass: ["sample"] })]);
    const runs = judge(careful, { "sample/1": "WA" });
    expect(names(runs)).toEqual(["sample/1"]);
    expect(scoreSubmission(careful, runs).score).toBe(0);
    expect(scoreSubmission(careful, judge(careful)).score).toBe(100);
  });
});

describe("leaving out what is decided", () => {
  it("never changes the verdict or the score", () => {
    const problems = [
      passFail,
      problem([
        group("1", 2, { maxScore: 30 }),
        group("2", 2, { maxScore: 70, requirePass: ["secret/1", "sample"] }),
      ]),
      problem([group("1", 2, { maxScore: 50 }), group("2", 2, { maxScore: 50, aggregation: "min" })], {
        scoreAggregation: "min",
        maxScore: 50,
      }),
      problem([
        group("1", 2, { maxScore: 30, aggregation: "sum" }),
        group("2", 2, { maxScore: 70, aggregation: "min" }),
      ]),
      problem([group("1", 2, { maxScore: 1 }), group("2", 2, { maxScore: 1 })], {
        scoreAggregation: "pass-fail",
      }),
    ];
    for (const pkg of problems) {
      const plan = judgingPlan(pkg);
      for (let outcome = 0; outcome < 2 ** plan.length; outcome++) {
        const verdict = (index: number): RunVerdict =>
          (outcome >> index) % 2 === 0 ? "AC" : index % 2 === 0 ? "WA" : "TLE";
        const whole = plan.map((step, index) => ({
          name: step.test.name,
          verdict: verdict(index),
          score: null,
        }));
        const failing = Object.fromEntries(whole.map((run) => [run.name, run.verdict]));
        const { verdict: expected, score } = scoreSubmission(pkg, whole);
        expect(scoreSubmission(pkg, judge(pkg, failing))).toMatchObject({ verdict: expected, score });
      }
    }
  });
});
