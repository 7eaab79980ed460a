import { describe, expect, it } from "vitest";
import { bytes } from "./example.ts";
import type { LegacyGroup, Package } from "./package.ts";
import { readPackage } from "./read.ts";

/** A scored package of the older format, with tests that hold nothing. */
function read(
  tests: readonly string[],
  yaml: Record<string, string>,
  problem = "type: scoring\n",
): { pkg: Package | null; messages: string[] } {
  const files = new Map([
    [
      "problem.yaml",
      bytes(`name: Hello\nlicense: cc0\nuuid: 4c7e5b0a-63a2-4a8e-9d39-3c1a5b1f2e70\nauthor: Ada\n${problem}`),
    ],
    [".timelimit", bytes("2")],
    ["problem_statement/problem.tex", bytes("Hello")],
    ["input_validators/v.py", bytes("")],
    ["submissions/accepted/a.py", bytes("")],
  ]);
  for (const test of tests) files.set(`data/${test}.in`, bytes("")).set(`data/${test}.ans`, bytes(""));
  for (const [path, text] of Object.entries(yaml)) files.set(path, bytes(text));
  const { package: pkg, messages } = readPackage(files, "hello");
  return { pkg, messages: messages.map(({ severity, file, message }) => `${severity} ${file}: ${message}`) };
}

/** The tree as `name(children)`, tests by their names. */
function shape({ name, children }: LegacyGroup): string {
  const inside = children.map((child) => (child.type === "test" ? child.test.name : shape(child.group)));
  return `${name}(${inside.join(" ")})`;
}

function groupNamed(group: LegacyGroup, name: string): LegacyGroup | null {
  if (group.name === name) return group;
  for (const child of group.children) {
    const found = child.type === "group" ? groupNamed(child.group, name) : null;
    if (found !== null) return found;
  }
  return null;
}

function grading(tests: readonly string[], yaml: Record<string, string>, name: string): LegacyGroup {
  const { pkg, messages } = read(tests, yaml);
  const found = pkg?.legacyGrading && groupNamed(pkg.legacyGrading, name);
  if (!found) throw new Error(`no ${name}: ${messages.join("; ")}`);
  return found;
}

const tests = ["sample/1", "secret/b/1", "secret/a/2", "secret/a/1"];

