import * as v from "valibot";
import { EndReason } from "./finish-reason.ts";
import { JobId } from "./job.ts";
import { Count, Sha256 } from "./text.ts";

/** What the two sides of a peer job sign while it is written; `rules/receipts.ts` says what each of them may sign. */

/** A public key of ECDSA on P-256: the uncompressed point of 65 bytes, in base64. Made for one ticket and used for nothing else. */
export const PeerKey = v.pipe(v.string(), v.regex(/^B[A-Za-z0-9+/]{86}=$/, "not a P-256 point in base64"));
export type PeerKey = v.InferOutput<typeof PeerKey>;

/** How somebody is found at the signalling server. */
export const PeerName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*$/), v.maxLength(128));

/** A signature by such a key with SHA-256: the 64 bytes of r and s, in base64. */
export const Signature = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9+/]{86}==$/, "not a P-256 signature in base64"),
);
export type Signature = v.InferOutput<typeof Signature>;

/** How far a peer job has come. Whatever is counted only grows from one receipt to the next. */
export const Receipt = v.object({
  job: JobId,
  /** 1, 2, 3, … */
  seq: v.pipe(Count, v.minValue(1)),
  /** 0 until the engine tells it. */
  promptTokens: Count,
  cachedPromptTokens: Count,
  /** Of the answer so far. */
  tokens: Count,
  /** Of UTF-8 of the answer so far: never fewer than its tokens. */
  bytes: Count,
  /** Of the request and all deltas so far, each over the one before. */
  hash: Sha256,
  /** Why the answer ended, with the last receipt of a job; null with all others. */
  end: v.nullable(EndReason),
});
export type Receipt = v.InferOutput<typeof Receipt>;

/** A receipt with what was signed of it. Only one that has both signatures is worth anything. */
export const SignedReceipt = v.object({
  receipt: Receipt,
  provider: v.nullable(Signature),
  consumer: v.nullable(Signature),
});
export type SignedReceipt = v.InferOutput<typeof SignedReceipt>;

/** What is told of a job at once: the latest is enough, others may show that somebody signed two that contradict each other. */
export const Receipts = v.pipe(v.array(SignedReceipt), v.maxLength(8));
