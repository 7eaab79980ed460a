import { describe, expect, it } from "vitest";
import { holdLevels, isWithin } from "./hold-levels.ts";
import { preferring } from "./testing-offers.ts";

const BOUNDS = { promptTokens: 1000, maxTokens: 1000 };

const offer = (owner: string, price: number) => ({
  provider: `${owner}'s`,
  owner,
  prices: { prompt: price * 1000, cachedPrompt: price * 1000, completion: price * 1000 },
});

const cheap = offer("bob", 10);
const near = offer("cy", 19);
const dear = offer("dan", 200);
const own = offer("ann", 500);

const ann = { consumer: "ann", allowFallbacks: true, ...preferring({}) };

const amounts = (...levels: Parameters<typeof holdLevels>) => holdLevels(...levels).map(({ nano }) => nano);

describe("what is held for a job", () => {
  it("covers the chosen offer and those that could take over for up to twice as much, or else it alone", () => {
    expect(amounts(ann, BOUNDS, cheap, [cheap, near, dear])).toEqual([38, 20]);
    expect(holdLevels(ann, BOUNDS, cheap, [cheap, near, dear])[0]?.ceiling).toEqual(near.prices);
  });

  it("falls back to the cheapest of all when the chosen one, which has a slot free, is too dear", () => {
    expect(amounts(ann, BOUNDS, dear, [cheap, near, dear])).toEqual([400, 20]);
  });

  it("is nothing where the consumer's own provider was chosen, and nobody else may take over then", () => {
    const [level, ...others] = holdLevels(ann, BOUNDS, own, [own, cheap]);
    expect([level?.nano, others]).toEqual([0, []]);
    expect(level && [isWithin(level, "ann", own), isWithin(level, "ann", cheap)]).toEqual([true, false]);
  });

  it("covers those whom the request names in its order, whatever they cost", () => {
    const named = { ...ann, ...preferring({ order: ["cy's", "dan's"] }) };
    expect(amounts(named, BOUNDS, cheap, [cheap, near, dear])).toEqual([400, 20]);
    expect(amounts(named, BOUNDS, dear, [near, dear])).toEqual([400, 38]);
  });

  it("covers nobody else where nobody may take over", () => {
    const alone = { ...ann, allowFallbacks: false };
    expect(amounts(alone, BOUNDS, near, [cheap, near, dear])).toEqual([38, 20]);
    expect(amounts(alone, BOUNDS, cheap, [cheap, near, dear])).toEqual([20]);
  });

  it("is the same once where nobody else is near", () => {
    expect(amounts(ann, BOUNDS, cheap, [cheap])).toEqual([20]);
  });
});

describe("an offer within what is held", () => {
  it("exceeds none of the prices", () => {
    const level = { ceiling: cheap.prices, nano: 20 };
    expect(isWithin(level, "ann", cheap)).toBe(true);
    for (const kind of ["prompt", "cachedPrompt", "completion"] as const) {
      const dearer = { owner: "bob", prices: { ...cheap.prices, [kind]: cheap.prices[kind] + 1 } };
      expect(isWithin(level, "ann", dearer)).toBe(false);
    }
  });
});
