import { describe, expect, it } from "vitest";
import type { PeerDelta } from "../protocol/peer-job.ts";
import type { Receipt } from "../protocol/receipt.ts";
import {
  beginChain,
  type Chain,
  type CheckedReceipt,
  checkReceipt,
  extendChain,
  faultOf,
  isReceiptDue,
  mayWrite,
  nextReceipt,
  requestBytes,
  settlementOf,
} from "./receipts.ts";
import { KEYS, receipt, sign, signed, terms, testCrypto } from "./receipts-testing.ts";

const delta = (seq: number, text: string, tokenCount = 1): PeerDelta => ({
  type: "delta",
  seq,
  text,
  tokenCount,
});

async function chainOf(deltas: readonly PeerDelta[], nonce = "0"): Promise<Chain> {
  let chain = await beginChain(requestBytes("job-00000001", nonce, "{}"), testCrypto);
  for (const each of deltas) {
    const next = await extendChain(chain, each, testCrypto);
    if (next === null) throw new Error("not the next delta");
    chain = next;
  }
  return chain;
}

const both = (of: Receipt): CheckedReceipt => ({ receipt: of, byProvider: true, byConsumer: true });

describe("the chain", () => {
  it("is the same for the same request and deltas, and another for any other", async () => {
    const said = [delta(0, "a"), delta(1, "b")];
    const { hash } = await chainOf(said);
    expect((await chainOf(said)).hash).toBe(hash);
    const others = [
      await chainOf(said, "1"),
      await chainOf([delta(0, "a"), delta(1, "c")]),
      await chainOf([delta(0, "ab")]),
      await chainOf([delta(0, "a"), delta(1, "b", 2)]),
      await chainOf([delta(0, "a"), { ...delta(1, ""), reasoning: "b" }]),
    ];
    expect(others.map((other) => other.hash)).not.toContain(hash);
  });

  it("takes no delta but the next", async () => {
    const chain = await chainOf([delta(0, "a")]);
    expect(await extendChain(chain, delta(0, "a"), testCrypto)).toBeNull();
    expect(await extendChain(chain, delta(2, "b"), testCrypto)).toBeNull();
  });

  it("counts tokens and bytes of UTF-8", async () => {
    expect(await chainOf([delta(0, "é", 3), delta(1, "😀")])).toMatchObject({
      deltas: 2,
      tokens: 4,
      bytes: 6,
    });
  });
});

describe("a provider", () => {
  const account = async (texts: number, countersigned: Receipt | null, last = countersigned) => ({
    terms: terms(),
    chain: await chainOf(Array.from({ length: texts }, (_, seq) => delta(seq, "abcd"))),
    signed: last,
    countersigned,
  });

  it("writes an interval ahead of what the consumer has countersigned, and no further", async () => {
    expect(mayWrite(await account(0, null))).toBe(16);
    expect(mayWrite(await account(16, null))).toBe(0);
    expect(mayWrite(await account(16, receipt({ tokens: 8 })))).toBe(8);
  });

  it("signs with the first token, and then twice an interval", async () => {
    expect(isReceiptDue(await account(0, null))).toBe(false);
    expect(isReceiptDue(await account(1, null))).toBe(true);
    expect(isReceiptDue(await account(8, receipt({ tokens: 1 })))).toBe(false);
    expect(isReceiptDue(await account(9, receipt({ tokens: 1 })))).toBe(true);
  });

  it("never says more than came as bytes, than may be, or of the prompt than its bound", async () => {
    const chain = await chainOf([delta(0, "abc", 50)]);
    const next = nextReceipt(
      { terms: terms(), chain, signed: receipt({ seq: 4 }), countersigned: null },
      { promptTokens: 900, cachedPromptTokens: 700 },
      "stop",
    );
    expect(next).toMatchObject({
      seq: 5,
      tokens: 3,
      promptTokens: 500,
      cachedPromptTokens: 500,
      end: "stop",
    });
  });
});

