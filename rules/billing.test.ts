import { describe, expect, it } from "vitest";
import { parseCredits, type Prices } from "../protocol/money.ts";
import { billJob, countedTokens, type Part, type Work } from "./billing.ts";
import { costOf, dearestOf, worstCostOf, type TokenUsage } from "./price.ts";
import { seededRandom } from "./seeded-random.ts";

/** A nano-credit a token, so that costs can be read as tokens. */
const PLAIN: Prices = { prompt: 1_000_000, cachedPrompt: 1_000_000, completion: 1_000_000 };

const claim = (promptTokens: number, completionTokens: number, cachedPromptTokens = 0): TokenUsage => ({
  promptTokens,
  cachedPromptTokens,
  completionTokens,
});

const part = (more: Partial<Part> = {}): Part => ({
  provider: "ada",
  prices: PLAIN,
  deliveredTokens: 10,
  deliveredBytes: 40,
  claimed: claim(20, 10),
  ...more,
});

const work = (parts: Part[], more: Partial<Work> = {}): Work => ({
  consumer: "bob",
  bounds: { promptTokens: 100, maxTokens: 50 },
  heldNano: 150,
  feeBasisPoints: 0,
  parts,
  ...more,
});

describe("the tokens that count", () => {
  it("are the delivered ones, no more than bytes arrived, no more than were asked for", () => {
    expect(countedTokens({ deliveredTokens: 10, deliveredBytes: 40 }, 50)).toBe(10);
    expect(countedTokens({ deliveredTokens: 1000, deliveredBytes: 40 }, 50)).toBe(40);
    expect(countedTokens({ deliveredTokens: 1000, deliveredBytes: 4000 }, 50)).toBe(50);
    expect(countedTokens({ deliveredTokens: 10, deliveredBytes: 0 }, 50)).toBe(0);
  });
});

describe("the bill of a job", () => {
  it("is by what was claimed, when that was delivered", () => {
    const bill = billJob(work([part()], { feeBasisPoints: 1000 }));
    expect(bill).toEqual({
      parts: [{ provider: "ada", usage: claim(20, 10), costNano: 30, feeNano: 3, earnedNano: 27 }],
      usage: claim(20, 10),
      costNano: 30,
      feeNano: 3,
    });
  });

  it("has no more tokens than were delivered, whatever is claimed", () => {
    const greedy = part({ claimed: claim(1_000_000_000, 1_000_000_000, 999_999_999) });
    expect(billJob(work([greedy])).usage).toEqual(claim(100, 10, 100));
  });

  it("has no more tokens than are claimed, whatever was delivered", () => {
    expect(billJob(work([part({ claimed: claim(3, 4) })])).usage).toEqual(claim(3, 4));
  });

  it("counts what arrived of a provider that broke off before it told of that, and is not nothing", () => {
    const silent = billJob(work([part({ claimed: null })]));
    expect([silent.usage, silent.costNano]).toEqual([claim(0, 10), 10]);
    const begun = billJob(work([part({ claimed: { ...claim(20, 0, 5), completionTokens: null } })]));
    expect([begun.usage, begun.costNano]).toEqual([claim(20, 10, 5), 30]);
  });

  it("is the prompt's alone where vectors were delivered, which are no tokens", () => {
    const vectors = part({ deliveredTokens: 0, deliveredBytes: 4096, claimed: claim(90, 7) });
    const bounds = { promptTokens: 60, maxTokens: 0 };
    const bill = billJob(work([vectors], { bounds }));
    expect([bill.usage, bill.costNano]).toEqual([claim(60, 0), 60]);
    expect(billJob(work([{ ...vectors, claimed: null }], { bounds })).costNano).toBe(0);
    expect(billJob(work([{ ...vectors, deliveredBytes: 0 }], { bounds })).costNano).toBe(0);
  });

  it("is nothing when nothing was delivered, even when a prompt was read", () => {
    const silent = part({ deliveredTokens: 0, deliveredBytes: 0, claimed: claim(90, 50) });
    expect(billJob(work([silent])).costNano).toBe(0);
    expect(billJob(work([])).costNano).toBe(0);
  });

  it("pays each of several providers for its own tokens at its own price, and the prompt once, to the last that told of it", () => {
    const dear = { ...PLAIN, completion: 2_000_000 };
    const bill = billJob(
      work([
        part({ claimed: null }),
        part({ provider: "cyn", prices: dear, deliveredTokens: 7, claimed: claim(27, 7) }),
        part({ provider: "dan", deliveredTokens: 0, deliveredBytes: 0, claimed: claim(30, 5) }),
      ]),
    );
    expect(
      bill.parts.map(({ usage, costNano }) => [usage.promptTokens, usage.completionTokens, costNano]),
    ).toEqual([
      [0, 10, 10],
      [27, 7, 41],
      [0, 0, 0],
    ]);
    expect(bill.costNano).toBe(51);
  });

  it("gives the prompt to one part only, even if all claim it", () => {
    const bill = billJob(work([part(), part({ provider: "cyn" })]));
    expect(bill.parts.map(({ usage }) => usage.promptTokens)).toEqual([0, 20]);
  });

  it("has over all parts no more tokens than were asked for, claimed or not", () => {
    const parts = [
      part({ deliveredTokens: 40 }),
      part({ provider: "cyn", deliveredTokens: 40, claimed: claim(0, 40) }),
    ];
    expect(billJob(work(parts)).parts.map(({ usage }) => usage.completionTokens)).toEqual([10, 10]);
    const flood = Array.from({ length: 4 }, () => part({ deliveredTokens: 40, claimed: null }));
    expect(billJob(work(flood)).usage.completionTokens).toBe(50);
  });

  it("is free of charge for the part of a consumer's own provider, which is told all the same", () => {
    const own = part({ provider: "bob" });
    const bill = billJob(work([own], { feeBasisPoints: 500 }));
    expect([bill.costNano, bill.feeNano, bill.usage]).toEqual([0, 0, claim(20, 10)]);
    expect(billJob(work([part({ claimed: null }), own])).parts.map(({ costNano }) => costNano)).toEqual([
      10, 0,
    ]);
  });

  it("is rounded up once, however many parts there are", () => {
    const tiny = { prompt: 1, cachedPrompt: 1, completion: 1 };
    const parts = Array.from({ length: 5 }, () => part({ prices: tiny, claimed: null }));
    const bill = billJob(work(parts));
    expect(bill.costNano).toBe(1);
    expect(bill.parts.map(({ costNano }) => costNano)).toEqual([1, 0, 0, 0, 0]);
  });

  it("is more than nothing for 1 to 100 tokens at 0.005 credits per million", () => {
    const price = parseCredits("0.005");
    const prices = { prompt: price, cachedPrompt: price, completion: price };
    for (let tokens = 1; tokens <= 100; tokens++) {
      const parts = [part({ prices, deliveredTokens: tokens, deliveredBytes: tokens, claimed: null })];
      const bounds = { promptTokens: 0, maxTokens: 100 };
      expect(billJob(work(parts, { bounds, heldNano: 500 })).costNano).toBe(5 * tokens);
    }
  });

  it("is never more than what is held", () => {
    const bill = billJob(work([part(), part({ provider: "cyn" })], { heldNano: 15, feeBasisPoints: 1000 }));
    expect(bill.parts.map(({ costNano, feeNano }) => [costNano, feeNano])).toEqual([
      [10, 1],
      [5, 0],
    ]);
    expect(bill.costNano).toBe(15);
  });

  it("is refused for numbers that are none", () => {
    expect(() => billJob(work([part({ deliveredTokens: -1 })]))).toThrow(RangeError);
    expect(() => billJob(work([part({ claimed: claim(1.5, 1) })]))).toThrow(RangeError);
    expect(() => billJob(work([part()], { feeBasisPoints: -1 }))).toThrow(RangeError);
  });
});

