import { describe, expect, it } from "vitest";
import type { PeerDelta, PeerTerms } from "../protocol/peer-job.ts";
import type { EndReason } from "../protocol/finish-reason.ts";
import type { Receipt } from "../protocol/receipt.ts";
import {
  beginChain,
  type Chain,
  type CheckedReceipt,
  extendChain,
  faultOf,
  isReceiptDue,
  mayWrite,
  nextReceipt,
  requestBytes,
  settlementOf,
} from "./receipts.ts";
import { receipt, terms, testCrypto } from "./receipts-testing.ts";
import { seededRandom } from "./seeded-random.ts";

/**
 * One side follows the rules, the other does whatever a script says, on a channel that loses what is on its way when it ends.
 * Counted is what the honest side gave and got.
 */

type Cheat =
  | "honest"
  /** The consumer takes everything and signs nothing from some moment on. */
  | "consumer keeps silent"
  | "consumer vanishes"
  | "consumer signs an old one again"
  | "provider vanishes"
  /** It says more tokens than it writes. */
  | "provider inflates"
  /** It signs for text that it never sent. */
  | "provider invents"
  | "provider repeats"
  /** It shows the edge receipts without the consumer's signature. */
  | "provider shows its own";

const CHEATS: readonly Cheat[] = [
  "honest",
  "consumer keeps silent",
  "consumer vanishes",
  "consumer signs an old one again",
  "provider vanishes",
  "provider inflates",
  "provider invents",
  "provider repeats",
  "provider shows its own",
];

interface Outcome {
  /** Tokens that the provider delivered, and that the consumer got. */
  delivered: number;
  got: number;
  paid: number;
  ended: boolean;
}

async function played(cheat: Cheat, at: number, length: number, random: () => number): Promise<Outcome> {
  const agreed: PeerTerms = terms({ interval: 4 + Math.floor(random() * 40) });
  const begin = await beginChain(requestBytes(agreed.job, "0", "{}"), testCrypto);
  const wrote = { terms: agreed, chain: begin, signed: null, countersigned: null } as {
    terms: PeerTerms;
    chain: Chain;
    signed: Receipt | null;
    countersigned: Receipt | null;
  };
  let got: Chain = begin;
  let last: Receipt | null = null;
  let open = true;
  const shown: CheckedReceipt[] = [];
  const isCheating = (): boolean => wrote.chain.tokens >= at;
  const prompt = { promptTokens: 9, cachedPromptTokens: 0 };

  const offerReceipt = (end: EndReason | null): void => {
    let next = nextReceipt(wrote, prompt, end);
    if (isCheating()) {
      if (cheat === "provider inflates") next = { ...next, tokens: next.tokens + 1 };
      if (cheat === "provider invents") next = { ...next, hash: "f".repeat(64), bytes: next.bytes + 9 };
      if (cheat === "provider repeats" && wrote.signed) next = { ...wrote.signed, tokens: next.tokens };
      if (cheat === "provider shows its own")
        shown.push({ receipt: { ...next, seq: next.seq + 50 }, byProvider: true, byConsumer: false });
    }
    wrote.signed = next;
    if (cheat === "consumer keeps silent" && isCheating()) return;
    if (cheat === "consumer signs an old one again" && isCheating()) {
      // The provider finds the signature to be of another receipt than its last, and hears no more.
      if (last) shown.push({ receipt: last, byProvider: true, byConsumer: true });
      open = false;
      return;
    }
    if (faultOf(next, agreed, got, last) !== null) {
      open = false;
      return;
    }
    last = next;
    wrote.countersigned = next;
    shown.push({ receipt: next, byProvider: true, byConsumer: true });
  };

  for (let seq = 0; open && wrote.chain.tokens < length; seq++) {
    const tokenCount = Math.min(1 + Math.floor(random() * 3), mayWrite(wrote), length - wrote.chain.tokens);
    if (tokenCount === 0) break;
    const delta: PeerDelta = { type: "delta", seq, text: "abcd".repeat(tokenCount), tokenCount };
    wrote.chain = (await extendChain(wrote.chain, delta, testCrypto)) ?? wrote.chain;
    if (cheat === "consumer vanishes" && isCheating()) continue;
    got = (await extendChain(got, delta, testCrypto)) ?? got;
    if (cheat === "provider vanishes" && isCheating()) open = false;
    else if (isReceiptDue(wrote)) offerReceipt(null);
  }
  const isThere = open && wrote.chain.tokens === length && got.tokens === length;
  if (isThere) offerReceipt("stop");
  const { receipt: settled } = settlementOf(
    shown.sort(() => random() - 0.5).flatMap((each) => [each, each]),
    agreed,
  );
  const paid = settled?.tokens ?? 0;
  expect(wrote.chain.tokens - paid, `${cheat}: what the provider gave for nothing`).toBeLessThanOrEqual(
    agreed.interval,
  );
  expect(paid, `${cheat}: what the consumer paid for and did not get`).toBeLessThanOrEqual(got.tokens);
  return { delivered: wrote.chain.tokens, got: got.tokens, paid, ended: settled?.end === "stop" };
}

describe.each(CHEATS)("of two of whom one may be a cheat (%s)", (cheat) => {
  it("neither loses more than an interval, whatever the moment", async () => {
    const random = seededRandom(11);
    for (let round = 0; round < 60; round++) {
      const length = 1 + Math.floor(random() * 200);
      await played(cheat, Math.floor(random() * length), length, random);
    }
  });
});

it("two that are honest come to the end, and all of it is paid for", async () => {
  const random = seededRandom(5);
  for (const length of [1, 2, 7, 64, 300]) {
    const outcome = await played("honest", 0, length, random);
    expect(outcome).toEqual({ delivered: length, got: length, paid: length, ended: true });
  }
});

describe("what is paid of a heap of receipts", () => {
  it("does not depend on their order, on repetition, or on what was judged before", () => {
    const random = seededRandom(3);
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let round = 0; round < 300; round++) {
      const heap: CheckedReceipt[] = Array.from({ length: 1 + below(8) }, () => ({
        receipt: receipt({ seq: 1 + below(3), tokens: below(60), promptTokens: below(3), bytes: 40 }),
        byProvider: random() < 0.8,
        byConsumer: random() < 0.8,
      }));
      const all = settlementOf(heap, terms()).receipt;
      const mixed = [...heap, ...heap].sort(() => random() - 0.5);
      expect(settlementOf(mixed, terms()).receipt).toEqual(all);
      let best: Receipt | null = null;
      for (const each of mixed) {
        const known: CheckedReceipt[] =
          best === null ? [] : [{ receipt: best, byProvider: true, byConsumer: true }];
        best = settlementOf([...known, each], terms()).receipt;
      }
      expect(best).toEqual(all);
    }
  });
});
