import { describe, expect, it } from "vitest";
import { percentile } from "./percentile.ts";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => count - index);

describe("a percentile", () => {
  it("is a value that was seen, by its rank, in whatever order they come", () => {
    expect([0.1, 0.5, 0.9, 1].map((share) => percentile([30, 10, 20], share))).toEqual([10, 20, 30, 30]);
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2);
  });

  it("is the only value where there is but one", () => {
    expect([0.001, 0.5, 1].map((share) => percentile([7], share))).toEqual([7, 7, 7]);
  });

  it("does not slip to the next rank by a rounding error", () => {
    for (let count = 10; count <= 1000; count += 10)
      for (const tenths of [1, 3, 5, 7, 9])
        expect(percentile(upTo(count), tenths / 10)).toBe((count * tenths) / 10);
  });

  it("is not exceeded by at least its share, and reached by the rest", () => {
    const values = [5, 1, 4, 4, 2, 8, 8, 8, 3, 9, 0.5];
    for (const share of [0.1, 0.25, 0.5, 0.9]) {
      const found = percentile(values, share) ?? Number.NaN;
      expect(values.filter((value) => value <= found).length / values.length).toBeGreaterThanOrEqual(share);
      expect(values.filter((value) => value < found).length / values.length).toBeLessThan(share);
    }
  });

  it("of nothing is nothing, and the values stay as they were", () => {
    expect(percentile([], 0.5)).toBeNull();
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it("needs a share", () => {
    for (const share of [0, -1, 1.5, Number.NaN]) expect(() => percentile([1], share)).toThrow(RangeError);
  });
});
