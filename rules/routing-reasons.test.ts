import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type ChoiceReason, ChoiceReasons, MOST_OTHERS } from "../protocol/choice-reasons.ts";
import { firstTokenMs } from "./first-token-estimate.ts";
import { type JobNeeds, type LiveOffer, suitableOffers } from "./matching.ts";
import { chooseOffer } from "./routing.ts";
import { reasonsFor } from "./routing-reasons.ts";
import { seededRandom } from "./seeded-random.ts";
import { declaredSpeed } from "./speed-estimate.ts";
import { successRate } from "./success-rate.ts";
import {
  beginsAfter,
  failing,
  job,
  NOW,
  offer,
  preferring,
  prices,
  proven,
  shares,
} from "./testing-offers.ts";
import { inTheRunning } from "./weighing.ts";

/** One of which enough is known that nobody tries it out. */
const known = (provider: string, more: Partial<LiveOffer> = {}): LiveOffer =>
  offer(provider, { success: proven(), ...more });
const price = (each: number) => ({ prices: prices(each, each) });
const busy = { slots: { total: 2, busy: 2 } };

const everything = (): boolean => true;

/** The reasons of a choice, or null where nobody was chosen. */
function reasons(
  offers: readonly LiveOffer[],
  some: Partial<JobNeeds> = {},
  seed = 1,
  isHeldFor: (offer: LiveOffer) => boolean = everything,
): ChoiceReasons | null {
  const needs = { ...job, ...some };
  const before = chooseOffer(needs, offers, NOW, seed);
  const choice = chooseOffer(needs, offers.filter(isHeldFor), NOW, seed);
  if (choice.type !== "offer" || before.type !== "offer") return null;
  return reasonsFor({ needs, offers, isHeldFor, choice, before, now: NOW });
}

/** They come back as they were from where they are kept. Real names of providers are longer than those of these tests. */
function expectKept(found: ChoiceReasons | null): void {
  const offers = found?.offers.map((one) => ({ ...one, provider: `provider-${one.provider}` }));
  const reasons = { ...found, offers };
  expect(v.parse(ChoiceReasons, JSON.parse(JSON.stringify(reasons)))).toEqual(reasons);
}

const words = (found: ChoiceReasons | null): string =>
  (found?.offers ?? [])
    .map(
      ({ provider, reason }) => `${provider} ${reason.why === "demand" ? reason.unmet.demand : reason.why}`,
    )
    .join(", ");

