import { describe, expect, it } from "vitest";
import { exampleFiles, exampleYaml } from "./example.ts";
import { readPackage } from "./read.ts";

const scored = {
  "problem.yaml": exampleYaml("type: scoring"),
  "data/secret/01.in": null,
  "data/secret/01.ans": null,
  "data/secret/a/1.in": "1 1",
  "data/secret/a/1.ans": "2",
  "data/secret/a/test_group.yaml": "max_score: 40",
  "data/secret/b/1.in": "1 1",
  "data/secret/b/1.ans": "2",
  "data/secret/b/deep/2.in": "1 1",
  "data/secret/b/deep/2.ans": "2",
  "data/secret/b/test_group.yaml": "max_score: 60\nrequire_pass: [sample, secret/a]\nscore_aggregation: sum",
};

function read(changes: Record<string, string | null> = {}): ReturnType<typeof readPackage> {
  return readPackage(exampleFiles({ ...scored, ...changes }), "sum");
}

function messages(changes: Record<string, string | null>): string[] {
  return read(changes).messages.map(({ severity, file, message }) => `${severity} ${file}: ${message}`);
}

describe("a scored package", () => {
  it("has its groups in order, with folders below a group inside it", () => {
    const { package: pkg, messages: found } = read();
    expect(found).toEqual([]);
    expect(pkg).toMatchObject({ types: ["scoring"], scoreAggregation: "sum", maxScore: 100 });
    expect(
      pkg?.groups.map(({ tests, ...rest }) => ({ ...rest, tests: tests.map((test) => test.name) })),
    ).toEqual([
      { name: "secret/a", maxScore: 40, aggregation: "pass-fail", requirePass: [], tests: ["secret/a/1"] },
      {
        name: "secret/b",
        maxScore: 60,
        aggregation: "sum",
        requirePass: ["sample", "secret/a"],
        tests: ["secret/b/1", "secret/b/deep/2"],
      },
    ]);
  });

  it("has one group where data/secret has no folders", () => {
    const flat = readPackage(exampleFiles({ "problem.yaml": exampleYaml("type: scoring") }), "sum").package;
    expect(flat?.groups).toMatchObject([
      { name: "secret", maxScore: 100, aggregation: "sum", requirePass: [] },
    ]);
  });

  it("asks of every group what data/secret requires", () => {
    const { package: pkg } = read({ "data/secret/test_group.yaml": "require_pass: sample" });
    expect(pkg?.groups.map((group) => group.requirePass)).toEqual([["sample"], ["sample", "secret/a"]]);
  });

  it("may be unbounded with a validator that says the scores", () => {
    const { package: pkg, messages: found } = read({
      "output_validator/score.py": "",
      "data/secret/test_group.yaml": "max_score: unbounded",
      "data/secret/b/test_group.yaml": "score_aggregation: sum",
    });
    expect(found).toEqual([]);
    expect([pkg?.maxScore, pkg?.groups[1]?.maxScore]).toEqual([Infinity, Infinity]);
  });

  it.each<[string, Record<string, string | null>, string]>([
    [
      "tests beside groups",
      { "data/secret/01.in": "1", "data/secret/01.ans": "1" },
      "error data/secret/01.in: lies beside folders; data/secret holds either tests or groups of tests",
    ],
    [
      "a nested group",
      { "data/secret/b/deep/test_group.yaml": "" },
      "error data/secret/b/deep/test_group.yaml: is too deep: test groups do not nest",
    ],
    [
      "a group without tests",
      { "data/secret/c/test_group.yaml": "max_score: 1" },
      "error data/secret/c/test_group.yaml: configures a group without tests",
    ],
    [
      "a group without a bound",
      { "data/secret/a/test_group.yaml": null },
      "error data/secret/a/test_group.yaml: max_score: is needed, since data/secret is bounded by 100",
    ],
    [
      "an unbounded pass-fail group",
      { "data/secret/test_group.yaml": "max_score: unbounded", "data/secret/a/test_group.yaml": "" },
      "error data/secret/a/test_group.yaml: max_score: is needed for score_aggregation pass-fail",
    ],
    [
      "an unbounded group without a validator",
      {
        "data/secret/test_group.yaml": "max_score: unbounded",
        "data/secret/b/test_group.yaml": "score_aggregation: min",
      },
      "error data/secret/b/test_group.yaml: max_score: unbounded scores need an output validator that writes score.txt",
    ],
    [
      "more points than data/secret has",
      { "data/secret/a/test_group.yaml": "max_score: 41" },
      "error data/secret/: max_score: the groups give up to 101 points, above the 100 of secret",
    ],
    [
      "fewer points than data/secret has",
      { "data/secret/a/test_group.yaml": "max_score: 39" },
      "warning data/secret/: max_score: the groups give 99 points at most, of the 100 of secret",
    ],
    [
      "a requirement of no group",
      { "data/secret/b/test_group.yaml": "max_score: 60\nrequire_pass: secret/z" },
      'error data/secret/b/test_group.yaml: require_pass: there is no group "secret/z"',
    ],
    [
      "a requirement of a later group",
      { "data/secret/a/test_group.yaml": "max_score: 40\nrequire_pass: secret/b" },
      'error data/secret/a/test_group.yaml: require_pass: "secret/b" must come before this group',
    ],
    [
      "a requirement of itself",
      { "data/secret/a/test_group.yaml": "max_score: 40\nrequire_pass: secret/a" },
      'error data/secret/a/test_group.yaml: require_pass: "secret/a" must come before this group',
    ],
    [
      "a requirement of a group that is no pass-fail",
      { "data/secret/a/test_group.yaml": "max_score: 40\nscore_aggregation: min" },
      'error data/secret/b/test_group.yaml: require_pass: "secret/a" must have score_aggregation pass-fail',
    ],
    [
      "a sum inside all or nothing",
      { "data/secret/test_group.yaml": "score_aggregation: pass-fail" },
      "error data/secret/b/test_group.yaml: score_aggregation: must be pass-fail as in data/secret, found sum",
    ],
    [
      "half a point",
      { "data/secret/a/test_group.yaml": "max_score: 40.5" },
      "error data/secret/a/test_group.yaml: max_score: must be a whole number",
    ],
    [
      "points for samples",
      { "data/sample/test_group.yaml": "max_score: 1" },
      "error data/sample/test_group.yaml: max_score: is not allowed for samples",
    ],
    [
      "a static validator",
      { "data/secret/a/test_group.yaml": "max_score: 40\nstatic_validation_score: 5" },
      "error data/secret/a/test_group.yaml: static_validation_score: static validators are not supported yet",
    ],
  ])("gets a clear message for %s", (_, changes, expected) => {
    expect(messages(changes)).toContain(expected);
  });
});
