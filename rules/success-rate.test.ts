import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";
import { isNew, isPoor, noRecord, type SuccessRecord, successRate, withOutcome } from "./success-rate.ts";

const MINUTE = 60_000;

/** A letter for each job, `s` or `f`, all at time 0. */
function after(outcomes: string): SuccessRecord {
  let record = noRecord(0);
  for (const letter of outcomes) record = withOutcome(record, letter === "s" ? "success" : "failure", 0);
  return record;
}
const good = "s".repeat(100);

describe("a provider is passed over", () => {
  it.each<[what: string, outcomes: string, poor: boolean]>([
    ["not when nothing is known of it", "", false],
    ["after a newcomer's first failure", "f", true],
    ["not after one failure of a good one", `${good}f`, false],
    ["not after two failures in a row of a good one", `${good}ff`, false],
    ["after four failures in a row of a good one", `${good}ffff`, true],
    ["when every other job fails", "sf".repeat(50), true],
    ["not when one job in ten fails", "sssssssssf".repeat(10), false],
    ["no longer when it has served again", `${good}ffffssss`, false],
  ])("%s", (_, outcomes, poor) => {
    expect(isPoor(after(outcomes), 0)).toBe(poor);
  });

  it("for a while only: minutes after one failure, about half an hour after any number of them", () => {
    expect(isPoor(after("f"), MINUTE)).toBe(true);
    expect(isPoor(after("f"), 3 * MINUTE)).toBe(false);
    expect(isPoor(after("f".repeat(1000)), 25 * MINUTE)).toBe(true);
    expect(isPoor(after("f".repeat(1000)), 35 * MINUTE)).toBe(false);
  });
});

it("a success never lowers the rate of success, a failure never raises it, and both are between none and all", () => {
  const random = seededRandom(5);
  for (let round = 0; round < 300; round++) {
    let record = noRecord(0);
    for (let now = 0, job = 0; job < 30; job++) {
      now += random() * 20 * MINUTE;
      const before = successRate(record, now);
      const outcome = random() < 0.6 ? "success" : "failure";
      record = withOutcome(record, outcome, now);
      const rate = successRate(record, now);
      // What is older weighs less by one more job: of nothing but failures, that is a gain, which the new one outweighs.
      if (outcome === "failure") expect(rate).toBeLessThan(before);
      else expect(rate).toBeGreaterThan(before);
      expect(rate).toBeGreaterThan(0);
      expect(rate).toBeLessThan(1);
    }
  }
});

it("a provider is new until three of its jobs were seen lately, however they ended", () => {
  expect(["", "s", "sf", "sfs"].map((outcomes) => isNew(after(outcomes), 0))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect([0, 10 * MINUTE, 20 * MINUTE].map((now) => isNew(after(good), now))).toEqual([false, false, true]);
});
