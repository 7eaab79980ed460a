import { describe, expect, it } from "vitest";
import { browserLimits } from "./browser-limits.ts";

describe("limits of a run in the browser", () => {
  it("give some times the time, never less than two seconds, and the same memory and output", () => {
    const limits = { memoryMiB: 256, outputMiB: 8 };
    expect(browserLimits(1500, limits)).toEqual({
      wallMs: 4500,
      memoryBytes: 268_435_456,
      outputBytes: 8_388_608,
    });
    expect(browserLimits(100, limits).wallMs).toBe(2000);
  });
});