describe("a consumer", () => {
  const chain = (): Promise<Chain> => chainOf(Array.from({ length: 10 }, (_, seq) => delta(seq, "abcd")));
  const honest = async (more: Partial<Receipt> = {}): Promise<Receipt> =>
    receipt({ hash: (await chain()).hash, ...more });
  const faults = async (more: Partial<Receipt>, last: Receipt | null = null) =>
    faultOf(await honest(more), terms(), await chain(), last);

  it("countersigns what it has got, and less tokens than that", async () => {
    expect(await faults({})).toBeNull();
    expect(await faults({ tokens: 3 })).toBeNull();
    expect(await faults({ seq: 2 }, receipt({ tokens: 4, bytes: 16 }))).toBeNull();
  });

  it("countersigns nothing else", async () => {
    expect(await faults({ job: "job-00000002" })).toBe("other_job");
    expect(await faults({ seq: 2 })).toBe("repeated");
    expect(await faults({}, receipt())).toBe("repeated");
    expect(await faults({ hash: "b".repeat(64) })).toBe("other_text");
    expect(await faults({ bytes: 41 })).toBe("other_text");
    expect(await faults({ tokens: 11 })).toBe("inflated");
    expect(await faults({ promptTokens: 501 })).toBe("inflated");
    expect(await faults({ cachedPromptTokens: 10 })).toBe("inflated");
    expect(await faults({ seq: 2, tokens: 9 }, receipt({ bytes: 16 }))).toBe("backward");
    expect(await faults({ seq: 2, promptTokens: 8 }, receipt({ tokens: 1, bytes: 4 }))).toBe("backward");
    expect(await faults({ seq: 2 }, receipt({ tokens: 1, bytes: 4, end: "stop" }))).toBe("backward");
  });
});

describe("what is paid", () => {
  it("is the last receipt that both signed, however often and in whatever order they are shown", () => {
    const shown = [receipt(), receipt({ seq: 2, tokens: 20 }), receipt({ seq: 3, tokens: 30 })].map(both);
    const [first, second, third] = shown;
    if (!first || !second || !third) throw new Error("three receipts");
    for (const order of [shown, [third, second, first], [second, third, first, second, first]])
      expect(settlementOf(order, terms()).receipt).toEqual(third.receipt);
  });

  it("is nothing that only one has signed, nor what is beyond the terms or of another job", () => {
    const good = receipt();
    const others = [
      { ...both(receipt({ seq: 2, tokens: 20 })), byConsumer: false },
      { ...both(receipt({ seq: 3, tokens: 20 })), byProvider: false },
      both(receipt({ seq: 4, tokens: 1_001, bytes: 9_999 })),
      both(receipt({ seq: 5, tokens: 41 })),
      both(receipt({ seq: 6, promptTokens: 501 })),
      both(receipt({ seq: 7, cachedPromptTokens: 10 })),
      both(receipt({ seq: 8, job: "job-00000002" })),
    ];
    expect(settlementOf(others, terms()).receipt).toBeNull();
    expect(settlementOf([both(good), ...others], terms()).receipt).toEqual(good);
  });

  it("is the cheapest of several under one number, which is held against who signed them", () => {
    const dear = receipt({ seq: 2, tokens: 30 });
    const cheap = receipt({ seq: 2, tokens: 20 });
    const forks = [both(dear), both(cheap)];
    const expected = { receipt: cheap, forked: { provider: true, consumer: true } };
    expect(settlementOf(forks, terms())).toEqual(expected);
    expect(settlementOf(forks.toReversed(), terms())).toEqual(expected);
    expect(settlementOf([both(dear), { ...both(cheap), byConsumer: false }], terms())).toEqual({
      receipt: dear,
      forked: { provider: true, consumer: false },
    });
  });

  it("needs both signatures to be true, each by its own key", async () => {
    const checked = (of: ReturnType<typeof signed>) => checkReceipt(of, KEYS, testCrypto);
    const whole = signed(receipt(), ["provider", "consumer"]);
    expect(await checked(whole)).toEqual(both(receipt()));
    const changed = { ...whole, receipt: receipt({ tokens: 11 }) };
    expect(await checked(changed)).toMatchObject({ byProvider: false, byConsumer: false });
    const swapped = { ...whole, provider: whole.consumer, consumer: whole.provider };
    expect(await checked(swapped)).toMatchObject({ byProvider: false, byConsumer: false });
    const forged = { ...whole, consumer: sign("somebody's", new Uint8Array()) };
    expect(await checked(forged)).toMatchObject({ byProvider: true, byConsumer: false });
  });
});
