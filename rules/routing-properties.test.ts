import { describe, expect, it } from "vitest";
import type { SortBy } from "../protocol/provider-wishes.ts";
import { noFirstToken } from "./first-token-estimate.ts";
import type { JobNeeds, LiveOffer } from "./matching.ts";
import { chooseOffer } from "./routing.ts";
import { seededRandom } from "./seeded-random.ts";
import { declaredSpeed } from "./speed-estimate.ts";
import { noRecord } from "./success-rate.ts";
import {
  beginsAfter,
  chosen,
  failing,
  job,
  NOW,
  offer,
  preferring,
  prices,
  proven,
} from "./testing-offers.ts";

describe("whatever the market looks like", () => {
  const random = seededRandom(7);
  const oneOf = <T>(...choices: [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const someOf = <T>(...choices: T[]): T[] => choices.filter(() => random() < 0.3);
  const anyOffer = (index: number): LiveOffer =>
    offer(`p${index}`, {
      owner: oneOf("ann", "bob", "cy"),
      model: oneOf("m", "m", "m", "x"),
      prices: prices(oneOf(0, 100, 1000), oneOf(0, 100, 1000)),
      contextTokens: oneOf(512, 4096),
      maxOutputTokens: oneOf(256, 1024),
      features: oneOf<LiveOffer["features"]>(["logprobs", "tools"], ["tools"], []),
      quantisation: oneOf(null, "Q4_K_M", "Q4_K_M", "F16"),
      firstToken: oneOf(noFirstToken, beginsAfter(50), beginsAfter(900)),
      speed: declaredSpeed(oneOf(null, 5, 40, 50), NOW),
      success: oneOf(noRecord(NOW), proven(), failing()),
      slots: oneOf({ total: 1, busy: 1 }, { total: 2, busy: 1 }, { total: 4, busy: 0 }),
      draining: random() < 0.2,
    });
  const anyJob = (): JobNeeds => ({
    ...job,
    consumer: oneOf("ann", "dee"),
    prompt: oneOf({ atLeast: 10, expected: 20, atMost: 40 }, { atLeast: 300, expected: 500, atMost: 900 }),
    completion: { expected: 100, max: oneOf(null, 200, 300) },
    features: oneOf<LiveOffer["features"]>([], [], ["tools"]),
    priceCaps: { prompt: oneOf(null, null, 100), completion: oneOf(null, null, 100) },
    minTokensPerSecond: oneOf(null, null, 30),
    only: oneOf(null, null, ["p0", "p1", "p2"]),
    ignore: someOf("p3", "p4"),
    allowFallbacks: random() < 0.8,
    quantisations: oneOf(null, null, ["int4", "fp16"]),
    unhonoured: random() < 0.03 ? ["verbosity"] : [],
    ...preferring({
      order: oneOf([], [], ["p2", "p1"], ["p9", "p4"]),
      sort: oneOf<SortBy | null>(null, null, null, "price", "throughput", "latency"),
      minTokensPerSecond: oneOf(null, null, 45),
      maxFirstTokenMs: oneOf(null, null, 400),
      servedBefore: oneOf(null, { provider: "p1", model: "m" }, { provider: "p6", model: "m" }),
    }),
    tried: someOf("p0", "p5"),
  });
  /** The demands once more, each in its own words. */
  const meetsDemands = (needs: JobNeeds, it: LiveOffer): boolean =>
    (needs.models === null || needs.models.includes(it.model)) &&
    !it.draining &&
    (needs.tried.length === 0 || (needs.allowFallbacks && !needs.tried.includes(it.provider))) &&
    needs.unhonoured.length === 0 &&
    (needs.quantisations === null || it.quantisation !== null) &&
    !needs.ignore.includes(it.provider) &&
    (needs.only?.includes(it.provider) ?? true) &&
    needs.features.every((feature) => it.features.includes(feature)) &&
    it.contextTokens - needs.prompt.atLeast >= (needs.completion.max ?? 1) &&
    it.maxOutputTokens >= (needs.completion.max ?? 1) &&
    (it.owner === needs.consumer ||
      (it.prices.prompt <= (needs.priceCaps.prompt ?? Infinity) &&
        it.prices.completion <= (needs.priceCaps.completion ?? Infinity))) &&
    (it.speed.declared === null || it.speed.declared >= (needs.minTokensPerSecond ?? 0));
  const suits = (needs: JobNeeds, it: LiveOffer, offers: readonly LiveOffer[]): boolean => {
    const { order } = needs.preferences;
    if (!meetsDemands(needs, it)) return false;
    if (needs.allowFallbacks || order.length === 0) return true;
    const place = order.indexOf(it.provider);
    return (
      place >= 0 &&
      !offers.some((other) => order.slice(0, place).includes(other.provider) && meetsDemands(needs, other))
    );
  };
  const cost = (needs: JobNeeds, it: LiveOffer): number =>
    it.owner === needs.consumer ? 0 : needs.prompt.expected * it.prices.prompt + 100 * it.prices.completion;
  const isFree = ({ slots }: LiveOffer): boolean => slots.busy < slots.total;
  const isFailing = ({ success }: LiveOffer): boolean => success.failures > 0;

  const cases = Array.from({ length: 4000 }, (_, seed) => {
    const needs = anyJob();
    const offers = Array.from({ length: Math.floor(random() * 8) }, (_, index) => anyOffer(index));
    return { needs, offers, seed, match: chooseOffer(needs, offers, NOW, seed) };
  });

  it("the chosen one suits and is free; a job waits when those that suit are all busy; else there are none", () => {
    const seen = new Set<string>();
    for (const { needs, offers, match } of cases) {
      const suitable = offers.filter((it) => suits(needs, it, offers));
      const free = suitable.filter(isFree);
      seen.add(match.type === "none" ? match.unmet.demand : match.type);
      const isRight =
        match.type === "offer"
          ? free.includes(match.offer)
          : match.type === "busy"
            ? free.length === 0 && match.offers.every((it) => suitable.includes(it))
            : suitable.length === 0;
      if (!isRight) expect({ needs, offers, match }).toBe("a right choice");
    }
    expect([...seen].toSorted().join(" ")).toBe(
      "busy context features model offer output parameters price providers quantisation speed staying untried",
    );
  });

  const freeSuiting = (needs: JobNeeds, offers: readonly LiveOffer[]): LiveOffer[] =>
    offers.filter((it) => suits(needs, it, offers) && isFree(it));

  it("sorted by price, no sound one that suits and is free is cheaper than the chosen one", () => {
    for (const { needs, offers, match } of cases) {
      const { sort, order, minTokensPerSecond, maxFirstTokenMs } = needs.preferences;
      const isByPriceAlone = order.length === 0 && minTokensPerSecond === null && maxFirstTokenMs === null;
      if (match.type !== "offer" || sort !== "price" || !isByPriceAlone) continue;
      const better = freeSuiting(needs, offers).filter(
        (it) => !isFailing(it) && cost(needs, it) < cost(needs, match.offer),
      );
      expect(better).toEqual([]);
    }
  });

  it("one whose jobs failed is never chosen for more money than a sound one would cost", () => {
    for (const { needs, offers, match } of cases) {
      if (match.type !== "offer" || !isFailing(match.offer)) continue;
      if (needs.preferences.order.includes(match.offer.provider)) continue;
      const sound = freeSuiting(needs, offers).filter((it) => !isFailing(it));
      if (sound.length === 0) continue;
      const dearest = Math.max(...sound.map((it) => cost(needs, it)));
      expect(cost(needs, match.offer)).toBeLessThanOrEqual(dearest);
    }
  });

  it("whoever is named first of those that suit and are free serves", () => {
    let named = 0;
    for (const { needs, offers, match } of cases) {
      const free = freeSuiting(needs, offers).map(({ provider }) => provider);
      const first = needs.preferences.order.find((provider) => free.includes(provider));
      if (match.type !== "offer" || first === undefined) continue;
      named++;
      expect(match.offer.provider).toBe(first);
    }
    expect(named).toBeGreaterThan(100);
  });

  it("of sound newcomers and proven ones of equal terms, none is never chosen", () => {
    const names = ["new", "proven", "also proven"];
    const offers = names.map((name) => offer(name, name === "new" ? {} : { success: proven() }));
    const seen = new Set(Array.from({ length: 400 }, (_, seed) => chosen(offers, {}, seed)));
    expect([...seen].toSorted()).toEqual(names.toSorted());
  });

  it("the same again gives the same, in any order and beside any offers that do not suit", () => {
    for (const { needs, offers, seed, match } of cases) {
      const strangers = [offer("A", { model: "y" }), offer("z", { model: "y" })];
      const again = chooseOffer(needs, [...strangers, ...offers.toReversed()], NOW, seed);
      const isSame = match.type !== "offer" || (again.type === "offer" && again.offer === match.offer);
      if (!isSame || again.type !== match.type) expect({ needs, offers, match }).toBe("the same choice");
    }
  });
});
