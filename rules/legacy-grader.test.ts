import { describe, expect, it } from "vitest";
import type { RunVerdict } from "../protocol/verdict.ts";
import { testCase } from "./package/example.ts";
import type { LegacyGroup, Package } from "./package/package.ts";
import { isDecided, type JudgedTest, judgingPlan, scoreSubmission } from "./submission-verdict.ts";

type Settings = Partial<Omit<LegacyGroup, "name" | "children">>;

/** A group with the format's defaults, changed; what it holds are names of tests, or groups. */
function group(name: string, settings: Settings, ...inside: (string | LegacyGroup)[]): LegacyGroup {
  return {
    name,
    acceptScore: 1,
    rejectScore: 0,
    range: { least: -Infinity, most: Infinity },
    onReject: "break",
    verdict: "worst_error",
    score: "sum",
    ignoreSample: false,
    acceptIfAnyAccepted: false,
    ...settings,
    children: inside.map((child) =>
      typeof child === "string"
        ? { type: "test", test: testCase(`${name}/${child}`) }
        : { type: "group", group: child },
    ),
  };
}

type Graded = Pick<Package, "samples" | "groups" | "legacyGrading" | "scoreAggregation" | "maxScore">;

function problem(root: LegacyGroup, scored = true): Graded {
  const scoreAggregation = scored ? "sum" : null;
  return { samples: [], groups: [], legacyGrading: root, scoreAggregation, maxScore: Infinity };
}

/** What each test gets: a verdict, or AC with points of its own. */
type Results = Readonly<Record<string, RunVerdict | number>>;

function runOf(name: string, results: Results): JudgedTest {
  const result = results[name] ?? "AC";
  return typeof result === "number"
    ? { name, verdict: "AC", score: result }
    : { name, verdict: result, score: null };
}

/** Judges as a judge does: in order, leaving out what is decided. Tests are accepted unless they are named. */
function judge(pkg: Graded, results: Results): JudgedTest[] {
  const runs: JudgedTest[] = [];
  for (const step of judgingPlan(pkg))
    if (!isDecided(pkg, step, runs)) runs.push(runOf(step.test.name, results));
  return runs;
}

function outcome(root: LegacyGroup, results: Results = {}): string {
  const pkg = problem(root);
  const { verdict, score } = scoreSubmission(pkg, judge(pkg, results));
  return `${verdict} ${score}`;
}

/** How many tests each of the samples and the groups of a usual olympiad problem has: 0, 20, 30 and 50 points. */
function olympiad(settings: Settings = {}): LegacyGroup {
  const whole: Settings = { onReject: "continue", ignoreSample: true, range: { least: 0, most: 100 } };
  const secret: Settings = { onReject: "continue", verdict: "first_error", acceptIfAnyAccepted: true };
  const subtask = (name: string, points: number): LegacyGroup =>
    group(`secret/${name}`, { score: "min", acceptScore: points, ...settings }, "1", "2");
  return group(
    "",
    whole,
    group("sample", { acceptScore: 0 }, "1"),
    group("secret", secret, subtask("g1", 20), subtask("g2", 30), subtask("g3", 50)),
  );
}

