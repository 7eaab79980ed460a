import { describe, expect, it } from "vitest";
import type { RunVerdict } from "../protocol/verdict.ts";
import { surprises } from "./jury-expectations.ts";
import type { JurySubmission, Requirement } from "./package/package.ts";

const tests = ["sample/1", "secret/group1/1", "secret/group2/1", "secret/group2/2"];

function asks(what: Partial<Requirement>): Requirement {
  return {
    tests: "all",
    permitted: null,
    required: null,
    score: null,
    message: null,
    covers: tests,
    bounds: null,
    ...what,
  };
}

function submission(expected: JurySubmission["expected"], ...requirements: Requirement[]): JurySubmission {
  return {
    path: "submissions/accepted/a.py",
    language: "python3",
    files: new Map(),
    entryPoint: null,
    expected,
    requirements,
    bounds: null,
  };
}

/** The outcome of running the first tests, with these verdicts. */
function outcome(
  verdicts: readonly RunVerdict[],
  more: Partial<Parameters<typeof surprises>[1]> = {},
): Parameters<typeof surprises>[1] {
  const runs = verdicts.map((verdict, index) => ({ name: tests[index] ?? "", verdict, message: "" }));
  const verdict = verdicts.find((one) => one !== "AC") ?? "AC";
  return { verdict, score: null, groups: [], runs, ...more };
}

const accepted = submission(["AC"], asks({ permitted: ["AC"] }));
const wrong = submission(["WA", "OLE"], asks({ permitted: ["AC", "WA"], required: ["WA"] }));
const slow = submission(["TLE"], asks({ permitted: ["AC", "TLE"], required: ["TLE"] }));
const crashing = submission(["RTE", "MLE"], asks({ permitted: ["AC", "RTE"], required: ["RTE"] }));
const broken = submission(["CE"], asks({ permitted: ["CE"], required: ["CE"] }));

describe("a jury submission", () => {
  it.each<[string, JurySubmission, RunVerdict[]]>([
    ["accepted on every test", accepted, ["AC", "AC", "AC", "AC"]],
    ["wrong on one test", wrong, ["AC", "AC", "WA", "AC"]],
    ["wrong on the first, after which nothing was run", wrong, ["WA"]],
    ["slow on two tests", slow, ["AC", "TLE", "AC", "TLE"]],
    ["out of memory, which is a run-time error", crashing, ["AC", "MLE", "AC", "AC"]],
    ["with too much output, which is a wrong answer", wrong, ["OLE", "AC", "AC", "AC"]],
  ])("is no surprise when it is as expected: %s", (_, expected, verdicts) => {
    expect(surprises(expected, outcome(verdicts))).toEqual([]);
  });

  it.each<[string, JurySubmission, RunVerdict[], string[]]>([
    ["wrong on one test", accepted, ["AC", "AC", "WA"], ["secret/group2/1 was WA, but only AC is permitted"]],
    [
      "slow on two tests",
      accepted,
      ["AC", "TLE", "WA", "AC"],
      ["secret/group1/1 was TLE (and 1 more), but only AC is permitted"],
    ],
    ["right on every test", wrong, ["AC", "AC", "AC", "AC"], ["no test was WA, but one must be"]],
    [
      "crashing, not wrong",
      wrong,
      ["AC", "RTE", "AC", "AC"],
      ["secret/group1/1 was RTE, but only AC and WA are permitted", "no test was WA, but one must be"],
    ],
    ["compiling", broken, ["AC", "AC", "AC", "AC"], ["the verdict is AC, but must be CE"]],
  ])("surprises when it is %s", (_, expected, verdicts, sentences) => {
    expect(surprises(expected, outcome(verdicts))).toEqual(sentences);
  });

  it("that does not compile is as expected only where that is expected", () => {
    expect(surprises(broken, outcome([], { verdict: "CE" }))).toEqual([]);
    expect(surprises(slow, outcome([], { verdict: "CE" }))).toEqual(["it does not compile, but must be TLE"]);
  });

  it("surprises with a verdict of the whole that is not among those of @EXPECTED_RESULTS@", () => {
    const annotated = submission(["TLE", "RTE"]);
    expect(surprises(annotated, outcome(["AC", "RTE"]))).toEqual([]);
    expect(surprises(annotated, outcome(["WA"]))).toEqual(["the verdict is WA, but must be TLE or RTE"]);
  });
});