describe("the reasons of a choice", () => {
  it.each<[what: string, offers: LiveOffer[], needs: Partial<JobNeeds>, said: string]>([
    ["one alone", [known("a")], {}, "a only"],
    ["one beside a busy one", [known("a"), known("b", busy)], {}, "a only, b busy"],
    ["the best by far", [known("a"), known("b", price(9000))], {}, "a best, b worse"],
    ["the cheapest", [known("a"), known("b", price(1001))], preferring({ sort: "price" }), "a best, b worse"],
    [
      "one that failed lately",
      [known("a", price(2000)), known("b", { success: failing() })],
      {},
      "a best, b failing",
    ],
    [
      "too slow for a preference",
      [known("a"), known("b", { speed: declaredSpeed(10, NOW) })],
      preferring({ minTokensPerSecond: 20 }),
      "a best, b preferences",
    ],
    [
      "the first in order that is free",
      [known("a"), known("b"), known("c", busy)],
      preferring({ order: ["c", "b"] }),
      "b named, a order, c busy",
    ],
    [
      "the first in an order that is all there may be",
      [known("a"), known("b"), known("c")],
      { allowFallbacks: false, ...preferring({ order: ["b", "a"] }) },
      "b named, a order, c providers",
    ],
    [
      "who served the conversation",
      [known("a"), known("b")],
      preferring({ servedBefore: { provider: "b", model: "m" } }),
      "b conversation, a other_served",
    ],
    [
      "one alone, though it served the conversation",
      [known("a")],
      preferring({ servedBefore: { provider: "a", model: "m" } }),
      "a only",
    ],
    ["only", [known("a"), known("b")], { only: ["b"] }, "b only, a providers"],
    ["ignored", [known("a"), known("b")], { ignore: ["a"] }, "b only, a providers"],
    [
      "features",
      [known("a"), known("b", { features: ["tools"] })],
      { features: ["tools"] },
      "b only, a features",
    ],
    [
      "quantisation",
      [known("a"), known("b", { quantisation: "F16" })],
      { quantisations: ["fp16"] },
      "b only, a quantisation",
    ],
    ["context", [known("a", { contextTokens: 100 }), known("b")], {}, "b only, a context"],
    ["output", [known("a", { maxOutputTokens: 100 }), known("b")], {}, "b only, a output"],
    [
      "price",
      [known("a", price(5000)), known("b")],
      { priceCaps: { prompt: null, completion: 2000 } },
      "b only, a price",
    ],
    [
      "speed",
      [known("a", { speed: declaredSpeed(5, NOW) }), known("b")],
      { minTokensPerSecond: 9 },
      "b only, a speed",
    ],
    ["leaving", [known("a", { draining: true }), known("b")], {}, "b only, a staying"],
  ])("name %s", (_, offers, needs, said) => {
    for (const seed of [1, 2, 3]) {
      const found = reasons(offers, needs, seed);
      expect(words(found)).toBe(said);
      expectKept(found);
    }
  });

  it("of several about as good say that chance decided, by the shares that it did decide by", () => {
    const offers = [known("a"), known("b", price(1100))];
    const said = new Set<string>();
    for (let seed = 0; seed < 40; seed++) said.add(words(reasons(offers, {}, seed)));
    expect([...said].toSorted()).toEqual(["a drawn, b chance", "b drawn, a chance"]);
    const weights = inTheRunning(job, offers, NOW).map(({ weight }) => weight);
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const told = reasons(offers)?.offers.toSorted((x, y) => (x.provider < y.provider ? -1 : 1)) ?? [];
    expect(told.map(({ share }) => share)).toEqual(weights.map((weight) => weight / whole));
    expect(shares(offers, {}, 3000)["a"]).toBeCloseTo(3000 * (told[0]?.share ?? 0), -2);
  });

  it("of a trial say so of the one tried, and of those that would have been taken", () => {
    const offers = [known("a"), known("b", { success: failing() })];
    const said = new Set<string>();
    for (let seed = 0; seed < 300; seed++) said.add(words(reasons(offers, {}, seed)));
    expect([...said].toSorted()).toEqual(["a best, b failing", "b trial, a other_tried"]);
  });

  it("of those for which not enough is held are those of the choice that decided on that", () => {
    const isCheap = ({ prices }: LiveOffer): boolean => prices.prompt < 5000;
    const short = known("short", { ...price(9000), contextTokens: 9 });
    const worse = reasons([known("a"), known("b", price(9000)), short], {}, 1, isCheap);
    expect(words(worse)).toBe("a best, b worse, short context");
    const named = reasons([known("a"), known("b", price(9000))], preferring({ order: ["a"] }), 1, isCheap);
    expect(words(named)).toBe("a named, b order");
    // The account had not enough for the better one.
    const fast = known("b", { ...price(9000), speed: declaredSpeed(9000, NOW) });
    const poor = reasons([known("a"), fast], preferring({ sort: "throughput" }), 1, isCheap);
    expect(words(poor)).toBe("a best, b held");
  });

  it("name those for which not enough is held where all were busy when that was decided, or that came since", () => {
    const offers = [known("a"), known("b", price(9000))];
    const isHeldFor = ({ provider }: LiveOffer): boolean => provider === "a";
    const choice = chooseOffer(job, offers.filter(isHeldFor), NOW, 1);
    if (choice.type !== "offer") throw new Error("It is free.");
    const told = reasonsFor({ needs: job, offers, isHeldFor, choice, before: null, now: NOW });
    expect(words(told)).toBe("a only, b held");
    const before = chooseOffer(job, offers.slice(0, 1), NOW, 1);
    if (before.type !== "offer") throw new Error("It is free.");
    expect(words(reasonsFor({ needs: job, offers, isHeldFor, choice, before, now: NOW }))).toBe(
      "a only, b held",
    );
  });

  it("tell the numbers that were gone by, and null where nothing was measured", () => {
    const measured = known("a", { firstToken: beginsAfter(80), slots: { total: 4, busy: 1 } });
    const found = reasons([
      measured,
      known("b", { speed: declaredSpeed(null, NOW), prices: prices(9000, 1) }),
    ]);
    const [first, second] = found?.offers ?? [];
    expect(first).toMatchObject({
      // 100 tokens in, and 200 out, at 1000 nano-credits a million.
      costNano: 1,
      firstTokenMs: firstTokenMs(measured.firstToken, 100, NOW),
      tokensPerSecond: 50,
      success: successRate(measured.success, NOW),
      slots: { total: 4, busy: 1 },
      share: 1,
    });
    expect(second).toMatchObject({ firstTokenMs: null, tokensPerSecond: null, share: null });
    const own = reasons([known("a", { owner: job.consumer })]);
    expect(own?.offers[0]?.costNano).toBe(0);
  });

  it("list the best of thousands, and count the others", () => {
    const offers = Array.from({ length: 3000 }, (_, index) => known(`p${index}`, price(20_000 - index)));
    const found = reasons(offers, preferring({ sort: "price" }));
    expect(found?.offers.map(({ provider }) => provider)).toEqual(
      Array.from({ length: 1 + MOST_OTHERS }, (_, place) => `p${2999 - place}`),
    );
    expect(found?.unlisted).toBe(2991);
  });

  it("list those that no demand excluded before those that one did, though these be cheaper", () => {
    const excluded = Array.from({ length: 6 }, (_, at) => known(`x${at}`, { ...price(1), contextTokens: 9 }));
    const suiting = Array.from({ length: 6 }, (_, at) => known(`s${at}`, price(1000 * (at + 1))));
    const whys = reasons([...excluded, ...suiting])?.offers.map(({ reason }) => reason.why);
    expect(whys).toEqual(["best", ...Array(5).fill("worse"), ...Array(3).fill("demand")]);
  });
});

