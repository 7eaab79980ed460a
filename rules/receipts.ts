import type { PeerDelta, PeerTerms } from "../protocol/peer-job.ts";
import type { ClaimedUsage } from "../protocol/provider.ts";
import type { EndReason } from "../protocol/finish-reason.ts";
import type { Receipt, SignedReceipt } from "../protocol/receipt.ts";
import { countedTokens } from "./billing.ts";
import { bytesOf } from "./delivery.ts";
import { exactCost } from "./price.ts";

/**
 * Receipts of a peer job, of which nobody sees the whole but its two sides. Neither trusts the other for more than an interval:
 *
 *     provider                                       consumer
 *       writes while fewer than N tokens are           signs what it has got, and nothing else: the same
 *       not countersigned (`mayWrite`)                 text, as many tokens and bytes (`faultOf`)
 *             |                                              |
 *             +--------- last receipt that both signed -------+
 *                                    |
 *                        the edge pays that (`settlementOf`)
 *
 * Keys and hashes are the host's (`ReceiptCrypto`); all that is decided is decided here, by both sides and by the edge alike.
 */

export interface ReceiptCrypto {
  /** SHA-256 in lower-case hexadecimal. */
  digest(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  /** Whether `signature` is of these bytes by the owner of `key`; false for what is no key or no signature. */
  verify(key: string, signature: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean>;
}

const encoder = new TextEncoder();

/** A list as JSON has one form only: no order of fields, no spaces, and the same text for the same characters everywhere. */
const canonical = (...values: readonly unknown[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(encoder.encode(JSON.stringify(values)));

/** What the consumer signs of a request, and what the chain begins with. */
export const requestBytes = (job: string, nonce: string, request: string): Uint8Array<ArrayBuffer> =>
  canonical("tabarena peer request 1", job, nonce, request);

/** What both sides sign of a receipt. */
export const receiptBytes = (receipt: Receipt): Uint8Array<ArrayBuffer> =>
  canonical(
    "tabarena peer receipt 1",
    receipt.job,
    receipt.seq,
    receipt.promptTokens,
    receipt.cachedPromptTokens,
    receipt.tokens,
    receipt.bytes,
    receipt.hash,
    receipt.end,
  );

/** What has been delivered of an answer, as each side counts for itself. */
export interface Chain {
  /** h(0) = SHA-256(request), h(n) = SHA-256(h(n-1), delta n). */
  readonly hash: string;
  readonly deltas: number;
  readonly tokens: number;
  readonly bytes: number;
}

export const beginChain = async (
  request: Uint8Array<ArrayBuffer>,
  { digest }: Pick<ReceiptCrypto, "digest">,
): Promise<Chain> => ({ hash: await digest(request), deltas: 0, tokens: 0, bytes: 0 });

/**
 * The chain with one more delta. The channel keeps the order, so that any other than the next is a fault of who sent it.
 *
 * @returns null where it is not the next
 */
export async function extendChain(
  chain: Chain,
  delta: PeerDelta,
  { digest }: Pick<ReceiptCrypto, "digest">,
): Promise<Chain | null> {
  const { seq, text, reasoning = null, tokenCount } = delta;
  if (seq !== chain.deltas) return null;
  return {
    hash: await digest(canonical(chain.hash, seq, text, reasoning, tokenCount)),
    deltas: chain.deltas + 1,
    tokens: chain.tokens + tokenCount,
    bytes: chain.bytes + bytesOf(delta),
  };
}

/** How many tokens a chain is worth: as the relay counts them, no more than bytes came, nor than may. */
const worth = ({ tokens, bytes }: Chain, { maxTokens }: Pick<PeerTerms, "maxTokens">): number =>
  countedTokens({ deliveredTokens: tokens, deliveredBytes: bytes }, maxTokens);

// The provider

/** What a provider knows of a job that it writes. */
export interface ProviderAccount {
  terms: PeerTerms;
  chain: Chain;
  /** The last that it has signed. */
  signed: Receipt | null;
  /** The last that came back. */
  countersigned: Receipt | null;
}

/** How many tokens the provider may deliver at this moment; with 0 it waits for a signature. */
export const mayWrite = ({ terms, chain, countersigned }: ProviderAccount): number =>
  Math.max(0, terms.interval - (worth(chain, terms) - (countersigned?.tokens ?? 0)));

/**
 * Receipts come twice an interval, so that writing need not wait for the way back; and one with the first token, since a prompt
 * may be worth more than what is written.
 */
export function isReceiptDue({ terms, chain, signed }: ProviderAccount): boolean {
  const tokens = worth(chain, terms);
  return signed === null ? tokens > 0 : tokens - signed.tokens >= Math.ceil(terms.interval / 2);
}

/**
 * The next receipt to sign.
 *
 * @param prompt as far as the engine has told it
 * @param end why the answer is over; null while it goes on
 */
export const nextReceipt = (
  { terms, chain, signed }: ProviderAccount,
  prompt: Pick<ClaimedUsage, "promptTokens" | "cachedPromptTokens">,
  end: EndReason | null,
): Receipt => ({
  job: terms.job,
  seq: (signed?.seq ?? 0) + 1,
  promptTokens: Math.min(prompt.promptTokens, terms.promptBound),
  cachedPromptTokens: Math.min(prompt.cachedPromptTokens, prompt.promptTokens, terms.promptBound),
  tokens: worth(chain, terms),
  bytes: chain.bytes,
  hash: chain.hash,
  end,
});

// The consumer

/**
 * Why a consumer does not countersign, and ends the job by what it has signed before:
 *
 * - `other_job`    it is of another job
 * - `repeated`     its number is not the next
 * - `other_text`   it is of another request or text than arrived
 * - `inflated`     more tokens than were delivered, than bytes came, or than may be; or a prompt beyond its bound
 * - `backward`     something is less than it was
 */
export type ReceiptFault = "other_job" | "repeated" | "other_text" | "inflated" | "backward";

/**
 * What is wrong with a receipt of the provider's, whose signature was checked; null where the consumer may countersign it.
 *
 * @param chain of what the consumer has got
 * @param last the last that it has countersigned
 */
export function faultOf(
  receipt: Receipt,
  terms: PeerTerms,
  chain: Chain,
  last: Receipt | null,
): ReceiptFault | null {
  if (receipt.job !== terms.job) return "other_job";
  if (receipt.seq !== (last?.seq ?? 0) + 1) return "repeated";
  if (receipt.hash !== chain.hash || receipt.bytes !== chain.bytes) return "other_text";
  if (receipt.tokens > worth(chain, terms) || !isWithin(receipt, terms)) return "inflated";
  return last !== null && !grows(last, receipt) ? "backward" : null;
}

const grows = (before: Receipt, after: Receipt): boolean =>
  before.end === null &&
  after.tokens >= before.tokens &&
  after.bytes >= before.bytes &&
  after.promptTokens >= before.promptTokens;

// The edge

/** What was agreed, by which receipts are judged. */
export type SettlementTerms = Pick<PeerTerms, "job" | "maxTokens" | "promptBound" | "prices">;

/** A receipt, and whose signatures under it are true. */
export interface CheckedReceipt {
  receipt: Receipt;
  byProvider: boolean;
  byConsumer: boolean;
}

/** What a job is settled by. */
export interface Settlement {
  /** Null where the two never agreed: then nothing is paid. */
  receipt: Receipt | null;
  /** Who signed two receipts of which only one can be true. */
  forked: { provider: boolean; consumer: boolean };
}

/** Checks both signatures of a receipt; one that is missing is not true. */
export async function checkReceipt(
  { receipt, provider, consumer }: SignedReceipt,
  keys: { provider: string; consumer: string },
  { verify }: Pick<ReceiptCrypto, "verify">,
): Promise<CheckedReceipt> {
  const bytes = receiptBytes(receipt);
  const [byProvider, byConsumer] = await Promise.all([
    provider !== null && verify(keys.provider, provider, bytes),
    consumer !== null && verify(keys.consumer, consumer, bytes),
  ]);
  return { receipt, byProvider, byConsumer };
}

/**
 * What is paid for, by whatever the two sides have shown of a job: the last receipt that both signed. Of several that both
 * signed under one number it is the one that costs least. The order in which they are shown, and how often, changes nothing: what
 * comes of some and is judged again with others is what comes of all.
 */
export function settlementOf(receipts: readonly CheckedReceipt[], terms: SettlementTerms): Settlement {
  const ours = receipts.filter(({ receipt }) => isWithin(receipt, terms));
  const agreed = ours.filter(({ byProvider, byConsumer }) => byProvider && byConsumer);
  const [best] = agreed.map(({ receipt }) => receipt).sort((a, b) => later(a, b, terms));
  return {
    receipt: best ?? null,
    forked: {
      provider: contradicts(ours.filter(({ byProvider }) => byProvider)),
      consumer: contradicts(ours.filter(({ byConsumer }) => byConsumer)),
    },
  };
}

/** What a receipt says of usage, in the words of bills. */
export const usageOfReceipt = ({ promptTokens, cachedPromptTokens, tokens }: Receipt): ClaimedUsage => ({
  promptTokens,
  cachedPromptTokens,
  completionTokens: tokens,
});

/** What is beyond this no honest consumer signs, and nobody pays. */
const isWithin = (
  { job, tokens, bytes, promptTokens, cachedPromptTokens }: Receipt,
  terms: Pick<SettlementTerms, "job" | "maxTokens" | "promptBound">,
): boolean =>
  job === terms.job &&
  tokens <= terms.maxTokens &&
  tokens <= bytes &&
  promptTokens <= terms.promptBound &&
  cachedPromptTokens <= promptTokens;

/** The later first; under one number the cheaper first, and then by their texts, so that there is one order for all. */
function later(a: Receipt, b: Receipt, { prices }: SettlementTerms): number {
  if (a.seq !== b.seq) return b.seq - a.seq;
  const [costA, costB] = [a, b].map((receipt) => exactCost(usageOfReceipt(receipt), prices));
  if (costA !== undefined && costB !== undefined && costA !== costB) return costA < costB ? -1 : 1;
  return canonicalText(a) < canonicalText(b) ? -1 : 1;
}

/** Whether one signer said two things under one number. */
function contradicts(signed: readonly CheckedReceipt[]): boolean {
  const bySeq = new Map<number, Receipt>();
  for (const { receipt } of signed) {
    const said = bySeq.get(receipt.seq);
    if (said && !isSame(said, receipt)) return true;
    bySeq.set(receipt.seq, receipt);
  }
  return false;
}

export const isSame = (a: Receipt, b: Receipt): boolean => canonicalText(a) === canonicalText(b);

const decoder = new TextDecoder();
const canonicalText = (receipt: Receipt): string => decoder.decode(receiptBytes(receipt));