describe("the default grader", () => {
  it.each<[string, Settings, Results, string]>([
    // Three accepted tests of one point each.
    ["adds up by default", {}, {}, "AC 3"],
    ["takes accept_score for accepted tests", { acceptScore: 2.5 }, {}, "AC 7.5"],
    ["takes an average", { score: "avg", acceptScore: 4 }, { "g/2": 1 }, "AC 3"],
    ["takes the least", { score: "min", acceptScore: 4 }, { "g/2": 1 }, "AC 1"],
    ["takes the most", { score: "max", acceptScore: 4 }, { "g/2": 9 }, "AC 9"],
    ["adds thirds up to a whole", { acceptScore: 100 / 3 }, {}, "AC 100"],
    ["says the first error after which it breaks", {}, { "g/2": "WA", "g/3": "RTE" }, "WA 0"],
    ["says the worst error of all", { onReject: "continue" }, { "g/1": "WA", "g/3": "TLE" }, "TLE 0"],
    ["has RTE for worse than MLE", { onReject: "continue" }, { "g/1": "MLE", "g/3": "RTE" }, "RTE 0"],
    ["has OLE for worse than WA", { onReject: "continue" }, { "g/1": "WA", "g/3": "OLE" }, "OLE 0"],
    [
      "says the first error where asked",
      { onReject: "continue", verdict: "first_error" },
      { "g/2": "WA", "g/3": "RTE" },
      "WA 0",
    ],
    [
      "accepts always where asked, with the points of what was judged",
      { onReject: "continue", verdict: "always_accept" },
      { "g/2": "WA" },
      "AC 2",
    ],
    ["stops at the first rejected test even so", { verdict: "always_accept" }, { "g/2": "WA" }, "AC 1"],
    [
      "accepts when any is accepted, where asked",
      { onReject: "continue", acceptIfAnyAccepted: true },
      { "g/1": "WA", "g/2": "TLE" },
      "AC 1",
    ],
    [
      "goes by its verdict mode when none is accepted",
      { onReject: "continue", acceptIfAnyAccepted: true },
      { "g/1": "WA", "g/2": "TLE", "g/3": "WA" },
      "TLE 0",
    ],
    [
      "takes reject_score for rejected tests",
      { onReject: "continue", verdict: "always_accept", rejectScore: -1 },
      { "g/2": "WA", "g/3": "WA" },
      "AC -1",
    ],
    ["takes what the validator gives", {}, { "g/1": 10, "g/2": 0.5 }, "AC 11.5"],
  ])("%s", (_, settings, results, expected) => {
    expect(outcome(group("g", settings, "1", "2", "3"), results)).toBe(expected);
  });

  it("takes a validator's points of rejected tests too", () => {
    const root = group("g", { onReject: "continue", verdict: "always_accept" }, "1", "2");
    const runs: JudgedTest[] = [
      { name: "g/1", verdict: "WA", score: 0.25 },
      { name: "g/2", verdict: "AC", score: null },
    ];
    expect(scoreSubmission(problem(root), runs)).toMatchObject({ verdict: "AC", score: 1.25 });
  });

  it("refuses points outside of a group's range, but only of an accepted group", () => {
    const root = group("", {}, group("secret", { range: { least: 0, most: 2 } }, "1", "2"));
    expect(() => outcome(root, { "secret/1": 3 })).toThrow(
      "secret: a score of 4 lies outside its range, 0 to 2.",
    );
    expect(outcome(root, { "secret/1": 3, "secret/2": "WA" })).toBe("WA 0");
  });
});

