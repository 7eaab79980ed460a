import type { ReceiptCrypto } from "../rules/receipts.ts";
import { sha256 } from "./digest.ts";

/** The keys and signatures of peer jobs, by WebCrypto. */

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Null for what is no point of the curve. */
async function publicKey(key: string): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("raw", bytesOf(key), ALGORITHM, false, ["verify"]);
  } catch {
    return null;
  }
}

export const isPublicKey = async (key: string): Promise<boolean> => (await publicKey(key)) !== null;

export const receiptCrypto: ReceiptCrypto = {
  digest: sha256,
  async verify(key, signature, bytes) {
    const known = await publicKey(key);
    return known !== null && crypto.subtle.verify(ALGORITHM, known, bytesOf(signature), bytes);
  },
};
