import { describe, expect, it } from "vitest";
import { difference, figures, quantile, timeRounds } from "./rounds.ts";

describe("measuring in rounds", () => {
  it("runs every arm once in each round, in an order that chance gives, and counts no warm-up", async () => {
    const order: string[] = [];
    const arm = (name: string) => ({
      name,
      run: async () => {
        order.push(name);
      },
    });
    const lots = [0.1, 0.2, 0.3, 0.9, 0.5, 0.1, 0.5, 0.9, 0.1];
    const times = await timeRounds([arm("a"), arm("b"), arm("c")], 2, 1, () => lots.shift() ?? NaN);
    expect(order.join("")).toBe("abccbacab");
    expect([...times].map(([name, all]) => [name, all.length])).toEqual([
      ["a", 2],
      ["b", 2],
      ["c", 2],
    ]);
  });

  it("takes the time that an arm says for its own", async () => {
    const times = await timeRounds([{ name: "inside", run: async () => 7 }], 2, 0);
    expect(times.get("inside")).toEqual([7, 7]);
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
    expect(difference(times, "boxed", "plain")).toEqual({
      medianMs: 2,
      p90Ms: 2,
      uncertaintyMs: 0,
      ratio: 1.2,
    });
    expect(difference(times, "odd", "plain")).toMatchObject({ medianMs: -7 });
    expect(figures(times).map(({ medianMs }) => medianMs)).toEqual([10, 12, 13]);
  });

  it("compares nothing with an arm that was not measured", () => {
    expect(difference(new Map([["plain", [1]]]), "boxed", "plain")).toBeNull();
  });
});
