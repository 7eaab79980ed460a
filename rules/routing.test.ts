import { describe, expect, it } from "vitest";
import type { JobNeeds, LiveOffer } from "./matching.ts";
import { chooseOf, preferredOf } from "./routing.ts";
import { declaredSpeed } from "./speed-estimate.ts";
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
  record,
  shares,
} from "./testing-offers.ts";
import { inTheRunning } from "./weighing.ts";

/** One of which enough is known that nobody tries it out. */
const known = (provider: string, more: Partial<LiveOffer> = {}): LiveOffer =>
  offer(provider, { success: proven(), ...more });
const speed = (tokensPerSecond: number) => ({ speed: declaredSpeed(tokensPerSecond, NOW) });
const price = (each: number) => ({ prices: prices(each, each) });
const busy = { slots: { total: 2, busy: 2 } };

/** Who is chosen at all, over many seeds. */
const everChosen = (offers: LiveOffer[], needs: Partial<JobNeeds> = {}): string[] =>
  Object.keys(shares(offers, needs, 300)).toSorted();

describe("all things weighed, among proven ones", () => {
  it.each<[what: string, offers: LiveOffer[], chosen: string[]]>([
    ["one alone is chosen", [known("a")], ["a"]],
    ["those alike are all chosen", [known("a"), known("b"), known("c")], ["a", "b", "c"]],
    ["one that is a fifth dearer gets a share", [known("a"), known("b", price(1200))], ["a", "b"]],
    ["one that is a third dearer gets none", [known("a"), known("b", price(1340))], ["a"]],
    [
      "one that takes half as long again gets a share",
      [known("a", speed(60)), known("b", speed(40))],
      ["a", "b"],
    ],
    ["one that takes twice as long gets none", [known("a", speed(80)), known("b", speed(40))], ["a"]],
    [
      "four times as fast is worth twice the price",
      [known("a", speed(20)), known("b", { ...speed(80), ...price(2000) })],
      ["a", "b"],
    ],
    [
      "and not three times the price",
      [known("a", speed(20)), known("b", { ...speed(80), ...price(3000) })],
      ["a"],
    ],
    [
      "ten times as fast is worth three times the price",
      [known("a", speed(10)), known("b", { ...speed(100), ...price(3000) })],
      ["a", "b"],
    ],
    [
      "soon is better than late",
      [known("a", { firstToken: beginsAfter(100) }), known("b", { firstToken: beginsAfter(9_000) })],
      ["a"],
    ],
    [
      "a late beginning counts little beside a long answer",
      [
        known("a", { firstToken: beginsAfter(100), ...speed(20) }),
        known("b", { firstToken: beginsAfter(900), ...speed(20) }),
      ],
      ["a", "b"],
    ],
    [
      "one whose beginning was not measured is taken for the median",
      [known("a", { firstToken: beginsAfter(300) }), known("b")],
      ["a", "b"],
    ],
    [
      "one whose speed is not known is taken for the median",
      [known("a", speed(50)), known("b", { speed: declaredSpeed(null, NOW) })],
      ["a", "b"],
    ],
    [
      "nobody's speed is known",
      ["a", "b"].map((name) => known(name, { speed: declaredSpeed(null, NOW) })),
      ["a", "b"],
    ],
    [
      "one whose slots are half busy loses its share to one that is idle",
      [known("a"), known("b", { slots: { total: 4, busy: 2 } })],
      ["a"],
    ],
    [
      "but not to one that is half as dear again",
      [known("a", price(1500)), known("b", { slots: { total: 4, busy: 2 } })],
      ["a", "b"],
    ],
    ["one that has no slot free is not there", [known("a", { ...price(1), ...busy }), known("b")], ["b"]],
    [
      "one that fails a fifth of its jobs loses its share",
      [known("a"), known("b", { success: { successes: 5, failures: 1.3, at: NOW } })],
      ["a"],
    ],
    [
      "unless it is much cheaper",
      [known("a"), known("b", { success: { successes: 5, failures: 1.3, at: NOW }, ...price(700) })],
      ["a", "b"],
    ],
    [
      "one in whose context the longest prompt may not fit loses its share",
      [known("a"), known("b", { contextTokens: 700 })],
      ["a"],
    ],
    ["what is free goes before all that costs", [known("a", price(0)), known("b", price(1))], ["a"]],
    [
      "the free ones share by the rest",
      [known("a", { ...price(0), ...speed(90) }), known("b", { ...price(0), ...speed(30) })],
      ["a"],
    ],
    [
      "one's own provider costs nothing",
      [known("a", price(1)), known("b", { owner: "ann", ...price(9000) })],
      ["b"],
    ],
  ])("%s", (_, offers, expected) => {
    expect(everChosen(offers)).toEqual(expected);
  });

  it("shares fall by the third power of how much worse an offer is", () => {
    const times = shares([known("best"), known("tenth", price(1100)), known("fifth", price(1200))]);
    expect((times["tenth"] ?? 0) / (times["best"] ?? 0)).toBeCloseTo(1.1 ** -3, 1);
    expect((times["fifth"] ?? 0) / (times["best"] ?? 0)).toBeCloseTo(1.2 ** -3, 1);
  });

  it("prices count by what this very job needs", () => {
    const offers = [known("a", { prices: prices(100, 3000) }), known("b", { prices: prices(3000, 100) })];
    const long = {
      prompt: { atLeast: 500, expected: 900, atMost: 2000 },
      completion: { expected: 9, max: 9 },
    };
    expect(everChosen(offers, long)).toEqual(["a"]);
    expect(everChosen(offers, { ...long, prompt: { atLeast: 1, expected: 2, atMost: 9 } })).toEqual(["b"]);
  });

  it("a long prompt makes the time to the first token count, a long answer the speed", () => {
    const soon = known("soon", { firstToken: beginsAfter(30), ...speed(20) });
    const quick = known("quick", { firstToken: beginsAfter(600), ...speed(80) });
    const prompt = { atLeast: 1000, expected: 3000, atMost: 3500 };
    expect(everChosen([soon, quick], { prompt, completion: { expected: 5, max: 5 } })).toEqual(["soon"]);
    expect(everChosen([soon, quick])).toEqual(["quick"]);
  });

  it("weights do not depend on the order of offers", () => {
    const offers = [known("a"), known("b", price(1100)), known("c", speed(45)), known("d", { owner: "ann" })];
    const weights = inTheRunning(job, offers, NOW);
    expect(inTheRunning(job, offers.toReversed(), NOW).toReversed()).toEqual(weights);
  });
});

