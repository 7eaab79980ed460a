import { describe, expect, it } from "vitest";
import { granted, held, released, settled, type Posting } from "./ledger.ts";
import { seededRandom } from "./seeded-random.ts";

const changes = (postings: Posting[]): Record<string, number> =>
  Object.fromEntries(postings.map(({ account, amountNano }) => [account, amountNano]));

const pay = (provider: string, earnedNano: number, feeNano = 0) => ({ provider, earnedNano, feeNano });

describe("postings", () => {
  it("of a grant take from the mint what they give", () => {
    expect(changes(granted("bob", 5))).toEqual({ mint: -5, "user:bob": 5 });
  });

  it("of a hold set aside, of a release give back", () => {
    expect(changes(held("bob", 5))).toEqual({ "user:bob": -5, "hold:bob": 5 });
    expect(changes(released("bob", 5))).toEqual({ "user:bob": 5, "hold:bob": -5 });
  });

  it("of a settled job use up the hold: providers, platform, and the rest for the consumer", () => {
    expect(changes(settled("bob", 100, [pay("ada", 27, 3), pay("cyn", 10, 1)]))).toEqual({
      "hold:bob": -100,
      "user:ada": 27,
      "user:cyn": 10,
      fees: 4,
      "user:bob": 59,
    });
  });

  it("are one for each account, and none for an account that nothing changes", () => {
    expect(changes(settled("bob", 10, [pay("ada", 4), pay("ada", 6)]))).toEqual({
      "hold:bob": -10,
      "user:ada": 10,
    });
    expect(settled("bob", 0, [pay("bob", 0)])).toEqual([]);
    expect(held("bob", 0)).toEqual([]);
  });

  it("never pay more than is held", () => {
    expect(() => settled("bob", 10, [pay("ada", 10, 1)])).toThrow(/cost 11 nano-credits, of which only 10/);
  });

  it("sum to zero whatever is paid to whom", () => {
    const random = seededRandom(4);
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let round = 0; round < 2000; round++) {
      const parts = Array.from({ length: below(5) }, () =>
        pay(["ada", "bob", "cyn"][below(3)] ?? "ada", below(10 ** below(15)), below(10 ** below(12))),
      );
      const cost = parts.reduce((sum, { earnedNano, feeNano }) => sum + earnedNano + feeNano, 0);
      const postings = settled("bob", cost + below(10 ** below(15)), parts);
      expect(postings.reduce((sum, { amountNano }) => sum + BigInt(amountNano), 0n)).toBe(0n);
      expect(new Set(postings.map(({ account }) => account)).size).toBe(postings.length);
      expect(postings.every(({ amountNano }) => amountNano !== 0)).toBe(true);
    }
  });
});
