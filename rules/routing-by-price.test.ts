import { describe, expect, it } from "vitest";
import type { JobNeeds, LiveOffer } from "./matching.ts";
import { chooseOffer } from "./routing.ts";
import { declaredSpeed } from "./speed-estimate.ts";
import * as testing from "./testing-offers.ts";
import { failing, job, NOW, offer, preferring, prices } from "./testing-offers.ts";

const byPrice = preferring({ sort: "price" });
const chosen = (offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}, seed = 1): string =>
  testing.chosen(offers, { ...needs, ...byPrice }, seed);
const shares = (offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}, count = 6000) =>
  testing.shares(offers, { ...needs, ...byPrice }, count);
const unmet = (offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}) =>
  testing.unmet(offers, { ...needs, ...byPrice });

describe("sorted by price, the cheapest that suits serves a job", () => {
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
    const needs = { ...job, ...byPrice };
    const match = chooseOffer(needs, [poor, offer("sound")], NOW + 40 * 60_000, 1);
    expect(match).toMatchObject({ type: "offer", offer: { provider: "poor" } });
  });
});
