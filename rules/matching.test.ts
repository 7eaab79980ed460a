import { describe, expect, it } from "vitest";
import { firstInOrder, type JobNeeds, type LiveOffer, suitableOffers } from "./matching.ts";
import { choose, chosen, job, NOW, offer, preferring, prices, unmet } from "./testing-offers.ts";
import { declaredSpeed, withSample } from "./speed-estimate.ts";

it("a provider is not shut out by a minimum speed for one short slow job", () => {
  const speed = withSample(declaredSpeed(40, NOW), { tokens: 4, ms: 40_000 }, NOW);
  expect(chosen([offer("a", { speed })], { minTokensPerSecond: 30 })).toBe("a");
});

it("a job waits when all that suit are busy, and only then", () => {
  const busy = offer("busy", { slots: { total: 2, busy: 2 } });
  const wrong = offer("wrong", { model: "other" });
  expect(choose([busy, wrong])).toEqual({ type: "busy", offers: [busy] });
  expect(unmet([busy], { tried: ["busy"] })).toEqual({ demand: "untried" });
});

describe("when nothing suits, the first demand that nobody meets is told", () => {
  const a = offer("a", { features: ["logprobs"], contextTokens: 500, maxOutputTokens: 600 });
  const b = offer("b", { features: ["tools"], prices: prices(5, 20), speed: declaredSpeed(20, NOW) });
  it.each<[what: string, needs: Partial<JobNeeds>, offers: LiveOffer[], unmet: unknown]>([
    ["no provider at all", {}, [], { demand: "model" }],
    ["nobody has the model", { models: ["x"] }, [a, b], { demand: "model" }],
    ["none of those named is there", { only: ["c"] }, [a, b], { demand: "providers" }],
    ["nobody may serve", { only: [] }, [a, b], { demand: "providers" }],
    ["all are ignored", { ignore: ["a", "b"] }, [a, b], { demand: "providers" }],
    [
      "a feature that nobody has",
      { features: ["tools", "images"] },
      [a, b],
      { demand: "features", missing: ["images"] },
    ],
    [
      "features that no one has together",
      { features: ["tools", "logprobs"] },
      [a, b],
      { demand: "features", missing: ["tools", "logprobs"] },
    ],
    ["nobody goes on with texts", { task: "completion" }, [a, b], { demand: "task" }],
    [
      "the only one who goes on with texts is not allowed",
      { task: "completion", ignore: ["b"] },
      [a, { ...b, tasks: ["chat", "completion"] }],
      { demand: "providers" },
    ],
    [
      "no context is large enough",
      { prompt: { atLeast: 4000, expected: 4500, atMost: 9000 } },
      [a, b],
      { demand: "context", needed: 4500, largest: 4096 },
    ],
    [
      "no context of one with the feature is large enough",
      { features: ["logprobs"] },
      [a, b],
      { demand: "context", needed: 550, largest: 500 },
    ],
    [
      "nobody writes so much",
      { completion: { expected: 9, max: 2000 } },
      [a, b],
      { demand: "output", needed: 2000, largest: 1024 },
    ],
    [
      "the price of completions is above the cap",
      { priceCaps: { prompt: 5, completion: 19 } },
      [a, b],
      { demand: "price", cheapest: b.prices },
    ],
    [
      "the price of prompts is above the cap",
      { priceCaps: { prompt: 4, completion: null } },
      [a, b],
      { demand: "price", cheapest: b.prices },
    ],
    ["nobody is fast enough", { minTokensPerSecond: 21 }, [b], { demand: "speed", fastest: 20 }],
    [
      "a field that has no effect with anybody",
      { unhonoured: ["verbosity"] },
      [a, b],
      { demand: "parameters", unhonoured: ["verbosity"] },
    ],
    [
      "another quantisation than all have",
      { quantisations: ["fp16", "Q8_0"] },
      [a, { ...b, quantisation: null }],
      { demand: "quantisation", offered: ["Q4_K_M", null] },
    ],
    [
      "no one of an order that is all there may be",
      { allowFallbacks: false, ...preferring({ order: ["c"] }) },
      [a, b],
      { demand: "providers" },
    ],
    [
      "the order's providers are ignored",
      { allowFallbacks: false, ignore: ["a"], ...preferring({ order: ["a"] }) },
      [a, b],
      { demand: "providers" },
    ],
    [
      "somebody had it, and nobody may take over",
      { allowFallbacks: false, tried: ["a"] },
      [a, b],
      { demand: "untried" },
    ],
    ["all are leaving", {}, [{ ...b, draining: true }], { demand: "staying" }],
    ["all were tried", { tried: ["b"] }, [a, b], { demand: "untried" }],
  ])("%s", (_, needs, offers, expected) => {
    expect(unmet(offers, needs)).toEqual(expected);
  });
});

