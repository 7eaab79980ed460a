import { describe, expect, it } from "vitest";
import { chooseOffer, type JobNeeds, type LiveOffer, type Match } from "./matching.ts";
import { seededRandom } from "./seeded-random.ts";
import { declaredSpeed, withSample } from "./speed-estimate.ts";
import { noRecord, type SuccessRecord, withOutcome } from "./success-rate.ts";

const NOW = 1_000_000;

const job: JobNeeds = {
  model: "m",
  consumer: "ann",
  prompt: { atLeast: 50, expected: 100, atMost: 400 },
  completion: { expected: 200, max: 500 },
  features: [],
  priceCaps: { prompt: null, completion: null },
  minTokensPerSecond: null,
  only: null,
  ignore: [],
  tried: [],
};

function prices(prompt: number, completion: number): LiveOffer["prices"] {
  return { prompt, cachedPrompt: prompt, completion };
}

function offer(provider: string, more: Partial<LiveOffer> = {}): LiveOffer {
  return {
    provider,
    offer: "o",
    owner: `owner of ${provider}`,
    model: "m",
    prices: prices(1000, 1000),
    contextTokens: 4096,
    maxOutputTokens: 1024,
    features: [],
    speed: declaredSpeed(50, NOW),
    success: noRecord(NOW),
    slots: { total: 4, busy: 0 },
    draining: false,
    ...more,
  };
}

const failing = (): SuccessRecord => withOutcome(withOutcome(noRecord(NOW), "failure", NOW), "failure", NOW);

function choose(offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}, seed = 1): Match<LiveOffer> {
  return chooseOffer({ ...job, ...needs }, offers, NOW, seed);
}
function chosen(offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}, seed = 1): string {
  const match = choose(offers, needs, seed);
  if (match.type !== "offer") throw new Error(JSON.stringify(match));
  return match.offer.provider;
}
/** How often each provider is chosen, over seeds as they might be handed out. */
function shares(
  offers: readonly LiveOffer[],
  needs: Partial<JobNeeds> = {},
  count = 6000,
): Record<string, number> {
  const times: Record<string, number> = {};
  for (let seed = 0; seed < count; seed++) {
    const provider = chosen(offers, needs, seed);
    times[provider] = (times[provider] ?? 0) + 1;
  }
  return times;
}
const unmet = (offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}): unknown => {
  const match = choose(offers, needs);
  return match.type === "none" ? match.unmet : match.type;
};

describe("the cheapest that suits serves a job", () => {
  it("by what this very job is expected to cost", () => {
    const longPrompts = offer("long prompts", { prices: prices(100, 3000) });
    const longAnswers = offer("long answers", { prices: prices(3000, 100) });
    const offers = [longPrompts, longAnswers];
    expect(
      chosen(offers, {
        prompt: { atLeast: 500, expected: 1000, atMost: 3000 },
        completion: { expected: 10, max: 10 },
      }),
    ).toBe("long prompts");
    expect(
      chosen(offers, {
        prompt: { atLeast: 5, expected: 10, atMost: 40 },
        completion: { expected: 1000, max: null },
      }),
    ).toBe("long answers");
  });

  it("expects no more than the request or the offer allows", () => {
    const offers = [
      offer("short", { prices: prices(0, 2000), maxOutputTokens: 100 }),
      offer("long", { prices: prices(0, 1000) }),
    ];
    expect(chosen(offers, { completion: { expected: 1000, max: null } })).toBe("short");
    expect(chosen(offers, { completion: { expected: 1000, max: 50 } })).toBe("long");
  });

  it("though it be cheaper by less than a nano-credit, or dear beyond safe integers", () => {
    expect(chosen([offer("a", { prices: prices(0, 2) }), offer("b", { prices: prices(0, 1) })])).toBe("b");
    const dear = 10 ** 15;
    const big = { prompt: { atLeast: 1, expected: 4001, atMost: 9000 }, completion: { expected: 1, max: 1 } };
    expect(
      chosen(
        [offer("a", { prices: prices(dear, dear) }), offer("b", { prices: prices(dear, dear - 1) })],
        big,
      ),
    ).toBe("b");
  });

  it("though another be faster, or have nothing to do", () => {
    const cheap = offer("cheap", {
      prices: prices(999, 1000),
      speed: declaredSpeed(5, NOW),
      slots: { total: 4, busy: 3 },
    });
    expect(shares([cheap, offer("fast", { speed: declaredSpeed(500, NOW) })], {}, 200)).toEqual({
      cheap: 200,
    });
  });

  it("and to its owner a provider costs nothing, whatever its prices and the caps", () => {
    const own = offer("own", { owner: "ann", prices: prices(9000, 9000) });
    const caps = { priceCaps: { prompt: 100, completion: 100 } };
    expect(chosen([own, offer("cheap", { prices: prices(1, 1) })])).toBe("own");
    expect(chosen([own, offer("cheap")], caps)).toBe("own");
    expect(unmet([own, offer("cheap")], { ...caps, consumer: "bob" })).toMatchObject({ demand: "price" });
  });

  it("and a dearer one while it has no slot free", () => {
    const full = offer("cheap", { prices: prices(1, 1), slots: { total: 1, busy: 1 } });
    expect(chosen([full, offer("dear")])).toBe("dear");
  });
});

