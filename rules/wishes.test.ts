import { describe, expect, it } from "vitest";
import type { ProviderWishes } from "../protocol/provider-wishes.ts";
import { type JobNeeds, type LiveOffer, suitableOffers } from "./matching.ts";
import { seededRandom } from "./seeded-random.ts";
import { declaredSpeed } from "./speed-estimate.ts";
import { job, NOW, offer, preferring, prices } from "./testing-offers.ts";
import {
  asDemands,
  mergedWishes,
  narrowed,
  wishedNeeds,
  type WishLevels,
  wisherOf,
  withoutWriting,
} from "./wishes.ts";

const levels = (some: Partial<WishLevels>): WishLevels => ({ account: {}, key: {}, request: {}, ...some });

const needsBy = (wishes: ProviderWishes): JobNeeds => {
  const { preferences, ...demands } = wishedNeeds(wishes);
  return { ...job, ...demands, ...preferring(preferences) };
};

/** The offers that meet the demands of these wishes. */
function suiting(wishes: ProviderWishes, offers: readonly LiveOffer[]): LiveOffer[] {
  const suitable = suitableOffers(needsBy(wishes), offers, NOW);
  return Array.isArray(suitable) ? suitable : [];
}

describe("the wishes where nothing is written", () => {
  it("are all but those about what is written", () => {
    const wishes: ProviderWishes = {
      only: ["a"],
      max_price: { prompt: 1, completion: 2 },
      min_tokens_per_second: 5,
      preferred_min_throughput: 9,
      preferred_max_latency: 3,
    };
    const left = { only: ["a"], max_price: { prompt: 1 }, preferred_max_latency: 3 };
    expect(withoutWriting(wishes)).toEqual(left);
    expect(withoutWriting({ max_price: { completion: 2 } })).toEqual({});
  });
});

describe("the wishes that hold for a request", () => {
  it.each<[what: string, Partial<WishLevels>, ProviderWishes]>([
    ["nobody wishes anything", {}, {}],
    ["the account alone", { account: { sort: "price", only: ["a"] } }, { sort: "price", only: ["a"] }],
    ["the key alone", { key: { ignore: ["a"] } }, { ignore: ["a"] }],
    ["the request alone", { request: { order: ["a"] } }, { order: ["a"] }],
    [
      "the request's sort over the key's, the key's over the account's",
      { account: { sort: "price" }, key: { sort: "latency" }, request: { sort: "throughput" } },
      { sort: "throughput" },
    ],
    [
      "the key's sort over the account's",
      { account: { sort: "price" }, key: { sort: "latency" } },
      { sort: "latency" },
    ],
    [
      "an order is taken back by an empty one",
      { key: { order: ["a"] }, request: { order: [] } },
      { order: [] },
    ],
    [
      "preferred speed and latency are preferences",
      {
        account: { preferred_min_throughput: 90, preferred_max_latency: 1 },
        request: { preferred_min_throughput: 10 },
      },
      { preferred_min_throughput: 10, preferred_max_latency: 1 },
    ],
    [
      "only those that all of them allow",
      { account: { only: ["a", "b", "c"] }, key: { only: ["b", "c", "d"] }, request: { only: ["c", "b"] } },
      { only: ["b", "c"] },
    ],
    [
      "only those of a key, whatever the request wants",
      { key: { only: ["a"] }, request: { only: ["b"] } },
      { only: [] },
    ],
    [
      "all that any of them ignores",
      { account: { ignore: ["a"] }, key: { ignore: ["b"] }, request: { ignore: ["b", "c"] } },
      { ignore: ["a", "b", "c"] },
    ],
    [
      "the lower of each price",
      {
        account: { max_price: { prompt: 5 } },
        key: { max_price: { prompt: 9, completion: 2 } },
        request: { max_price: { completion: 7 } },
      },
      { max_price: { prompt: 5, completion: 2 } },
    ],
    [
      "the higher of the lowest speeds",
      { account: { min_tokens_per_second: 20 }, request: { min_tokens_per_second: 5 } },
      { min_tokens_per_second: 20 },
    ],
    [
      "a quantisation within the family that another allows",
      { key: { quantizations: ["int4", "fp16"] }, request: { quantizations: ["Q4_K_M", "bf16"] } },
      { quantizations: ["q4_k_m"] },
    ],
    [
      "no parameter without effect, whoever asks for that",
      { key: { require_parameters: true }, request: { require_parameters: false } },
      { require_parameters: true },
    ],
    [
      "no fallbacks, whoever wants none",
      { account: { allow_fallbacks: false }, request: { allow_fallbacks: true } },
      { allow_fallbacks: false },
    ],
    [
      "an order with nobody after it, against another order",
      { key: { order: ["a", "b"], allow_fallbacks: false }, request: { order: ["c", "b"] } },
      { order: ["c", "b"], only: ["a", "b"], allow_fallbacks: false },
    ],
    [
      "an order alone is a preference",
      { key: { order: ["a"] }, request: { order: ["b"], allow_fallbacks: true } },
      { order: ["b"], allow_fallbacks: true },
    ],
  ])("%s", (_what, some, merged) => {
    expect(mergedWishes(levels(some))).toEqual(merged);
  });
});