describe("an offer suits", () => {
  const seen = (needs: Partial<JobNeeds>, offers: LiveOffer[]): string[] => {
    const suiting = suitableOffers({ ...job, ...needs }, offers, NOW);
    return Array.isArray(suiting) ? suiting.map(({ provider }) => provider) : [];
  };
  const three = [offer("a"), offer("b"), offer("c")];
  it.each<[what: string, needs: Partial<JobNeeds>, offers: LiveOffer[], suiting: string[]]>([
    ["with nothing asked for", {}, three, ["a", "b", "c"]],
    ["when it is allowed", { only: ["b", "x"] }, three, ["b"]],
    ["when it is not ignored", { ignore: ["b"] }, three, ["a", "c"]],
    ["when it is both, ignoring wins", { only: ["a", "b"], ignore: ["b"] }, three, ["a"]],
    ["when it is not in the order, which is no demand", preferring({ order: ["b"] }), three, ["a", "b", "c"]],
    [
      "only as the first of the order where nobody may take over",
      { allowFallbacks: false, ...preferring({ order: ["x", "c", "a"] }) },
      three,
      ["c"],
    ],
    [
      "as the next of the order where the first is leaving",
      { allowFallbacks: false, ...preferring({ order: ["c", "a"] }) },
      [offer("a"), offer("c", { draining: true })],
      ["a"],
    ],
    [
      "as the next of the order where the first is too dear",
      {
        allowFallbacks: false,
        priceCaps: { prompt: 1000, completion: null },
        ...preferring({ order: ["c", "a"] }),
      },
      [offer("a"), offer("c", { prices: prices(1001, 0) })],
      ["a"],
    ],
    ["where nobody may take over, before anybody began", { allowFallbacks: false }, three, ["a", "b", "c"]],
    [
      "by its quantisation's name",
      { quantisations: ["q8_0"] },
      [offer("a", { quantisation: "Q8_0" }), offer("b")],
      ["a"],
    ],
    [
      "by its quantisation's family",
      { quantisations: ["int4", "unknown"] },
      [offer("a", { quantisation: "Q8_0" }), offer("b"), offer("c", { quantisation: null })],
      ["b", "c"],
    ],
    ["with a price at the cap", { priceCaps: { prompt: 1000, completion: 1000 } }, three, ["a", "b", "c"]],
    [
      "with just enough context",
      {},
      [offer("a", { contextTokens: 550 }), offer("b", { contextTokens: 549 })],
      ["a"],
    ],
    [
      "with just enough output",
      {},
      [offer("a", { maxOutputTokens: 500 }), offer("b", { maxOutputTokens: 499 })],
      ["a"],
    ],
    [
      "with a speed that was never measured",
      { minTokensPerSecond: 60 },
      [offer("a", { speed: declaredSpeed(null, NOW) }), offer("b")],
      ["a"],
    ],
    ["though all its slots are busy", {}, [offer("a", { slots: { total: 1, busy: 1 } })], ["a"]],
    ["though preferences speak against it", preferring({ minTokensPerSecond: 500 }), three, ["a", "b", "c"]],
  ])("%s", (_, needs, offers, suiting) => {
    expect(seen(needs, offers)).toEqual(suiting);
  });

  it("first in an order, by all offers of the first that is there", () => {
    const again = offer("b", { offer: "again" });
    expect(firstInOrder(["x", "b", "a"], [...three, again])).toEqual([offer("b"), again]);
    expect(firstInOrder([], three)).toEqual(three);
    expect(firstInOrder(["x"], three)).toEqual([]);
  });
});
