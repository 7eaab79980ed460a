import { describe, expect, it } from "vitest";
import { writingSpeed } from "./writing-speed.ts";

describe("the speed of an answer", () => {
  it("leaves the first tokens out, which wait for more than what comes later", () => {
    const slow = [0, 900, 1_800, 2_700, 2_800, 2_900, 3_000, 3_100];
    expect(writingSpeed([...slow, 3_110, 3_120, 3_130])).toBeCloseTo(100);
  });

  it("is told of a machine that is slow without end, as far as it came", () => {
    expect(writingSpeed([0, 2_000])).toBe(0.5);
    expect(writingSpeed([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500])).toBe(2);
  });

  it("is none of one token, or of several at the same moment", () => {
    expect([[], [5], [5, 5]].map(writingSpeed)).toEqual([null, null, null]);
  });
});
