import type { ModelAlias } from "../../protocol/model-alias.ts";
import type { NewPeerJob } from "../../protocol/peer-job.ts";
import type { ProviderWishes } from "../../protocol/provider-wishes.ts";
import { isWithin } from "../../rules/hold-levels.ts";
import type { JobNeeds } from "../../rules/matching.ts";
import { modelsFor } from "../../rules/model-names.ts";
import { worstCostOf } from "../../rules/price.ts";
import { chooseOffer } from "../../rules/routing.ts";
import { reasonsFor } from "../../rules/routing-reasons.ts";
import { mergedWishes, wishedNeeds } from "../../rules/wishes.ts";
import { newJobId } from "../job-order.ts";
import { seed } from "./job-choice.ts";
import type { OpenPeerJob } from "./open-peer-job.ts";
import type { BookedOffer, ProviderBook } from "./provider-book.ts";

/** What is asked of the Market for a consumer's page. */
export interface PeerOrder {
  consumer: string;
  /** The wishes of its account, and what its own alias of the model's name stands for. */
  wishes: ProviderWishes;
  aliased: readonly string[] | null;
  asked: NewPeerJob;
}

/** The tab that is to do a job, chosen as the relay chooses; with the reasons, as JSON (`ChoiceReasons`). */
export function choosePeer(
  order: PeerOrder,
  book: ProviderBook,
  aliases: readonly ModelAlias[],
  now: number,
): { offer: BookedOffer; reasons: string } | null {
  const needs = needsOf(order, modelsFor(order.asked.model, order.aliased, aliases));
  const offers = book.offersOf(needs.models).filter((offer) => serves(book, offer, order));
  const choice = chooseOffer(needs, offers, now, seed());
  if (choice.type !== "offer") return null;
  const level = { ceiling: choice.offer.prices, nano: 0 };
  const isHeldFor = (other: BookedOffer): boolean => isWithin(level, order.consumer, other);
  const reasons = reasonsFor({ needs, offers, isHeldFor, choice, before: null, now });
  return { offer: choice.offer, reasons: JSON.stringify(reasons) };
}

/** Whether an offer is of a tab that serves peers; the consumer's own only where it is asked for by name. */
function serves(
  book: ProviderBook,
  { provider, owner }: BookedOffer,
  { consumer, asked }: PeerOrder,
): boolean {
  const by = book.get(provider);
  if (by === null || by.kind !== "browser" || !by.peers) return false;
  return asked.provider === null ? owner !== consumer : asked.provider === provider;
}

/** English text has about four bytes a token, and the bound is of bytes. */
const BOUND_PER_TOKEN = 4;

function needsOf({ consumer, wishes, asked }: PeerOrder, models: readonly string[] | null): JobNeeds {
  const request: ProviderWishes = asked.provider === null ? {} : { only: [asked.provider] };
  const wished = wishedNeeds(mergedWishes({ account: wishes, key: {}, request }));
  return {
    ...wished,
    models,
    task: "chat",
    consumer,
    prompt: {
      atLeast: 1,
      expected: Math.ceil(asked.promptBound / BOUND_PER_TOKEN),
      atMost: asked.promptBound,
    },
    completion: { expected: asked.maxTokens, max: asked.maxTokens },
    features: asked.features,
    unhonoured: [],
    preferences: { ...wished.preferences, servedBefore: null },
    tried: [],
  };
}

/** The job that is to be held for: the worst case at the chosen offer, and nothing at one's own. */
export function newPeerJob(
  { consumer, asked }: PeerOrder,
  offer: BookedOffer,
  totalMs: number,
  feeBasisPoints: number,
  now: number,
): OpenPeerJob {
  const bounds = {
    promptTokens: Math.min(asked.promptBound, offer.contextTokens),
    maxTokens: asked.maxTokens,
  };
  return {
    job: newJobId(),
    consumer,
    provider: offer.provider,
    owner: offer.owner,
    offer: offer.offer,
    prices: offer.prices,
    keys: { consumer: asked.consumerKey, provider: null },
    terms: {
      bounds,
      heldNano: offer.owner === consumer ? 0 : worstCostOf(bounds, offer.prices),
      feeBasisPoints,
    },
    createdAt: now,
    expiresAt: now + Math.min(asked.withinMs ?? Infinity, totalMs),
    begun: false,
    best: null,
    forked: { provider: false, consumer: false },
    state: "offered",
    leaving: null,
    isDirty: false,
  };
}