describe("the tree of a scored legacy package", () => {
  it("is that of the folders, in lexicographical order of their names", () => {
    const { pkg } = read(["sample/1", "secret/2", "secret/10/x/1", "secret/1-a/1", "secret/1/1"], {});
    if (!pkg?.legacyGrading) throw new Error("no grading");
    expect(shape(pkg.legacyGrading)).toBe(
      "(sample(sample/1) secret(secret/1(secret/1/1) secret/1-a(secret/1-a/1) secret/10(secret/10/x(secret/10/x/1)) secret/2))",
    );
    expect(pkg.groups.map((group) => group.tests.map((test) => test.name))).toEqual([
      ["secret/1/1", "secret/1-a/1", "secret/10/x/1", "secret/2"],
    ]);
  });

  it("has the format's defaults where nothing is said", () => {
    expect(grading(tests, {}, "secret/a")).toMatchObject({
      acceptScore: 1,
      rejectScore: 0,
      onReject: "break",
      verdict: "worst_error",
      score: "sum",
      ignoreSample: false,
      acceptIfAnyAccepted: false,
      range: { least: -Infinity, most: 2 },
    });
  });

  it("has what testdata.yaml says", () => {
    const yaml = {
      "data/secret/a/testdata.yaml": `on_reject: continue
grading: default
grader_flags: first_error min always_accept max accept_if_any_accepted
accept_score: 12.5
reject_score: -1
range: -1 12.5
input_validator_flags: n=3
`,
    };
    expect(grading(tests, yaml, "secret/a")).toMatchObject({
      acceptScore: 12.5,
      rejectScore: -1,
      onReject: "continue",
      verdict: "always_accept",
      score: "max",
      acceptIfAnyAccepted: true,
      range: { least: -1, most: 12.5 },
    });
  });

  it("goes by the closest file around a folder without one, all of it", () => {
    const yaml = {
      "data/testdata.yaml": "on_reject: continue\ngrader_flags: ignore_sample avg",
      "data/secret/testdata.yaml": "grader_flags: min",
    };
    expect(grading(tests, yaml, "sample")).toMatchObject({
      onReject: "continue",
      score: "avg",
      ignoreSample: false,
    });
    expect(grading(tests, yaml, "secret/a")).toMatchObject({ onReject: "break", score: "min" });
    expect(grading(tests, yaml, "")).toMatchObject({ ignoreSample: true });
  });

  it.each([
    [
      "",
      { "data/secret/a/testdata.yaml": "accept_score: 10", "data/secret/b/testdata.yaml": "accept_score: 5" },
      26,
    ],
    ["", { "data/testdata.yaml": "range: 0 20\naccept_score: 10" }, 20],
    ["", { "data/testdata.yaml": "range: 0 +inf\naccept_score: 10" }, 40],
    ["", { "data/testdata.yaml": "grader_flags: ignore_sample" }, 3],
    ["secret", { "data/secret/testdata.yaml": "grader_flags: max\naccept_score: 7" }, 7],
    ["secret/a", { "data/secret/a/testdata.yaml": "grader_flags: avg\naccept_score: 7\nreject_score: 9" }, 9],
  ])("knows the most points of %j with %j", (name, yaml, most) => {
    expect(grading(tests, yaml, name).range.most).toBe(most);
  });

  it("is bounded by its range alone where a validator gives the points", () => {
    const problem = "type: scoring\nvalidation: custom score\n";
    const validator = { "output_validators/v.py": "" };
    expect(read(tests, validator, problem).pkg?.maxScore).toBe(Infinity);
    const range = { ...validator, "data/testdata.yaml": "range: 0 100" };
    expect(read(tests, range, problem).pkg?.maxScore).toBe(100);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "an unknown flag",
      { "data/testdata.yaml": "grader_flags: median" },
      'error data/testdata.yaml: grader_flags: "median" is not a flag of the default grader',
    ],
    [
      "samples ignored below the root",
      { "data/secret/testdata.yaml": "grader_flags: ignore_sample" },
      "error data/secret/testdata.yaml: grader_flags: ignore_sample is only for data/testdata.yaml",
    ],
    [
      "a range of one number",
      { "data/testdata.yaml": 'range: "100"' },
      'error data/testdata.yaml: range: must be two numbers with a space between them, like "0 100"',
    ],
    [
      "a range that ends before it begins",
      { "data/testdata.yaml": "range: 100 0" },
      "error data/testdata.yaml: range: begins above its end, 100 0",
    ],
    [
      "another way to go on",
      { "data/testdata.yaml": "on_reject: grade" },
      'error data/testdata.yaml: on_reject: must be "break" or "continue", found "grade"',
    ],
    [
      "custom graders",
      { "data/secret/testdata.yaml": "grading: custom" },
      "error data/secret/testdata.yaml: grading: custom graders are not supported; use the default grader and its grader_flags",
    ],
    [
      "a file that leaves out what one around it has",
      { "data/testdata.yaml": "on_reject: continue", "data/secret/testdata.yaml": "accept_score: 2" },
      "warning data/secret/testdata.yaml: leaves out on_reject, which data/testdata.yaml has: the format's default is used, not that",
    ],
  ])("gets a clear message for %s", (_, yaml, expected) => {
    expect(read(tests, yaml).messages).toContain(expected);
  });
});

describe("the tree of a pass-fail legacy package", () => {
  it.each([
    ["", false],
    ["on_reject: continue\ngrader_flags: first_error", false],
    ["on_reject: break\ngrader_flags: worst_error", false],
    ["on_reject: continue", true],
    ["grader_flags: always_accept", true],
    ["grader_flags: accept_if_any_accepted", true],
    ["grader_flags: ignore_sample", true],
  ])("is kept only where it says more than usual: %j", (testdata, kept) => {
    const { pkg, messages } = read(tests, { "data/testdata.yaml": testdata }, "type: pass-fail\n");
    expect(messages).toEqual([]);
    expect(pkg?.scoreAggregation).toBeNull();
    expect(pkg?.legacyGrading !== null).toBe(kept);
  });
});
