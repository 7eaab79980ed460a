import { describe, expect, it } from "vitest";
import { testCase } from "./package/example.ts";
import type { TestGroup } from "./package/package.ts";
import { testScore } from "./test-score.ts";

const tests = ["1", "2", "3", "4"].map((name) => testCase(`secret/g/${name}`));

function group(aggregation: TestGroup["aggregation"], maxScore: number): TestGroup {
  return { name: "secret/g", aggregation, maxScore, requirePass: [], tests };
}

describe("the score of a test", () => {
  it.each<[string, TestGroup | null, boolean, string | null, string | null, number | null]>([
    ["is the group's share in a sum", group("sum", 40), true, null, null, 10],
    ["is the group's whole in a minimum", group("min", 40), true, null, null, 40],
    ["is 0 when it failed", group("sum", 40), false, null, null, 0],
    ["is none in a pass-fail group", group("pass-fail", 40), true, null, null, null],
    ["is none for a sample, whatever was written", null, true, "7", "x", null],
    ["is what score.txt says", group("sum", 40), true, " 2.5\n", null, 2.5],
    ["is a part of the most by score_multiplier.txt", group("sum", 40), true, null, "0.25\n", 2.5],
    ["is what score.txt says without a bound", group("sum", Infinity), true, "12345", null, 12345],
  ])("%s", (_, of, accepted, score, multiplier, expected) => {
    expect(testScore(of, accepted, { score, multiplier })).toEqual({ type: "score", score: expected });
  });

  it.each<[string, TestGroup, boolean, string | null, string | null, string]>([
    ["both files", group("sum", 40), true, "1", "1", "wrote both score.txt and score_multiplier.txt"],
    [
      "points for a failed test",
      group("sum", 40),
      false,
      "1",
      null,
      "wrote score.txt for a test that was not accepted",
    ],
    [
      "points in a pass-fail group",
      group("pass-fail", 40),
      true,
      null,
      "1",
      "wrote score_multiplier.txt for a test of a pass-fail group",
    ],
    ["more than the most", group("sum", 40), true, "11", null, "gave 11 points in score.txt, of at most 10"],
    [
      "a factor above 1",
      group("sum", 40),
      true,
      null,
      "1.1",
      'wrote "1.1" in score_multiplier.txt, not a number from 0 to 1',
    ],
    [
      "negative points",
      group("sum", 40),
      true,
      "-1",
      null,
      'wrote "-1" in score.txt, not a number of at least 0',
    ],
    [
      "no number",
      group("sum", 40),
      true,
      "1 2",
      null,
      'wrote "1 2" in score.txt, not a number of at least 0',
    ],
    ["an empty file", group("sum", 40), true, "", null, 'wrote "" in score.txt, not a number of at least 0'],
    [
      "a factor of an unbounded score",
      group("min", Infinity),
      true,
      null,
      "1",
      "wrote score_multiplier.txt for a test whose score is unbounded",
    ],
    [
      "nothing for an unbounded score",
      group("sum", Infinity),
      true,
      null,
      null,
      "accepted a test whose score is unbounded without writing score.txt",
    ],
  ])("is a judge error for %s", (_, of, accepted, score, multiplier, message) => {
    expect(testScore(of, accepted, { score, multiplier })).toEqual({
      type: "judge error",
      message: `The output validator ${message}.`,
    });
  });
});

describe("the score of a test in the older format", () => {
  const older = { acceptScore: 5 };

  it.each<[string, boolean, string | null, number | null]>([
    ["is the group's to say where the validator says nothing", true, null, null],
    ["is what score.txt says", true, "2.5\n", 2.5],
    ["may be of a rejected test", false, "1", 1],
    ["may be below 0", true, "-3", -3],
  ])("%s", (_, accepted, score, expected) => {
    expect(testScore(older, accepted, { score, multiplier: null })).toEqual({
      type: "score",
      score: expected,
    });
  });

  it("is a judge error where score.txt holds no number", () => {
    expect(testScore(older, true, { score: "many", multiplier: null })).toEqual({
      type: "judge error",
      message: 'The output validator wrote "many" in score.txt, not a number.',
    });
  });
});
