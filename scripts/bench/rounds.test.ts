import { describe, expect, it } from "vitest";
import { difference, figures, quantile, timeRounds } from "./rounds.ts";

describe("measuring in rounds", () => {
  it("runs every arm once in each round, beginning with another one each time", async () => {
    const order: string[] = [];
    const arm = (name: string) => ({
      name,
      run: async () => {
        order.push(name);
      },
    });
    const times = await timeRounds([arm("a"), arm("b"), arm("c")], 3, 1);
    expect(order.join("")).toBe("abcbcacababc");
    expect([...times].map(([name, all]) => [name, all.length])).toEqual([
      ["a", 3],
      ["b", 3],
      ["c", 3],
    ]);
  });

  it("takes the nearest rank as quantile", () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([4, 3, 1, 2], 0.5)).toBe(2);
    expect(quantile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9)).toBe(9);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it("compares two arms round by round, not by their medians", () => {
    const times = new Map([
      ["plain", [1, 10, 100]],
      ["boxed", [3, 12, 102]],
      ["odd", [103, 3, 13]],
    ]);
    expect(difference(times, "boxed", "plain")).toEqual({ medianMs: 2, p90Ms: 2, ratio: 1.2 });
    expect(difference(times, "odd", "plain")).toMatchObject({ medianMs: -7 });
    expect(figures(times).map(({ medianMs }) => medianMs)).toEqual([10, 12, 13]);
  });

  it("compares nothing with an arm that was not measured", () => {
    expect(difference(new Map([["plain", [1]]]), "boxed", "plain")).toBeNull();
  });
});
