import { isWithin } from "../../rules/hold-levels.ts";
import { chooseOffer, type Choice, type Match } from "../../rules/routing.ts";
import { reasonsFor } from "../../rules/routing-reasons.ts";
import type { WayOn } from "../../rules/take-over.ts";
import { type MarketJob, modelsOf, writesTheSame } from "./market-job.ts";
import type { BookedOffer, ProviderBook } from "./provider-book.ts";

/** An offer for a job, when it was chosen, and how its provider is to go on with what others wrote. */
export type Found = { type: "offer"; choice: Choice<BookedOffer>; way: WayOn | null; at: number };

type NoOffer = Exclude<Match<BookedOffer>, { type: "offer" }>;

/** Chooses among the offers that the job was held for, whatever has become of it since. */
export function matchOf(job: MarketJob, book: ProviderBook): Found | NoOffer {
  const now = Date.now();
  const offers = book.offersOf(modelsOf(job)).filter((offer) => isWithin(job.level, job.consumer, offer));
  if (job.ways === null) {
    const match = chooseOffer(job.needs, offers, now, seed());
    return match.type === "offer" ? { type: "offer", choice: match, way: null, at: now } : match;
  }
  let other: NoOffer = { type: "none", unmet: { demand: "untried" } };
  for (const way of job.ways) {
    const able = way.way === "regenerate" ? offers.filter((offer) => writesTheSame(job, offer)) : offers;
    const needs = { ...job.needs, features: [...job.needs.features, way.feature] };
    const match = chooseOffer(needs, able, now, seed());
    if (match.type === "offer") return { type: "offer", choice: match, way, at: now };
    if (match.type === "busy") other = match;
  }
  return other;
}

/**
 * Why this one was chosen, for who asked: told of a job's first choice, by how things stood at that moment.
 * @param before the choice by which it was held for, if this is when it begins
 * @returns `ChoiceReasons` as JSON
 */
export function reasonsOf(
  { needs, level, consumer }: MarketJob,
  book: ProviderBook,
  choice: Choice<BookedOffer>,
  before: Choice<BookedOffer> | null,
  now: number,
): string {
  const offers = book.offersOf(needs.models);
  const isHeldFor = (offer: BookedOffer): boolean => isWithin(level, consumer, offer);
  return JSON.stringify(reasonsFor({ needs, offers, isHeldFor, choice, before, now }));
}

/** What chance is made of; 32 bits. */
export const seed = (): number => Math.floor(Math.random() * 2 ** 32);