describe("whatever the market looks like", () => {
  const random = seededRandom(11);
  const oneOf = <T>(...choices: [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const anyOffer = (index: number): LiveOffer =>
    offer(`p${Math.floor(index / 2)}`, {
      offer: `o${index}`,
      owner: oneOf("ann", "bob", "cy"),
      prices: prices(oneOf(0, 100, 1000), oneOf(0, 100, 1000)),
      contextTokens: oneOf(500, 4096),
      maxOutputTokens: oneOf(256, 1024),
      features: oneOf<LiveOffer["features"]>(["tools"], []),
      firstToken: oneOf(beginsAfter(50), beginsAfter(900)),
      speed: declaredSpeed(oneOf(null, 5, 40, 50), NOW),
      success: oneOf(proven(), failing()),
      slots: oneOf({ total: 1, busy: 1 }, { total: 4, busy: 0 }),
      draining: random() < 0.1,
    });
  const anyJob = (): JobNeeds => ({
    ...job,
    features: oneOf<LiveOffer["features"]>([], [], ["tools"]),
    priceCaps: { prompt: oneOf(null, 100), completion: null },
    minTokensPerSecond: oneOf(null, null, 30),
    ignore: oneOf<string[]>([], ["p1"]),
    allowFallbacks: random() < 0.8,
    ...preferring({
      order: oneOf<string[]>([], [], ["p2", "p1"]),
      sort: oneOf(null, null, "price", "throughput"),
      minTokensPerSecond: oneOf(null, 45),
      servedBefore: oneOf(null, { provider: "p0", model: "m" }, { provider: "p3", model: "m" }),
    }),
  });
  const ofTheChosen: readonly ChoiceReason["why"][] = [
    "only",
    "best",
    "drawn",
    "named",
    "conversation",
    "trial",
  ];

  it("the chosen one is there once and first, each offer has its own reason, and a demand is what excludes it alone", () => {
    let demands = 0;
    let choices = 0;
    for (let seed = 0; seed < 3000; seed++) {
      const needs = anyJob();
      const offers = Array.from({ length: Math.floor(random() * 16) }, (_, index) => anyOffer(index));
      const most = oneOf(100, 1000);
      const isHeldFor = (one: LiveOffer): boolean => one.prices.completion <= most;
      const first = chooseOffer(needs, offers, NOW, seed);
      const choice = chooseOffer(needs, offers.filter(isHeldFor), NOW, seed);
      if (choice.type !== "offer") continue;
      const before = first.type === "offer" && random() < 0.8 ? first : null;
      choices++;
      const told = reasonsFor({ needs, offers, isHeldFor, choice, before, now: NOW });
      expectKept(told);
      expect(told.offers.map(({ chosen }) => chosen).indexOf(true)).toBe(0);
      expect(told.offers.filter(({ chosen }) => chosen)).toHaveLength(1);
      expect(told.offers[0]?.provider).toBe(choice.offer.provider);
      expect(told.offers.length + told.unlisted).toBe(offers.length);
      for (const { chosen, reason, provider } of told.offers) {
        expect(ofTheChosen.includes(reason.why)).toBe(chosen);
        if (reason.why !== "demand") continue;
        demands++;
        const alone = offers
          .filter((one) => one.provider === provider)
          .map((one) => suitableOffers(needs, [one], NOW));
        expect(alone).toContainEqual(reason.unmet);
      }
    }
    expect(choices).toBeGreaterThan(500);
    expect(demands).toBeGreaterThan(1000);
  });
});
