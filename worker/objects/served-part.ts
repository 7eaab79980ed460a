import type { PartOutcome } from "../../protocol/market.ts";
import type { Delta } from "../../protocol/provider.ts";
import type { GatheredAnswer } from "../../rules/answer-chunks.ts";
import { beginDelivery, type Delivery } from "../../rules/delivery.ts";
import { decodeSample, type DecodeSample } from "../../rules/speed-estimate.ts";
import { beginSplice, isCaughtUp, type Splice, spliceDelta } from "../../rules/stream-splice.ts";
import type { MarketLimits } from "../market-limits.ts";
import type { VectorDelivery } from "../../rules/vectors.ts";
import type { Pace, PartRecord } from "./job-rows.ts";
import type { BookedOffer, BookedProvider } from "./provider-book.ts";

/** What one provider does for a job, while it does it. */
export interface ServedPart extends PartRecord {
  by: BookedProvider;
  offer: BookedOffer;
  isAccepted: boolean;
  delivery: Delivery;
  /** What has come of vectors, where those are asked for, and nothing else; null otherwise. */
  vectors: VectorDelivery | null;
  /** Where it writes anew what the consumer has already: how far it came. */
  splices: { text: Splice; reasoning: Splice } | null;
  /** Tokens that came with no text yet. */
  unwritten: number;
  /** What was written to the answer, whether or not the consumer has read it. */
  written: { deliveredTokens: number; deliveredBytes: number };
  heardAt: number;
  firstDeltaAt: number | null;
  firstDeltaTokens: number;
  lastDeltaAt: number;
  /** Since when the provider is asked to wait, or null. */
  pausedAt: number | null;
  pausedMs: number;
}

/**
 * @param maxTokens the most that the provider is asked for
 * @param anew what the consumer has already, where it is written again; null where nothing is
 * @param vectors what is to come of vectors; null where none are asked for
 */
export function beginPart(
  by: BookedProvider,
  offer: BookedOffer,
  maxTokens: number,
  anew: GatheredAnswer | null,
  vectors: VectorDelivery | null,
  now: number,
): ServedPart {
  return {
    provider: by.id,
    owner: by.owner,
    prices: offer.prices,
    beganAt: now,
    deliveredTokens: 0,
    deliveredBytes: 0,
    claimed: null,
    outcome: null,
    get pace() {
      return paceOf(this);
    },
    saved: null,
    by,
    offer,
    isAccepted: false,
    delivery: beginDelivery(maxTokens, now),
    vectors,
    splices: anew === null ? null : { text: beginSplice(anew.text), reasoning: beginSplice(anew.reasoning) },
    unwritten: 0,
    written: { deliveredTokens: 0, deliveredBytes: 0 },
    heardAt: now,
    firstDeltaAt: null,
    firstDeltaTokens: 0,
    lastDeltaAt: now,
    pausedAt: null,
    pausedMs: 0,
  };
}

/** What a part tells of its offer's speed; null for nothing. */
export function sampleOf(part: ServedPart): DecodeSample | null {
  const { firstDeltaAt, lastDeltaAt, pausedMs, firstDeltaTokens, delivery } = part;
  return firstDeltaAt === null
    ? null
    : decodeSample({ firstDeltaAt, lastDeltaAt, pausedMs, firstDeltaTokens, tokens: delivery.tokens });
}

/** Of vectors there is none: how soon texts are written is what it tells. */
function paceOf(part: ServedPart): Pace | null {
  const { firstDeltaAt, beganAt, vectors } = part;
  return firstDeltaAt === null || vectors !== null
    ? null
    : { firstTokenMs: firstDeltaAt - beganAt, writing: sampleOf(part) };
}

/** What of a delta is new to the consumer; null where it is something else than what the consumer has. */
export function splice(part: ServedPart, delta: Delta): Omit<Delta, "type" | "job" | "seq"> | null {
  const { splices } = part;
  if (splices === null || (isCaughtUp(splices.text) && isCaughtUp(splices.reasoning))) return delta;
  const { reasoning = "", toolCalls, tokenCount } = delta;
  const text = spliceDelta(splices.text, { text: delta.text, tokenCount });
  const thought = spliceDelta(splices.reasoning, { text: reasoning, tokenCount });
  if (text.type === "diverged" || thought.type === "diverged") return null;
  part.splices = { text: text.splice, reasoning: thought.splice };
  const isNew = text.text !== "" || thought.text !== "";
  const told = text.text === "" ? thought.tokenCount : text.tokenCount;
  return {
    text: text.text,
    ...(thought.text === "" ? {} : { reasoning: thought.text }),
    ...(toolCalls === undefined ? {} : { toolCalls }),
    ...(isNew && delta.logprobs ? { logprobs: delta.logprobs } : {}),
    tokenCount: isNew ? told : 0,
  };
}

/** How a part ends at `now` milliseconds for what was to come of it by then; null where there is still time. */
export function overdueOf(
  { isAccepted, beganAt, heardAt, firstDeltaAt, pausedAt, pausedMs }: ServedPart,
  { acceptMs, firstTokenMs, stallMs }: MarketLimits,
  now: number,
): "silent" | "stalled" | null {
  if (firstDeltaAt !== null) return pausedAt === null && now - heardAt >= stallMs ? "stalled" : null;
  const waited = now - beganAt - pausedMs;
  if (!isAccepted) return waited >= acceptMs ? "silent" : null;
  return waited >= firstTokenMs ? "stalled" : null;
}

/** The Market itself stood still for so long, and heard nobody: that is no time of the provider's. */
export function standStill(part: ServedPart, ms: number): void {
  part.heardAt += ms;
  if (part.pausedAt === null) part.pausedMs += ms;
}

/** What a part's end says of its provider; null for nothing. */
export function ratingOf(outcome: PartOutcome): "success" | "failure" | null {
  switch (outcome) {
    case "finished":
    case "cut":
      return "success";
    case "silent":
    case "stalled":
    case "failed":
    case "lost":
    case "breach":
    case "diverged":
      return "failure";
    case "refused":
    case "cancelled":
      return null;
    default:
      return outcome satisfies never;
  }
}
