import { describe, expect, it } from "vitest";
import { compareTimes, LEAST_MS } from "./yardstick.ts";

describe("a time beside the jury's", () => {
  it("is a ratio at the slowest test, with two digits", () => {
    const quick = { mineMs: 6, juryMs: 60 };
    expect(compareTimes([quick, { mineMs: 413, juryMs: 100 }])).toEqual({
      type: "ratio",
      ratio: 4.1,
      atLeast: false,
    });
    expect(compareTimes([quick])).toEqual({ type: "ratio", ratio: 0.1, atLeast: false });
    expect(compareTimes([{ mineMs: 12_345, juryMs: 100 }])).toMatchObject({ ratio: 123 });
  });

  it("is a lower bound where the jury's is too quick to be measured", () => {
    expect(compareTimes([{ mineMs: 200, juryMs: 0 }])).toEqual({
      type: "ratio",
      ratio: 200 / LEAST_MS,
      atLeast: true,
    });
  });

  it("never makes a difference out of what is too short to measure", () => {
    expect(compareTimes([{ mineMs: LEAST_MS - 1, juryMs: 0.1 }])).toEqual({ type: "short" });
    expect(compareTimes([{ mineMs: 0, juryMs: 50 }])).toMatchObject({ ratio: 0.1 });
  });

  it("is nothing without a test", () => {
    expect(compareTimes([])).toBeNull();
  });
});
