import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { LONGEST_REST_MS, limitReached, restAfter, SHORTEST_REST_MS, TabLimits } from "./tab-limits.ts";

const limits: TabLimits = { until: 1_000, share: 1, bytes: 500 };
const used = { now: 999, usedBytes: 499 };

describe("the limits of a tab", () => {
  it("are not reached before their moment and their bytes", () => {
    expect(limitReached(limits, used)).toBeNull();
  });

  it("end an offer at their moment, and once so many bytes went over the link", () => {
    expect(limitReached(limits, { ...used, now: 1_000 })).toBe("hours");
    expect(limitReached(limits, { ...used, usedBytes: 500 })).toBe("data");
    expect(limitReached(limits, { now: 1_000, usedBytes: 500 })).toBe("hours");
  });

  it("are none where nothing is said, or wide", () => {
    expect(limitReached({ until: null, share: 0.1, bytes: null }, { now: 1e15, usedBytes: 1e15 })).toBeNull();
  });

  it("may be none at all of data, and never less than a tenth of the time", () => {
    expect(limitReached({ ...limits, bytes: 0 }, { now: 0, usedBytes: 0 })).toBe("data");
    expect(v.is(TabLimits, { ...limits, share: 0.1 })).toBe(true);
    for (const share of [0, 0.09, 1.1, Number.NaN]) expect(v.is(TabLimits, { ...limits, share })).toBe(false);
  });
});

describe("the rest after some work", () => {
  it("is none for who may work all of the time", () => {
    expect(restAfter(0, 5_000, 1)).toEqual({ nowMs: 0, owedMs: 0 });
  });

  it("is as long as the work at one half, and three times that at a quarter", () => {
    expect(restAfter(0, 100, 0.5).nowMs).toBe(100);
    expect(restAfter(0, 100, 0.25).nowMs).toBe(300);
  });

  it("waits until it is long enough for a timer", () => {
    const first = restAfter(0, SHORTEST_REST_MS / 2, 0.5);
    expect(first).toEqual({ nowMs: 0, owedMs: SHORTEST_REST_MS / 2 });
    expect(restAfter(first.owedMs, SHORTEST_REST_MS / 2, 0.5)).toEqual({
      nowMs: SHORTEST_REST_MS,
      owedMs: 0,
    });
  });

  it("is never so long that it looks like a stall: what is left is rested later", () => {
    expect(restAfter(0, 10_000, 0.5)).toEqual({ nowMs: LONGEST_REST_MS, owedMs: 10_000 - LONGEST_REST_MS });
  });

  it.each([0.1, 0.25, 0.5, 0.75, 1])("makes the time of work %d of all over many pieces", (share) => {
    let [worked, rested, owedMs] = [0, 0, 0];
    for (let piece = 0; piece < 5_000; piece++) {
      const work = piece % 700 === 0 ? 4_000 : 10 + (piece % 50);
      worked += work;
      const rest = restAfter(owedMs, work, share);
      rested += rest.nowMs;
      owedMs = rest.owedMs;
    }
    expect(worked / (worked + rested)).toBeCloseTo(share, 2);
  });
});