describe("who is named in the order", () => {
  const offers = [known("a", price(1)), known("b"), known("c", { ...price(9000), success: failing() })];
  it.each<[what: string, order: string[], more: Partial<JobNeeds>, offers: LiveOffer[], chosen: string[]]>([
    ["goes first, however dear or poor", ["c"], {}, offers, ["c"]],
    ["goes in that order", ["b", "c"], {}, offers, ["b"]],
    ["is passed over where it is not there", ["x", "b"], {}, offers, ["b"]],
    [
      "is passed over while it is busy",
      ["a", "b"],
      {},
      [known("a", busy), known("b"), known("c", price(1))],
      ["b"],
    ],
    ["is passed over after it was tried", ["b", "c"], { tried: ["b"] }, offers, ["c"]],
    ["leaves all to the rest where none is there", ["x"], {}, offers, ["a"]],
    ["is no demand", ["b"], { tried: ["b"] }, offers, ["a"]],
    ["is the only one where nobody may take over", ["b", "a"], { allowFallbacks: false }, offers, ["b"]],
  ])("%s", (_, order, more, those, expected) => {
    expect(everChosen(those, { ...more, ...preferring({ order }) })).toEqual(expected);
  });

  it("is waited for where it is busy and nobody else may serve", () => {
    const needs = { ...job, allowFallbacks: false, ...preferring({ order: ["a", "b"] }) };
    const full = known("a", busy);
    expect(chooseOf(needs, [full], NOW, 1)).toEqual({ type: "busy", offers: [full] });
    expect(() => chosen([full, known("b")], needs)).toThrow('"busy"');
  });

  it("goes by the best of its offers", () => {
    const several = [
      known("b", { offer: "dear", ...price(3000) }),
      known("b", { offer: "cheap" }),
      known("a"),
    ];
    const { offer: id } = preferredOf({ ...job, ...preferring({ order: ["b"] }) }, several, NOW, 1);
    expect(id).toBe("cheap");
  });
});