describe("whatever is wished", () => {
  const random = seededRandom(11);
  const oneOf = <T>(...choices: [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const maybe = <T>(value: T): T | undefined => (random() < 0.35 ? value : undefined);
  const some = (...names: string[]): string[] => names.filter(() => random() < 0.6);
  const anyWishes = (): ProviderWishes => ({
    order: maybe(some("p1", "p2", "p3", "p4")),
    only: maybe(some("p0", "p1", "p2", "p3", "p4", "p5")),
    ignore: maybe(some("p0", "p5", "p6").slice(0, 1)),
    sort: maybe(oneOf("price", "throughput")),
    max_price: maybe({ prompt: maybe(oneOf(50, 500)), completion: maybe(oneOf(50, 500)) }),
    quantizations: maybe(oneOf(["int4"], ["Q4_K_M", "fp16"], ["INT4", "unknown"], ["q4_0", "int8"])),
    require_parameters: maybe(random() < 0.5),
    allow_fallbacks: maybe(random() < 0.6),
    min_tokens_per_second: maybe(oneOf(10, 30)),
  });
  const anyOffer = (index: number): LiveOffer =>
    offer(`p${index}`, {
      prices: prices(oneOf(10, 100, 1000), oneOf(10, 100, 1000)),
      quantisation: oneOf(null, "Q4_K_M", "Q4_0", "F16", "Q8_0"),
      speed: declaredSpeed(oneOf(null, 5, 20, 50), NOW),
    });
  const rounds = Array.from({ length: 3_000 }, () => ({
    levels: { account: anyWishes(), key: anyWishes(), request: anyWishes() },
    offers: Array.from({ length: 7 }, (_, index) => anyOffer(index)),
  }));

  it("a request is served by nobody whom its key or its account, alone, would not have it served by", () => {
    let served = 0;
    for (const { levels, offers } of rounds) {
      const merged = suiting(mergedWishes(levels), offers);
      served += merged.length;
      for (const level of Object.values(levels)) {
        // An order is a demand where nobody may come after it; which of them is first is the request's to say.
        const alone = suiting({ ...asDemands(level), order: [], allow_fallbacks: true }, offers);
        for (const each of merged) expect(alone).toContain(each);
      }
    }
    expect(served).toBeGreaterThan(300);
  });

  it("it does not matter which two are made one first", () => {
    for (const { levels, offers } of rounds) {
      const [account, key, request] = [levels.account, levels.key, levels.request].map(asDemands);
      if (!account || !key || !request) throw new Error("there are three");
      const left = narrowed(narrowed(account, key), request);
      const right = narrowed(account, narrowed(key, request));
      expect({ ...left, quantizations: null }).toEqual({ ...right, quantizations: null });
      expect(suiting(left, offers)).toEqual(suiting(right, offers));
    }
  });

  it("a word that is said twice says no more than once", () => {
    for (const { levels, offers } of rounds) {
      const once = asDemands(levels.key);
      expect(suiting(narrowed(once, once), offers)).toEqual(suiting(once, offers));
    }
  });
});

describe("who is named where nobody is left", () => {
  const offers = [offer("a", { prices: prices(100, 100) }), offer("b", { prices: prices(200, 200) })];
  const leavesNobody = (wishes: ProviderWishes): boolean => suiting(wishes, offers).length === 0;
  it.each<[who: string, Partial<WishLevels>]>([
    ["request", { request: { only: ["c"] }, key: { only: ["d"] } }],
    ["key", { key: { only: ["c"] }, account: { only: ["d"] }, request: { only: ["a"] } }],
    ["account", { account: { ignore: ["a", "b"] }, request: { sort: "price" } }],
    ["key_and_account", { account: { ignore: ["a"] }, key: { only: ["a"] } }],
    ["all", { key: { only: ["a"] }, request: { only: ["b"] } }],
    ["all", { account: { only: ["a"] }, key: { ignore: ["c"] }, request: { ignore: ["a"] } }],
  ])("%s", (who, some) => {
    expect(wisherOf(levels(some), leavesNobody)).toBe(who);
  });
});
