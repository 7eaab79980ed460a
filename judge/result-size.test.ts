import { describe, expect, it } from "vitest";
import type { RunResult } from "../protocol/judge.ts";
import { withinBounds } from "./result-size.ts";

const runsOf = (count: number, message: string): RunResult[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `secret/${index}`,
    verdict: index % 2 === 0 ? "AC" : "WA",
    score: null,
    cpuMs: 1,
    wallMs: 1,
    memoryKiB: 1,
    outputBytes: 1,
    message,
    teamMessage: "",
    measurements: [],
  }));

describe("the size of a result", () => {
  it("leaves messages whole where they fit", () => {
    const runs = runsOf(500, "m".repeat(1000));
    expect(withinBounds(runs)).toEqual(runs);
  });

  it.each([
    [2000, "m".repeat(1000)],
    [5000, "\0".repeat(1000)],
  ])("makes %i runs fit by shorter messages, those of rejected tests last", (count, message) => {
    const bounded = withinBounds(runsOf(count, message));
    expect(JSON.stringify(bounded).length).toBeLessThanOrEqual(1024 * 1024);
    expect(bounded.map(({ name }) => name)).toEqual(runsOf(count, "").map(({ name }) => name));
    expect(bounded[0]?.message).toBe("");
  });

  it("keeps the beginning of why a test was rejected", () => {
    expect(withinBounds(runsOf(2000, "m".repeat(1000)))[1]?.message).toBe("m".repeat(200));
  });
});