describe("sorted", () => {
  it.each<[what: string, sort: "throughput" | "latency" | "price", offers: LiveOffer[], chosen: string[]]>([
    [
      "by throughput the fastest, however dear",
      "throughput",
      [known("a", speed(20)), known("b", { ...speed(90), ...price(9000) })],
      ["b"],
    ],
    [
      "by throughput the cheapest of those about as fast",
      "throughput",
      [known("a", speed(80)), known("b", { ...speed(90), ...price(1001) })],
      ["a"],
    ],
    [
      "by throughput what was measured, before what was not",
      "throughput",
      [known("a", { speed: declaredSpeed(null, NOW) }), known("b", speed(1))],
      ["b"],
    ],
    [
      "by latency the soonest, however dear",
      "latency",
      [
        known("a", { firstToken: beginsAfter(900) }),
        known("b", { firstToken: beginsAfter(90), ...price(9000) }),
      ],
      ["b"],
    ],
    [
      "by latency what was measured, before what was not",
      "latency",
      [known("a"), known("b", { firstToken: beginsAfter(9_000) })],
      ["b"],
    ],
    [
      "by latency the cheapest where nothing was measured",
      "latency",
      [known("a"), known("b", price(999))],
      ["b"],
    ],
    [
      "by latency the cheapest of those about as soon",
      "latency",
      [
        known("a", { firstToken: beginsAfter(100) }),
        known("b", { firstToken: beginsAfter(110), ...price(999) }),
      ],
      ["b"],
    ],
    [
      "by price the cheapest, however slow and busy",
      "price",
      [known("a", { ...price(999), ...speed(1), slots: { total: 9, busy: 8 } }), known("b")],
      ["a"],
    ],
    [
      "the least loaded of those alike",
      "throughput",
      [known("a", { slots: { total: 9, busy: 1 } }), known("b")],
      ["b"],
    ],
  ])("%s", (_, sort, offers, expected) => {
    expect(everChosen(offers, preferring({ sort }))).toEqual(expected);
  });
});

describe("who meets preferred speed and latency", () => {
  const slow = known("slow", { ...speed(20), firstToken: beginsAfter(100), ...price(1) });
  const fast = known("fast", { ...speed(80), firstToken: beginsAfter(900), ...price(5000) });
  const unknown = known("unknown", { speed: declaredSpeed(null, NOW), ...price(2) });
  it.each<[what: string, wishes: Parameters<typeof preferring>[0], offers: LiveOffer[], chosen: string[]]>([
    ["goes first, however dear", { minTokensPerSecond: 50 }, [slow, fast], ["fast"]],
    ["by latency, too", { maxFirstTokenMs: 500 }, [{ ...slow, ...price(9000) }, fast], ["slow"]],
    ["has to meet both", { minTokensPerSecond: 50, maxFirstTokenMs: 500 }, [slow, fast], ["slow"]],
    ["is known to", { minTokensPerSecond: 10 }, [unknown, fast], ["fast"]],
    ["leaves all to the others where nobody does", { minTokensPerSecond: 500 }, [slow, fast], ["slow"]],
    ["within what is sorted", { minTokensPerSecond: 50, sort: "price" }, [slow, fast], ["fast"]],
    ["after those named", { minTokensPerSecond: 50, order: ["slow"] }, [slow, fast], ["slow"]],
    ["after sound ones", { minTokensPerSecond: 50 }, [slow, { ...fast, success: failing() }], ["slow"]],
  ])("%s", (_, wishes, offers, expected) => {
    expect(everChosen(offers, preferring(wishes))).toEqual(expected);
  });
});