describe("among equally cheap ones", () => {
  it("the one whose context surely holds the job goes first", () => {
    const offers = [offer("tight", { contextTokens: 700, speed: declaredSpeed(500, NOW) }), offer("roomy")];
    expect(shares(offers, {}, 200)).toEqual({ roomy: 200 });
  });

  it("the fastest goes first, and with it those about as fast", () => {
    const offers = [50, 45, 30].map((speed) => offer(String(speed), { speed: declaredSpeed(speed, NOW) }));
    expect(Object.keys(shares(offers, {}, 200)).toSorted()).toEqual(["45", "50"]);
  });

  it("one that was never measured gets its turn", () => {
    const offers = [offer("known"), offer("new", { speed: declaredSpeed(null, NOW) })];
    expect(Object.keys(shares(offers, {}, 200)).toSorted()).toEqual(["known", "new"]);
  });

  it("the one with the fewest jobs per slot goes first", () => {
    const offers = [
      offer("one of two", { slots: { total: 2, busy: 1 } }),
      offer("three of eight", { slots: { total: 8, busy: 3 } }),
    ];
    expect(shares(offers, {}, 200)).toEqual({ "three of eight": 200 });
  });

  it("each has the same share over many seeds", () => {
    for (const count of [2, 3, 7]) {
      const names = Array.from({ length: count }, (_, index) => `p${index}`);
      const times = shares(names.map((name) => offer(name)));
      const expected = 6000 / count;
      const chiSquare = names.reduce((sum, name) => sum + ((times[name] ?? 0) - expected) ** 2 / expected, 0);
      // The 99.9 % quantile for six degrees of freedom; for fewer it is smaller.
      expect(chiSquare).toBeLessThan(22.46);
    }
  });

  it("a provider has one chance, though it makes several such offers", () => {
    const offers = [
      offer("a"),
      offer("a", { offer: "again" }),
      offer("a", { offer: "and again" }),
      offer("b"),
    ];
    const times = shares(offers, {}, 2000);
    expect(times["a"]).toBeGreaterThan(900);
    expect(times["b"]).toBeGreaterThan(900);
  });

  it("the choice does not follow the order in which they came", () => {
    const offers = ["a", "b", "c", "d", "e"].map((name) => offer(name));
    for (let seed = 0; seed < 100; seed++)
      expect(chosen(offers.toReversed(), {}, seed)).toBe(chosen(offers, {}, seed));
  });
});

