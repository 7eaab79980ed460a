import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random.ts";
import { isFull, roundPoints, scoreOf, sumPoints, worthOf } from "./points.ts";
import { passFail, scored } from "./testing.ts";

describe("points", () => {
  it.each([
    [100 / 3, 33.33],
    [200 / 3, 66.67],
    [0.1 + 0.2, 0.3],
    [475, 475],
    [0, 0],
  ])("are hundredths: %d is %d", (points, rounded) => {
    expect(roundPoints(points)).toBe(rounded);
  });

  it("add up to the same in every order", () => {
    const random = seededRandom(1);
    for (let round = 0; round < 200; round++) {
      const points = Array.from({ length: 12 }, () => roundPoints(random() * 100));
      const exact = points.reduce((sum, one) => sum + Math.round(one * 100), 0) / 100;
      expect(sumPoints(points)).toBe(exact);
      expect(sumPoints(points.toReversed())).toBe(exact);
    }
  });
});

describe("a full solution", () => {
  it.each([
    ["of a problem without scores is worth what the contest says", passFail("A"), 50],
    ["of one that the contest gives nothing is worth nothing", passFail("B"), 0],
    ["of a scored problem is worth what its package says", scored("A", 70), 70],
    ["of a score without a bound is worth nothing that is known", scored("A", null), null],
  ])("%s", (_rule, problem, worth) => {
    expect(worthOf(problem, { A: 50 })).toBe(worth);
  });

  it.each<[points: number, worth: number | null, full: boolean]>([
    [100, 100, true],
    [99.999, 100, true],
    [99.99, 100, false],
    [101, 100, true],
    [100, null, false],
    [0, 0, false],
  ])("of %d points of %d: %s", (points, worth, full) => {
    expect(isFull(points, worth)).toBe(full);
  });
});

describe("the points of a submission", () => {
  it.each([
    ["accepted without a score: all", "AC" as const, null, 50],
    ["rejected without a score: none", "WA" as const, null, 0],
    ["its score, accepted or not", "TLE" as const, 12.5, 12.5],
    ["its score also when accepted with less than all", "AC" as const, 30, 30],
    ["never below nothing", "WA" as const, -3, 0],
  ])("%s", (_rule, verdict, score, points) => {
    expect(scoreOf({ verdict, score, groups: [] }, 50)).toBe(points);
  });
});