describe("any bill", () => {
  const random = seededRandom(15);
  const below = (limit: number): number => Math.floor(random() * limit);
  const some = (): number => below(10 ** below(6));
  const anyPart = (): Part => {
    const promptTokens = some();
    const price = (): number => below(10 ** below(13));
    return part({
      provider: ["ada", "bob", "cyn"][below(3)] ?? "ada",
      prices: { prompt: price(), cachedPrompt: price(), completion: price() },
      deliveredTokens: some(),
      deliveredBytes: some(),
      claimed: below(4) === 0 ? null : claim(promptTokens, some(), below(promptTokens + 1)),
    });
  };

  it("fits into the worst case, loses nothing between consumer, providers and platform, and pays for nothing undelivered", () => {
    for (let round = 0; round < 600; round++) {
      const parts = Array.from({ length: 1 + below(4) }, anyPart);
      const bounds = { promptTokens: some(), maxTokens: some() };
      const heldNano = worstCostOf(bounds, dearestOf(parts.map(({ prices }) => prices)));
      const bill = billJob(work(parts, { bounds, heldNano, feeBasisPoints: below(10_001) }));
      // What the cap by the hold would hide: even one nano-credit beyond the worst case.
      const uncapped = billJob(work(parts, { bounds, heldNano: Number.MAX_SAFE_INTEGER, feeBasisPoints: 0 }));
      expect(uncapped.costNano).toBeLessThanOrEqual(heldNano);
      expect(bill.costNano).toBe(uncapped.costNano);
      const total = (of: "costNano" | "feeNano" | "earnedNano") =>
        bill.parts.reduce((sum, p) => sum + p[of], 0);
      expect(total("costNano")).toBe(bill.costNano);
      expect(total("feeNano")).toBe(bill.feeNano);
      expect(total("earnedNano") + total("feeNano")).toBe(bill.costNano);
      expect(bill.usage.completionTokens).toBeLessThanOrEqual(bounds.maxTokens);
      expect(bill.usage.promptTokens).toBeLessThanOrEqual(bounds.promptTokens);
      bill.parts.forEach((billed, index) => {
        const { deliveredTokens = 0, deliveredBytes = 0, prices = PLAIN } = parts[index] ?? {};
        expect(billed.usage.completionTokens).toBeLessThanOrEqual(Math.min(deliveredTokens, deliveredBytes));
        expect(billed.costNano).toBeGreaterThanOrEqual(0);
        const own = billed.provider === "bob";
        expect(billed.costNano).toBeLessThanOrEqual(own ? 0 : costOf(billed.usage, prices));
      });
    }
  });
});