describe("a provider whose jobs failed lately", () => {
  const poor = offer("poor", { prices: prices(1, 1), success: failing() });

  it("is passed over while another suits, but gets a job in twenty", () => {
    const times = shares([poor, offer("sound")]);
    expect(times["poor"]).toBeGreaterThan(6000 * 0.04);
    expect(times["poor"]).toBeLessThan(6000 * 0.06);
  });

  it("gets its part of these jobs though a cheaper one failed as well", () => {
    const other = offer("other", { success: failing() });
    const times = shares([poor, other, offer("sound")]);
    expect(times["poor"]).toBeGreaterThan(6000 * 0.018);
    expect(times["other"]).toBeGreaterThan(6000 * 0.018);
  });

  it("gets none of them when it would cost more: nobody pays for another's trial", () => {
    const dear = offer("dear", { prices: prices(1001, 1000), success: failing() });
    expect(shares([dear, offer("sound")], {}, 1000)).toEqual({ sound: 1000 });
  });

  it("serves when all others are busy or do not suit", () => {
    expect(chosen([poor])).toBe("poor");
    expect(chosen([poor, offer("sound", { slots: { total: 1, busy: 1 } })])).toBe("poor");
    expect(chosen([poor, offer("sound")], { tried: ["sound"] })).toBe("poor");
  });

  it("is like any other once that is long ago", () => {
    const match = chooseOffer(job, [poor, offer("sound")], NOW + 40 * 60_000, 1);
    expect(match).toMatchObject({ type: "offer", offer: { provider: "poor" } });
  });
});

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
    ["nobody has the model", { model: "x" }, [a, b], { demand: "model" }],
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
    ["all are leaving", {}, [{ ...b, draining: true }], { demand: "staying" }],
    ["all were tried", { tried: ["b"] }, [a, b], { demand: "untried" }],
  ])("%s", (_, needs, offers, expected) => {
    expect(unmet(offers, needs)).toEqual(expected);
  });
});

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
      speed: declaredSpeed(oneOf(null, 5, 40, 50), NOW),
      success: oneOf(noRecord(NOW), noRecord(NOW), failing()),
      slots: oneOf({ total: 1, busy: 1 }, { total: 2, busy: 1 }, { total: 4, busy: 0 }),
      draining: random() < 0.1,
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
    tried: someOf("p0", "p5"),
  });
  /** The demands once more, each in its own words. */
  const suits = (needs: JobNeeds, it: LiveOffer): boolean =>
    it.model === needs.model &&
    !it.draining &&
    !needs.tried.includes(it.provider) &&
    !needs.ignore.includes(it.provider) &&
    (needs.only?.includes(it.provider) ?? true) &&
    needs.features.every((feature) => it.features.includes(feature)) &&
    it.contextTokens - needs.prompt.atLeast >= (needs.completion.max ?? 1) &&
    it.maxOutputTokens >= (needs.completion.max ?? 1) &&
    (it.owner === needs.consumer ||
      (it.prices.prompt <= (needs.priceCaps.prompt ?? Infinity) &&
        it.prices.completion <= (needs.priceCaps.completion ?? Infinity))) &&
    (it.speed.declared === null || it.speed.declared >= (needs.minTokensPerSecond ?? 0));
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
      const suitable = offers.filter((it) => suits(needs, it));
      const free = suitable.filter(isFree);
      seen.add(match.type === "none" ? match.unmet.demand : match.type);
      if (match.type === "offer") expect(free).toContain(match.offer);
      else if (match.type === "busy") expect([match.offers, free]).toEqual([suitable, []]);
      else expect(suitable).toEqual([]);
    }
    expect(seen.size).toBe(11);
  });

  it("no sound one that suits and is free is cheaper than the chosen one", () => {
    for (const { needs, offers, match } of cases) {
      if (match.type !== "offer") continue;
      const better = offers.filter(
        (it) =>
          suits(needs, it) && isFree(it) && !isFailing(it) && cost(needs, it) < cost(needs, match.offer),
      );
      expect(better).toEqual([]);
    }
  });

  it("the same again gives the same, in any order and beside any offers that do not suit", () => {
    for (const { needs, offers, seed, match } of cases) {
      const strangers = [offer("A", { model: "y" }), offer("z", { model: "y" })];
      const again = chooseOffer(needs, [...strangers, ...offers.toReversed()], NOW, seed);
      if (match.type === "offer") expect(again).toEqual(match);
      else expect(again.type).toBe(match.type);
    }
  });
});
