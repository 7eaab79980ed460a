import type { PeerTerms } from "../protocol/peer-job.ts";
import type { Receipt, SignedReceipt } from "../protocol/receipt.ts";
import { receiptBytes, type ReceiptCrypto } from "./receipts.ts";

/** Keys and hashes for the tests of receipts: nothing that holds against anybody, but different for what is different. */

const decoder = new TextDecoder();

/** FNV-1a over the text, eight times with another beginning: 64 hexadecimal digits. */
function hashOf(text: string): string {
  return Array.from({ length: 8 }, (_, start) => {
    let hash = 0x811c9dc5 ^ start;
    for (let at = 0; at < text.length; at++)
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) ^ (hash >>> 13);
    return (hash >>> 0).toString(16).padStart(8, "0");
  }).join("");
}

export const sign = (key: string, bytes: Uint8Array<ArrayBuffer>): string =>
  `${key}:${hashOf(decoder.decode(bytes))}`;

export const testCrypto: ReceiptCrypto = {
  digest: async (bytes) => hashOf(decoder.decode(bytes)),
  verify: async (key, signature, bytes) => signature === sign(key, bytes),
};

export const KEYS = { provider: "provider's", consumer: "consumer's" };

export const terms = (more: Partial<PeerTerms> = {}): PeerTerms => ({
  job: "job-00000001",
  maxTokens: 1_000,
  promptBound: 500,
  prices: { prompt: 1_000, cachedPrompt: 500, completion: 2_000 },
  interval: 16,
  expiresAt: 1_000_000,
  ...more,
});

export const receipt = (more: Partial<Receipt> = {}): Receipt => ({
  job: "job-00000001",
  seq: 1,
  promptTokens: 9,
  cachedPromptTokens: 0,
  tokens: 10,
  bytes: 40,
  hash: "a".repeat(64),
  end: null,
  ...more,
});

export const signed = (of: Receipt, by: readonly (keyof typeof KEYS)[]): SignedReceipt => ({
  receipt: of,
  provider: by.includes("provider") ? sign(KEYS.provider, receiptBytes(of)) : null,
  consumer: by.includes("consumer") ? sign(KEYS.consumer, receiptBytes(of)) : null,
});
