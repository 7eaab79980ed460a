import * as v from "valibot";
import { integerFrom } from "./chat-field.ts";
import { Feature } from "./feature.ts";
import { ChatJob, JobId } from "./job.ts";
import { ProviderId } from "./market.ts";
import { Nano, Prices } from "./money.ts";
import { ModelName } from "./offer.ts";
import { ClaimedUsage, MAX_DELTA_TEXT, MAX_DELTA_TOKENS, RefusalReason } from "./provider.ts";
import { PeerKey, PeerName, Receipt, Receipts, Signature } from "./receipt.ts";
import { Count, Instant, Milliseconds } from "./text.ts";

/**
 * A job that a consumer's page has done by a provider's tab without anybody between them: the edge names the one to the other,
 * holds the money before and settles after, and sees nothing of what they say.
 *
 *     consumer's page                 edge                     provider's tab
 *       | POST /api/peer-jobs -------> |                          |   model, bounds, a key made for this job
 *       |                              | peer_job --------------> |   held for; the keys and peers of both
 *       |                              | <----------- accept_peer |
 *       | <-------------------- ticket |                          |
 *       |                                                         |
 *       | request {nonce, request, signature} ------------------> |   over the data channel from here on
 *       |                              | <------------ peer_begun |   from now on it may cost something
 *       | <------------------------------------- delta, delta, …  |   never more than `interval` tokens ahead of …
 *       | <--------------------------- receipt {receipt, signature}   what the provider has delivered
 *       | countersigned {seq, signature} -----------------------> |   … what the consumer says that it got
 *       |                              | <---------- peer_receipt |   with both signatures, once a second at most
 *       | <-------------------------- finished {receipt, signature}
 *       | countersigned {seq, signature} -----------------------> |
 *       | POST …/receipts -----------> | <------------ peer_ended |   either settles
 *       |                              | settled ---------------> |
 *
 * Where no channel comes about, POST …/relay gives everything back, and the page asks the relay.
 */

/** POST /api/peer-jobs … */
export const NewPeerJob = v.strictObject({
  model: ModelName,
  /** The only provider that it may be, the reader's own too; null for any but the reader's own. */
  provider: v.optional(v.nullable(ProviderId), null),
  maxTokens: integerFrom(1, 1_000_000),
  /** The page's own upper bound of its prompt (`rules/prompt-bound.ts`), which stays where it is. */
  promptBound: integerFrom(1, 10_000_000),
  /** What the engine must be able to do. */
  features: v.optional(v.pipe(v.array(Feature), v.maxLength(Feature.options.length)), (): Feature[] => []),
  consumerKey: PeerKey,
  /** How long all of it may take; null for as long as the market allows. */
  withinMs: v.optional(v.nullable(integerFrom(1_000, 24 * 60 * 60 * 1_000)), null),
});
export type NewPeerJob = v.InferOutput<typeof NewPeerJob>;

/** What the provider is told of a job too, and both sides hold one another to. */
export const PeerTerms = v.object({
  job: JobId,
  maxTokens: Count,
  promptBound: Count,
  prices: Prices,
  /** So many tokens may be written and not countersigned: what one side can cost the other. */
  interval: v.pipe(Count, v.minValue(1)),
  /** When it is settled at the latest, by what both have signed. */
  expiresAt: Instant,
});
export type PeerTerms = v.InferOutput<typeof PeerTerms>;

/** … answers with a ticket. */
export const PeerTicket = v.object({
  ...PeerTerms.entries,
  provider: ProviderId,
  offer: v.string(),
  model: ModelName,
  heldNano: Nano,
  providerKey: PeerKey,
  /** Whom to connect to … */
  providerPeer: PeerName,
  /** … and as whom. */
  peer: v.object({ id: PeerName, token: v.string() }),
});
export type PeerTicket = v.InferOutput<typeof PeerTicket>;

/** POST /api/peer-jobs/:job/receipts: what has both signatures, and why it is over if it is. */
export const PeerReceipts = v.strictObject({
  receipts: Receipts,
  /** `cancelled`: the reader stopped it; `failed`: the provider broke the rules, or is gone; null while it goes on. */
  ended: v.nullable(v.picklist(["cancelled", "failed"])),
});
export type PeerReceipts = v.InferOutput<typeof PeerReceipts>;

/** … and POST /api/peer-jobs/:job/relay answer with how the job stands. */
export const PeerJobState = v.variant("state", [
  /** It goes on; or its end is waited for, a few seconds at most. */
  v.object({ state: v.literal("open") }),
  v.object({ state: v.literal("settled"), paid: ClaimedUsage, costNano: Nano }),
]);
export type PeerJobState = v.InferOutput<typeof PeerJobState>;

const shortText = (length: number) => v.pipe(v.string(), v.maxLength(length));

/** A request over the channel, in UTF-16 code units; longer ones go by the relay. */
export const MAX_PEER_REQUEST = 1024 * 1024;

/** What a request says, once it is read. */
export const PeerRequest = v.pipe(v.string(), v.parseJson(), ChatJob);

/** Some more of an answer, as on the provider link. */
export const PeerDelta = v.object({
  type: v.literal("delta"),
  /** 0, 1, 2, … */
  seq: Count,
  text: shortText(MAX_DELTA_TEXT),
  reasoning: v.exactOptional(shortText(MAX_DELTA_TEXT)),
  tokenCount: v.pipe(Count, v.maxValue(MAX_DELTA_TOKENS)),
});
export type PeerDelta = v.InferOutput<typeof PeerDelta>;

/** What the consumer's page says over the channel. The first is the request; nothing is heard of who can't sign it. */
export const ConsumerPeerMessage = v.variant("type", [
  v.object({
    type: v.literal("request"),
    job: JobId,
    /** 128 random bits in hexadecimal: with them nobody finds out by trying what was asked and answered, from hashes alone. */
    nonce: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
    /** A `ChatJob` as JSON: a text, since what is signed is a text. */
    request: shortText(MAX_PEER_REQUEST),
    /** Of job, nonce and request (`requestBytes`), by the ticket's key. */
    signature: Signature,
  }),
  v.object({ type: v.literal("countersigned"), seq: Count, signature: Signature }),
  /** What was written until then is told by a last receipt. */
  v.object({ type: v.literal("cancel") }),
]);
export type ConsumerPeerMessage = v.InferOutput<typeof ConsumerPeerMessage>;

/** What the provider's tab says over the channel, after the request. */
export const ProviderPeerMessage = v.variant("type", [
  v.object({ type: v.literal("accepted"), promptTokens: v.nullable(Count) }),
  v.object({ type: v.literal("refused"), reason: RefusalReason, message: shortText(500) }),
  PeerDelta,
  /** Of all deltas before it. */
  v.object({ type: v.literal("receipt"), receipt: Receipt, signature: Signature }),
  /** The last receipt, whose `end` says why. */
  v.object({
    type: v.literal("finished"),
    receipt: Receipt,
    signature: Signature,
    timings: v.nullable(v.object({ promptMs: Milliseconds, completionMs: Milliseconds })),
  }),
  /** The engine failed; what was delivered before was told by a receipt. */
  v.object({ type: v.literal("failed"), message: shortText(500) }),
]);
export type ProviderPeerMessage = v.InferOutput<typeof ProviderPeerMessage>;