describe("the next request of a conversation", () => {
  it.each<[what: string, wishes: Parameters<typeof preferring>[0], offers: LiveOffer[], chosen: string[]]>([
    ["goes to who served it before", {}, [known("a"), known("b"), known("c")], ["b"]],
    ["though that be a little worse", {}, [known("a"), known("b", price(1200))], ["b"]],
    ["but not where that is much worse", {}, [known("a"), known("b", price(1500))], ["a"]],
    ["nor where it is busy", {}, [known("a"), known("b", busy)], ["a"]],
    ["nor where it has failed", {}, [known("a"), known("b", { success: failing() })], ["a"]],
    ["nor before those named", { order: ["a"] }, [known("a"), known("b")], ["a"]],
    ["among equally cheap ones, sorted by price", { sort: "price" }, [known("a"), known("b")], ["b"]],
    ["but not for more, sorted by price", { sort: "price" }, [known("a"), known("b", price(1001))], ["a"]],
  ])("%s", (_, wishes, offers, expected) => {
    const {
      a = 0,
      b = 0,
      ...rest
    } = shares(offers, preferring({ servedBefore: { provider: "b", model: "m" }, ...wishes }), 300);
    const [rarely] = expected.includes("b") ? [a] : [b];
    expect(rest).toEqual({});
    // A provider that failed gets one job in twenty for trial.
    expect(rarely).toBeLessThan(30);
  });
});

it("a provider that makes several offers goes by the best of them, in whatever order they come", () => {
  const offers = [
    known("b", { offer: "1", ...price(1100) }),
    known("b", { offer: "2" }),
    known("b", { offer: "3", ...price(1200) }),
  ];
  for (const wishes of [{}, { servedBefore: { provider: "b", model: "m" } }, { order: ["b"] }]) {
    const needs = { ...job, ...preferring(wishes) };
    for (const those of [offers, offers.toReversed()])
      expect(preferredOf(needs, those, NOW, 1).offer).toBe("2");
  }
});

describe("one job in twenty goes to who is not known well", () => {
  const share = (provider: string, offers: LiveOffer[], needs: Partial<JobNeeds> = {}): number =>
    (shares(offers, needs, 4000)[provider] ?? 0) / 4000;
  const crowd = Array.from({ length: 40 }, (_, index) => known(`known ${index}`));

  it("so that a newcomer among many gets more than one of many would", () => {
    expect(share("new", [...crowd, offer("new")])).toBeGreaterThan(0.045);
  });

  it("though it be up to a quarter dearer, where everything is weighed", () => {
    expect(share("new", [known("a"), offer("new", price(1240))])).toBeCloseTo(0.05, 1);
    expect(share("new", [known("a"), offer("new", price(1260))])).toBe(0);
  });

  it("but for no more money where something is sorted by", () => {
    for (const sort of ["price", "throughput", "latency"] as const) {
      const wishes = preferring({ sort });
      const a = known("a", { firstToken: beginsAfter(9), ...speed(100) });
      expect(share("new", [a, offer("new", { ...price(1001), ...speed(9) })], wishes)).toBe(0);
      if (sort !== "price") expect(share("new", [a, offer("new", speed(9))], wishes)).toBeCloseTo(0.05, 1);
    }
  });

  it("nor to one that does not meet what is preferred, where others do", () => {
    const needs = preferring({ minTokensPerSecond: 40 });
    expect(share("new", [known("a"), offer("new", speed(20))], needs)).toBe(0);
  });

  it("until three of its jobs were seen", () => {
    const seen = (jobs: number) => offer("new", { success: record("success", jobs), ...price(1240) });
    expect(share("new", [known("a"), seen(2)])).toBeGreaterThan(0.03);
    expect(share("new", [known("a"), seen(3)])).toBe(0);
  });
});

it("the same seed chooses the same among a thousand offers, in whatever order they come", () => {
  const offers = Array.from({ length: 1000 }, (_, index) =>
    offer(`p${index}`, { ...price(1000 + (index % 100)), ...speed(30 + (index % 7)) }),
  );
  for (const seed of [1, 2, 3, 2 ** 31, -5])
    expect(chosen(offers.toReversed(), {}, seed)).toBe(chosen(offers, {}, seed));
});