describe("groups in groups", () => {
  it("give the points of the groups that passed", () => {
    expect(outcome(olympiad())).toBe("AC 100");
    expect(outcome(olympiad(), { "secret/g2/2": "TLE" })).toBe("AC 70");
    expect(outcome(olympiad(), { "secret/g1/1": "WA", "secret/g3/2": "WA" })).toBe("AC 30");
  });

  it("are rejected with the first error when no group passed", () => {
    const all = { "secret/g1/1": "WA", "secret/g2/1": "TLE", "secret/g3/2": "RTE" } as const;
    expect(outcome(olympiad(), all)).toBe("WA 0");
  });

  it("count as rejected with the reject_score of the group around them, whatever their points are", () => {
    const settings: Settings = { onReject: "continue", verdict: "always_accept", rejectScore: 7 };
    const inner = group("secret/a", { onReject: "continue", acceptScore: 10 }, "1", "2");
    const root = group("", { score: "sum" }, group("secret", settings, inner, "3"));
    // 10 of secret/a are not counted: 7 for the rejected group, and 1 for secret/3.
    expect(outcome(root, { "secret/a/2": "WA" })).toBe("AC 8");
  });

  it("break where a group inside was rejected", () => {
    const root = group(
      "",
      {},
      group("sample", {}, "1"),
      group("secret", {}, group("secret/a", {}, "1"), "2"),
    );
    const judged = judge(problem(root), { "secret/a/1": "WA" });
    expect(judged.map(({ name }) => name)).toEqual(["sample/1", "secret/a/1"]);
    expect(outcome(root, { "sample/1": "TLE" })).toBe("TLE 0");
    expect(judge(problem(root), { "sample/1": "TLE" })).toHaveLength(1);
  });

  it("leave out the rest of a group that breaks, and go on with the next in one that continues", () => {
    const judged = judge(problem(olympiad()), { "secret/g1/1": "WA" });
    expect(judged.map(({ name }) => name)).toEqual([
      "sample/1",
      "secret/g1/1",
      "secret/g2/1",
      "secret/g2/2",
      "secret/g3/1",
      "secret/g3/2",
    ]);
  });

  it("may ignore the samples, though these are run and may fail", () => {
    expect(outcome(olympiad(), { "sample/1": "WA" })).toBe("AC 100");
    const strict = { ...olympiad(), onReject: "break" } as const;
    expect(outcome(strict, { "sample/1": "WA" })).toBe("AC 100");
    expect(outcome({ ...strict, ignoreSample: false }, { "sample/1": "WA" })).toBe("WA 0");
  });

  it("tell the points of each, those that were not judged or not accepted as 0", () => {
    const root = { ...olympiad(), onReject: "break", ignoreSample: false } as const;
    const pkg = problem(root);
    const scores = (results: Results): Record<string, number> =>
      Object.fromEntries(
        scoreSubmission(pkg, judge(pkg, results)).groups.map(({ name, score }) => [name, score]),
      );
    expect(scores({ "secret/g2/1": "WA" })).toEqual({
      sample: 0,
      secret: 70,
      "secret/g1": 20,
      "secret/g2": 0,
      "secret/g3": 50,
    });
    expect(scores({ "sample/1": "WA" })).toEqual({
      sample: 0,
      secret: 0,
      "secret/g1": 0,
      "secret/g2": 0,
      "secret/g3": 0,
    });
  });
});

describe("a pass-fail problem with graders", () => {
  it("has their verdict, and no points", () => {
    const pkg = problem(
      group("", { onReject: "continue" }, group("secret", {}, "1"), group("more", {}, "1")),
      false,
    );
    const runs = judge(pkg, { "secret/1": "WA", "more/1": "RTE" });
    expect(scoreSubmission(pkg, runs)).toEqual({ verdict: "RTE", score: null, groups: [] });
    expect(judgingPlan(pkg).map((step) => step.group)).toEqual([null, null]);
  });
});

describe("leaving out what on_reject leaves out", () => {
  it("never changes the verdict or the points", () => {
    const roots = [
      olympiad(),
      { ...olympiad(), onReject: "break", ignoreSample: false } as const,
      olympiad({ onReject: "continue", score: "avg", verdict: "always_accept" }),
      group("", {}, group("sample", {}, "1"), group("secret", {}, group("secret/a", {}, "1", "2"), "b", "c")),
    ];
    for (const root of roots) {
      const pkg = problem(root);
      const plan = judgingPlan(pkg);
      for (let outcomes = 0; outcomes < 2 ** plan.length; outcomes++) {
        const results: Record<string, RunVerdict> = {};
        for (const [index, { test }] of plan.entries())
          results[test.name] = (outcomes >> index) % 2 === 0 ? "AC" : index % 2 === 0 ? "WA" : "RTE";
        const whole = plan.map(({ test }) => runOf(test.name, results));
        expect(scoreSubmission(pkg, judge(pkg, results))).toEqual(scoreSubmission(pkg, whole));
      }
    }
  });
});
