import { describe, expect, it } from "vitest";
import { MAX_PRICE, parseCredits, type Prices } from "../protocol/money.ts";
import { costOf, dearestOf, feeOf, worstCostOf, type TokenUsage } from "./price.ts";
import { seededRandom } from "./seeded-random.ts";

const flat = (credits: string): Prices => {
  const price = parseCredits(credits);
  return { prompt: price, cachedPrompt: price, completion: price };
};

const usage = (promptTokens: number, completionTokens: number, cachedPromptTokens = 0): TokenUsage => ({
  promptTokens,
  cachedPromptTokens,
  completionTokens,
});

const random = seededRandom(20);
const below = (limit: number): number => Math.floor(random() * limit);
/** Small, usual and huge ones alike. */
const anyPrice = (): number => below(10 ** below(16));
const anyPrices = (): Prices => ({ prompt: anyPrice(), cachedPrompt: anyPrice(), completion: anyPrice() });

describe("the cost of tokens", () => {
  it("is by the price of each kind, and those from the cache are not paid twice", () => {
    const prices = {
      prompt: parseCredits("0.5"),
      cachedPrompt: parseCredits("0.1"),
      completion: parseCredits("2"),
    };
    expect(costOf(usage(1000, 100), prices)).toBe(parseCredits("0.0007"));
    expect(costOf(usage(1000, 100, 400), prices)).toBe(parseCredits("0.00054"));
  });

  it("is more than nothing for every job of 1 to 100 tokens at 0.005 credits per million", () => {
    for (let tokens = 1; tokens <= 100; tokens++) {
      expect(costOf(usage(0, tokens), flat("0.005"))).toBe(5 * tokens);
      expect(costOf(usage(tokens, 0), flat("0.000000001"))).toBe(1);
    }
  });

  it("is rounded up once over the sum, not for each kind of token", () => {
    const tiny = flat("0.000000001");
    expect(costOf(usage(2, 1, 1), tiny)).toBe(1);
    expect(costOf(usage(1_000_000, 0), tiny)).toBe(1);
    expect(costOf(usage(1_000_000, 1), tiny)).toBe(2);
  });

  it("is nothing when nothing is asked for it, or nothing was used", () => {
    expect(costOf(usage(5000, 5000), flat("0"))).toBe(0);
    expect(costOf(usage(0, 0), flat("1000"))).toBe(0);
  });

  it("is exact where floating point is not", () => {
    // 123456789 * 987654321 is beyond 2^53.
    expect(costOf(usage(123_456_789, 0), { prompt: 987_654_321, cachedPrompt: 0, completion: 0 })).toBe(
      121_932_631_113,
    );
    expect(costOf(usage(9_007_199, 0), { prompt: MAX_PRICE, cachedPrompt: 0, completion: 0 })).toBe(
      9_007_199_000_000_000,
    );
  });

  it("is refused beyond safe integers, and for what are no tokens or no prices", () => {
    const dearest = { prompt: MAX_PRICE, cachedPrompt: MAX_PRICE, completion: MAX_PRICE };
    expect(() => costOf(usage(9_007_200, 0), dearest)).toThrow(/beyond safe integers/);
    expect(() => costOf(usage(-1, 0), flat("1"))).toThrow(RangeError);
    expect(() => costOf(usage(0, 0.5), flat("1"))).toThrow(RangeError);
    expect(() => costOf(usage(NaN, 0), flat("1"))).toThrow(RangeError);
    expect(() => costOf(usage(1, 0, 2), flat("1"))).toThrow(/more than the prompt's 1/);
    expect(() => costOf(usage(1, 0), { ...flat("1"), prompt: MAX_PRICE + 1 })).toThrow(RangeError);
    expect(() => costOf(usage(1, 0), { ...flat("1"), prompt: -1 })).toThrow(RangeError);
  });
});

describe("the worst case of a job", () => {
  it("takes the dearer of the prompt's prices, in case all of it or nothing comes from the cache", () => {
    const prices = { prompt: 1_000_000, cachedPrompt: 250_000, completion: 2_000_000 };
    const reversed = { ...prices, prompt: 250_000, cachedPrompt: 1_000_000 };
    expect(worstCostOf({ promptTokens: 10, maxTokens: 5 }, prices)).toBe(20);
    expect(worstCostOf({ promptTokens: 10, maxTokens: 5 }, reversed)).toBe(20);
  });

  it("is never below what any usage within the bounds costs, at any of the offers", () => {
    for (let round = 0; round < 1000; round++) {
      const bounds = { promptTokens: below(10 ** below(6)), maxTokens: below(10 ** below(6)) };
      const offers = Array.from({ length: 1 + below(3) }, anyPrices);
      const worst = worstCostOf(bounds, dearestOf(offers));
      for (const prices of offers) {
        const promptTokens = below(bounds.promptTokens + 1);
        const real = usage(promptTokens, below(bounds.maxTokens + 1), below(promptTokens + 1));
        expect(costOf(real, prices)).toBeLessThanOrEqual(worst);
      }
    }
  });

  it("is reached by a job that uses all of it", () => {
    const prices = { prompt: 7, cachedPrompt: 3, completion: 11 };
    expect(costOf(usage(1234, 5678), prices)).toBe(
      worstCostOf({ promptTokens: 1234, maxTokens: 5678 }, prices),
    );
  });

  it("needs an offer", () => {
    expect(() => dearestOf([])).toThrow(/no offer/);
  });
});

describe("the fee", () => {
  it("is rounded down, so that it is never more than was announced", () => {
    expect(feeOf(1000, 500)).toBe(50);
    expect(feeOf(999, 500)).toBe(49);
    expect(feeOf(1, 9999)).toBe(0);
    expect(feeOf(1, 10_000)).toBe(1);
    expect(feeOf(12_345, 0)).toBe(0);
  });

  it("and the rest are the whole cost, for any amount and share", () => {
    for (let round = 0; round < 1000; round++) {
      const cost = below(Number.MAX_SAFE_INTEGER);
      const points = below(10_001);
      const fee = feeOf(cost, points);
      const [exact, share] = [BigInt(cost) * BigInt(points), BigInt(fee) * 10_000n];
      expect(share <= exact && exact < share + 10_000n).toBe(true);
      expect(fee).toBeLessThanOrEqual(cost);
    }
  });

  it.each([-1, 10_001, 0.5, NaN])("of %d basis points is refused", (points) => {
    expect(() => feeOf(1000, points)).toThrow(/basis points/);
  });
});
