import { describe, expect, it } from "vitest";
import type { ContestClock } from "../protocol/contest.ts";
import { contestTime, freezeTime, phaseAt } from "./contest-clock.ts";

const clock: ContestClock = { startAt: 1000, durationMs: 500, freezeMs: 100, penaltyMinutes: 20 };

describe("the phase of a contest", () => {
  it.each([
    [999, "before"],
    [1000, "running"],
    [1399, "running"],
    [1400, "frozen"],
    [1499, "frozen"],
    [1500, "over"],
  ])("at %d is %s", (now, phase) => {
    expect(phaseAt(clock, now)).toBe(phase);
  });

  it("is never frozen without a freeze", () => {
    expect(phaseAt({ ...clock, freezeMs: 0 }, 1499)).toBe("running");
  });

  it("is frozen from the start when the freeze is as long as the contest", () => {
    expect(phaseAt({ ...clock, freezeMs: 500 }, 1000)).toBe("frozen");
    expect(freezeTime({ durationMs: 500, freezeMs: 600 })).toBe(0);
  });
});

describe("contest time", () => {
  it("runs from the start to the end and stands still outside", () => {
    expect([0, 1000, 1250, 9999].map((now) => contestTime(clock, now))).toEqual([0, 0, 250, 500]);
  });
});
