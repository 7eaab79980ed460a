import { describe, expect, it } from "vitest";
import type { BookedOffer } from "../../protocol/market.ts";
import { book } from "../testing/fixtures/model-page.ts";
import { nextOrder, orders, sorted, type OrderId } from "./offer-order.ts";

const some = book.offers[0];
if (some === undefined) throw new Error("The book has no offer.");
const offer = (provider: string, more: Partial<BookedOffer>): BookedOffer => ({ ...some, provider, ...more });
const names = (offers: readonly BookedOffer[]): string => offers.map(({ provider }) => provider).join("");

describe("the order of offers", () => {
  const pace = (half: number) => ({ half, nineOfTen: half });
  const offers = [
    offer("c", { firstTokenMs: pace(20), success: 0.5 }),
    offer("a", { firstTokenMs: null, success: 0.9 }),
    offer("d", { firstTokenMs: pace(10), success: 0.5 }),
    offer("b", { firstTokenMs: null, success: 0.7 }),
  ];

  it("is as they came until somebody asks for another", () => {
    expect(names(sorted(offers, null))).toBe("cadb");
  });

  it("goes by one column, either way, and leaves equals as they came", () => {
    expect(names(sorted(offers, { by: "provider", direction: "ascending" }))).toBe("abcd");
    expect(names(sorted(offers, { by: "success", direction: "ascending" }))).toBe("cdba");
    expect(names(sorted(offers, { by: "success", direction: "descending" }))).toBe("abcd");
  });

  it("has what is unknown last, either way", () => {
    expect(names(sorted(offers, { by: "firstToken", direction: "ascending" }))).toBe("dcab");
    expect(names(sorted(offers, { by: "firstToken", direction: "descending" }))).toBe("cdab");
  });

  it("begins with the best, and turns round when asked again", () => {
    expect(nextOrder(null, "completion")).toEqual({ by: "completion", direction: "ascending" });
    expect(nextOrder({ by: "completion", direction: "ascending" }, "speed")).toEqual({
      by: "speed",
      direction: "descending",
    });
    expect(nextOrder({ by: "speed", direction: "descending" }, "speed").direction).toBe("ascending");
    expect(nextOrder({ by: "speed", direction: "ascending" }, "speed").direction).toBe("descending");
  });

  it("counts no slot of who takes no more as free, and what was measured before what was told", () => {
    const valueOf = (by: OrderId, more: Partial<BookedOffer>) => orders[by](offer("x", more));
    expect(valueOf("free", { slots: { total: 4, busy: 1 }, draining: false })).toBe(3);
    expect(valueOf("free", { slots: { total: 4, busy: 1 }, draining: true })).toBe(0);
    expect(valueOf("free", { slots: { total: 1, busy: 2 }, draining: false })).toBe(0);
    expect(valueOf("speed", { writtenPerSecond: pace(7), tokensPerSecond: 9 })).toBe(7);
    expect(valueOf("speed", { writtenPerSecond: null, tokensPerSecond: 9 })).toBe(9);
  });
});
