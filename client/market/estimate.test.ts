import { describe, expect, it } from "vitest";
import { promptBound } from "../../rules/prompt-bound.ts";
import { worstCostOf } from "../../rules/price.ts";
import { estimate, promptOfText, promptOfTokens, wholeNumber } from "./estimate.ts";

const MILLION = 1_000_000;
const offer = (provider: string, prompt: number, completion: number, contextTokens = 8_000) => ({
  provider,
  prices: { prompt: prompt * MILLION, cachedPrompt: 0, completion: completion * MILLION },
  contextTokens,
  maxOutputTokens: contextTokens / 2,
});

describe("an imagined prompt", () => {
  it("of a text is bounded as the market bounds that request", () => {
    const text = "Olá, 世界! ".repeat(9);
    const { expected, atMost } = promptOfText(text);
    expect(atMost).toBe(promptBound([{ role: "user", content: text }]));
    expect(expected).toBe(Math.ceil(atMost / 4));
  });

  it("of so many tokens is bounded as a text of four bytes a token", () => {
    const { atMost } = promptOfText("abcd".repeat(100));
    expect(promptOfTokens(100)).toEqual({ expected: 100, atMost });
  });
});

describe("an estimate", () => {
  const request = { prompt: { expected: 1_000, atMost: 5_000 }, maxTokens: 500 };

  it("is of the prompt that is expected and the longest answer, the cheapest offer first", () => {
    const { each, median } = estimate(request, [
      offer("dear", 4, 40),
      offer("cheap", 1, 2),
      offer("fair", 2, 4),
    ]);
    expect(each.map((one) => [one.offer.provider, one.costNano])).toEqual([
      ["cheap", 2_000],
      ["fair", 4_000],
      ["dear", 24_000],
    ]);
    expect(median?.offer.provider).toBe("fair");
  });

  it("holds the most that it can cost, at prices that leave room for others to take over", () => {
    const [cheap, fair, dear] = [offer("cheap", 1, 2), offer("fair", 2, 4), offer("dear", 4, 40)];
    const { each } = estimate(request, [cheap, fair, dear]);
    const bounds = { promptTokens: 5_000, maxTokens: 500 };
    expect(each.map((one) => one.heldNano)).toEqual([
      worstCostOf(bounds, fair.prices),
      worstCostOf(bounds, fair.prices),
      worstCostOf(bounds, dear.prices),
    ]);
  });

  it("leaves out offers that have no room for it", () => {
    const { each, median } = estimate(request, [offer("small", 1, 1, 1_400), offer("short", 1, 1, 900)]);
    expect([each, median]).toEqual([[], null]);
    expect(estimate({ ...request, maxTokens: 400 }, [offer("small", 1, 1, 1_400)]).each).toHaveLength(1);
  });

  it("has the dearest of the cheaper half as its median", () => {
    const { median } = estimate(
      request,
      [1, 2, 3, 4].map((price) => offer(`at-${price}`, price, price)),
    );
    expect(median?.offer.provider).toBe("at-2");
  });
});

describe("a whole number", () => {
  it("is read as it is typed, and nothing else is", () => {
    expect(["12", " 7 ", "0", "101", "-1", "1.5", "", "1e9"].map((text) => wholeNumber(text, 100))).toEqual([
      12,
      7,
      0,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
