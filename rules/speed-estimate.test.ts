import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";
import {
  declaredSpeed,
  decodeSample,
  type DecodeSample,
  type SpeedEstimate,
  tokensPerSecond,
  withSample,
} from "./speed-estimate.ts";

const HOUR = 3_600_000;

function after(declared: number | null, samples: readonly DecodeSample[]): SpeedEstimate {
  return samples.reduce((estimate, sample) => withSample(estimate, sample, 0), declaredSpeed(declared, 0));
}
const speed = (estimate: SpeedEstimate, now = 0): number => tokensPerSecond(estimate, now) ?? NaN;
const jobs = (count: number, tokens: number, perSecond: number): DecodeSample[] =>
  Array.from({ length: count }, () => ({ tokens, ms: (tokens * 1000) / perSecond }));

describe("what is taken of an answer", () => {
  it("is neither the prompt's time, nor the first delta's tokens, nor the reader's pauses", () => {
    const answer = {
      firstDeltaAt: 9000,
      lastDeltaAt: 12_000,
      pausedMs: 1000,
      firstDeltaTokens: 4,
      tokens: 104,
    };
    expect(decodeSample(answer)).toEqual({ tokens: 100, ms: 2000 });
  });

  it("is nothing when all came at once, or in one delta", () => {
    const atOnce = { firstDeltaAt: 50, lastDeltaAt: 55, pausedMs: 0, firstDeltaTokens: 1, tokens: 500 };
    expect(decodeSample(atOnce)).toBeNull();
    expect(decodeSample({ ...atOnce, lastDeltaAt: 900, tokens: 1 })).toBeNull();
    expect(decodeSample({ ...atOnce, lastDeltaAt: 900, pausedMs: 900 })).toBeNull();
  });
});

describe("the speed of an offer", () => {
  it("is what was declared as long as nothing was seen, and unknown without that", () => {
    expect(speed(declaredSpeed(42, 0), HOUR)).toBe(42);
    expect(tokensPerSecond(declaredSpeed(null, 0), 0)).toBeNull();
  });

  it("hardly changes by one short job, however slow that was", () => {
    expect(speed(after(40, [{ tokens: 3, ms: 30_000 }]))).toBeGreaterThan(30);
    expect(speed(after(8, [{ tokens: 1, ms: 60_000 }]))).toBeGreaterThan(5);
    expect(tokensPerSecond(after(null, [{ tokens: 3, ms: 30_000 }]), 0)).toBeNull();
  });

  it("follows what is seen, whatever was declared", () => {
    expect(speed(after(1000, jobs(40, 200, 10)))).toBeLessThan(13);
    expect(speed(after(10, jobs(40, 200, 1000)))).toBeGreaterThan(780);
    expect(speed(after(null, jobs(1, 50, 20)))).toBeCloseTo(20);
  });

  it("goes by tokens: a long job weighs as much as all short ones together that have as many", () => {
    const long = speed(after(20, jobs(1, 100, 80)));
    const short = speed(after(20, jobs(100, 1, 80)));
    expect(long / short).toBeGreaterThan(0.97);
    expect(long / short).toBeLessThan(1.03);
  });

  it("is soon that of now when it changes", () => {
    expect(speed(after(100, [...jobs(50, 200, 100), ...jobs(50, 200, 25)]))).toBeLessThan(29);
  });

  it("goes back to what was declared when nothing more is seen", () => {
    const slow = after(50, jobs(20, 100, 2));
    const overTime = [0, 1, 2, 4, 8].map((hours) => speed(slow, hours * HOUR));
    expect(overTime).toEqual(overTime.toSorted((a, b) => a - b));
    expect(overTime[0]).toBeLessThan(3);
    expect(overTime[4]).toBeGreaterThan(49);
    expect(tokensPerSecond(after(null, jobs(20, 100, 2)), 8 * HOUR)).toBeNull();
  });

  it("lies between the slowest and the fastest of what was declared and seen, at any time", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 500; round++) {
      const rate = (): number => 0.1 * 10_000 ** random();
      const declared = random() < 0.3 ? null : rate();
      const rates = declared === null ? [] : [declared];
      let estimate = declaredSpeed(declared, 0);
      for (let now = 0, job = 0; job < 20; job++) {
        const tokens = 1 + Math.floor(random() * 400);
        rates.push(rate());
        estimate = withSample(estimate, { tokens, ms: (tokens * 1000) / (rates.at(-1) ?? 1) }, now);
        now += (random() - 0.1) * HOUR;
        const believed = tokensPerSecond(estimate, now);
        if (believed === null) continue;
        expect(believed).toBeGreaterThan(Math.min(...rates) * 0.999);
        expect(believed).toBeLessThan(Math.max(...rates) * 1.001);
      }
    }
  });

  it("is a number whatever a clock or a provider says", () => {
    expect(speed(declaredSpeed(0, 0))).toBe(0.01);
    expect(speed(declaredSpeed(1e300, 0))).toBe(10_000);
    expect(speed(after(1, [{ tokens: 1e9, ms: 10 }]))).toBeLessThanOrEqual(10_000);
  });
});