describe("what is asked of some tests", () => {
  const group2 = { tests: "secret/group2", covers: ["secret/group2/1", "secret/group2/2"] };

  it("speaks of these alone", () => {
    const mixed = submission(
      ["WA", "TLE"],
      asks({ tests: "sample", covers: ["sample/1"], permitted: ["AC"] }),
      asks({ ...group2, permitted: ["AC", "TLE"], required: ["TLE"] }),
    );
    expect(surprises(mixed, outcome(["AC", "WA", "AC", "TLE"]))).toEqual([]);
    expect(surprises(mixed, outcome(["AC", "TLE", "AC", "AC"]))).toEqual([
      "secret/group2: no test was TLE, but one must be",
    ]);
    expect(surprises(mixed, outcome(["WA", "TLE", "WA", "TLE"]))).toEqual([
      "sample: sample/1 was WA, but only AC is permitted",
      "secret/group2: secret/group2/1 was WA, but only AC and TLE are permitted",
    ]);
  });

  it("is not missed on tests that were not run", () => {
    const mixed = submission(["WA", "TLE"], asks({ ...group2, required: ["TLE"], message: "slow" }));
    expect(surprises(mixed, outcome(["AC", "WA"]))).toEqual([]);
    expect(surprises(mixed, outcome(["AC", "AC", "WA"]))).toEqual([]);
    expect(surprises(mixed, outcome(["AC", "AC", "WA", "WA"]))).toHaveLength(2);
  });

  it("may be a part of a test's judge message", () => {
    const told = submission(["WA"], asks({ message: "too few" }));
    const said = (message: string): string[] => {
      const judged = outcome(["AC", "AC", "AC", "WA"]);
      return surprises(told, { ...judged, runs: judged.runs.map((run) => ({ ...run, message })) });
    };
    expect(said("line 3: too few numbers")).toEqual([]);
    expect(said("Too few")).toEqual(['no test has "too few" in its judge message, but one must']);
  });
});

describe("points that are asked for", () => {
  const groups = [
    { name: "secret/group1", score: 30, maxScore: 30 },
    { name: "secret/group2", score: 10, maxScore: 70 },
  ];
  const judged = outcome(["AC", "AC", "WA", "AC"], { score: 40, groups });

  it.each<[Partial<Requirement>, string[]]>([
    [{ score: { least: 40, most: 40 } }, []],
    [{ score: { least: 0, most: 39.5 } }, ["the score is 40, but must be from 0 to 39.5"]],
    [{ score: { least: 100, most: 100 } }, ["the score is 40, but must be 100"]],
    [{ tests: "secret/group1", score: { least: 30, most: 30 } }, []],
    [
      { tests: "secret/group*", score: { least: 20, most: 100 } },
      ["secret/group*: the score of secret/group2 is 10, but must be from 20 to 100"],
    ],
    [
      { tests: "secret", score: { least: 50, most: 60 } },
      ["secret: the score of secret is 40, but must be from 50 to 60"],
    ],
  ])("%j", (asked, sentences) => {
    expect(surprises(submission(["WA"], asks(asked)), judged)).toEqual(sentences);
  });

  it("are not missed for want of the last digit", () => {
    const thirds = outcome(["AC"], { score: 0.1 + 0.2 });
    expect(surprises(submission(["AC"], asks({ score: { least: 0.3, most: 0.3 } })), thirds)).toEqual([]);
  });
});
