import { describe, expect, it } from "vitest";
import { firstTokenMs, noFirstToken, withFirstToken } from "./first-token-estimate.ts";

const MINUTE = 60_000;
const NOW = 1e12;

const after = (...samples: { ms: number; promptTokens: number }[]) =>
  samples.reduce((estimate, sample) => withFirstToken(estimate, sample, NOW), noFirstToken);

describe("the time to the first token", () => {
  it("is unknown until an answer was seen", () => {
    expect(firstTokenMs(noFirstToken, 100, NOW)).toBeNull();
    expect(firstTokenMs(after({ ms: 300, promptTokens: 100 }), 100, NOW)).toBeCloseTo(300);
  });

  it("grows with the prompt, so that nobody seems slow who got the long ones", () => {
    const long = after({ ms: 5_100, promptTokens: 10_000 });
    const short = after({ ms: 150, promptTokens: 100 });
    expect(firstTokenMs(long, 100, NOW)).toBeCloseTo(150);
    expect(firstTokenMs(short, 10_000, NOW)).toBeCloseTo(5_100);
  });

  it("is hardly moved by one that is far off", () => {
    const usual = Array.from({ length: 20 }, () => ({ ms: 200, promptTokens: 100 }));
    expect(firstTokenMs(after(...usual, { ms: 20_000, promptTokens: 100 }), 100, NOW)).toBeLessThan(450);
  });

  it("is soon that of now, and unknown when nothing was seen for long", () => {
    const slow = Array.from({ length: 20 }, () => ({ ms: 4_000, promptTokens: 100 }));
    const quick = Array.from({ length: 20 }, () => ({ ms: 100, promptTokens: 100 }));
    expect(firstTokenMs(after(...slow, ...quick), 100, NOW)).toBeLessThan(120);
    const once = after({ ms: 300, promptTokens: 100 });
    expect(firstTokenMs(once, 100, NOW + 29 * MINUTE)).toBeCloseTo(300);
    expect(firstTokenMs(once, 100, NOW + 31 * MINUTE)).toBeNull();
  });

  it("is a number whatever a clock says", () => {
    for (const ms of [-5, 0, 1e12]) {
      const believed = firstTokenMs(after({ ms, promptTokens: 100 }), 100, NOW);
      expect(believed).toBeGreaterThanOrEqual(1);
      expect(believed).toBeLessThan(600_001);
    }
  });
});
