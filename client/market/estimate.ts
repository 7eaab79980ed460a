import type { Prices } from "../../protocol/money.ts";
import { holdLevels } from "../../rules/hold-levels.ts";
import { percentile } from "../../rules/percentile.ts";
import { costOf } from "../../rules/price.ts";
import { promptBound } from "../../rules/prompt-bound.ts";

/** A request that somebody thinks of. */
export interface Imagined {
  prompt: { expected: number; atMost: number };
  maxTokens: number;
}

/** So many bytes of the usual text are a token, as the market expects it, too. */
const BYTES_PER_TOKEN = 4;

/** A prompt of one message with this text: what is expected of it, and the most that it can be. */
export function promptOfText(text: string): Imagined["prompt"] {
  const atMost = promptBound([{ role: "user", content: text }]);
  return { expected: Math.ceil(atMost / BYTES_PER_TOKEN), atMost };
}

/** A prompt of so many tokens, of the usual text: what the site would take for the most that it can be. */
export function promptOfTokens(tokens: number): Imagined["prompt"] {
  return {
    expected: tokens,
    atMost: promptBound([{ role: "user", content: "" }]) + tokens * BYTES_PER_TOKEN,
  };
}

interface Offered {
  provider: string;
  prices: Prices;
  contextTokens: number;
  maxOutputTokens: number;
}

/** What a request would cost at one offer: with its longest answer, and what is set aside until it has ended. */
export interface Estimate<Offer> {
  offer: Offer;
  costNano: number;
  heldNano: number;
}

export interface Estimates<Offer> {
  /** The cheapest first, of those that have room for it. */
  each: Estimate<Offer>[];
  /** The cheaper half's dearest. */
  median: Estimate<Offer> | null;
}

/** Somebody who has no providers and no wishes. */
const whoever: Parameters<typeof holdLevels>[0] = {
  consumer: "",
  allowFallbacks: true,
  preferences: {
    order: [],
    sort: null,
    minTokensPerSecond: null,
    maxFirstTokenMs: null,
    servedBefore: null,
  },
};

/** What a request would cost whoever has no providers. Offers that have no room for it are left out. */
export function estimate<Offer extends Offered>(
  { prompt, maxTokens }: Imagined,
  offers: readonly Offer[],
): Estimates<Offer> {
  const fitting = offers
    .filter(
      (offer) => maxTokens <= offer.maxOutputTokens && prompt.expected + maxTokens <= offer.contextTokens,
    )
    .map((offer) => ({ ...offer, owner: offer.provider, offer }));
  const usage = { promptTokens: prompt.expected, cachedPromptTokens: 0, completionTokens: maxTokens };
  const bounds = { promptTokens: prompt.atMost, maxTokens };
  const each = fitting
    .map((chosen) => ({
      offer: chosen.offer,
      costNano: costOf(usage, chosen.prices),
      heldNano: holdLevels(whoever, bounds, chosen, fitting)[0]?.nano ?? 0,
    }))
    .toSorted((a, b) => a.costNano - b.costNano);
  const middle = percentile(
    each.map(({ costNano }) => costNano),
    0.5,
  );
  return { each, median: each.findLast(({ costNano }) => costNano === middle) ?? null };
}

/** A whole number as people type it, within bounds; null for anything else. */
export function wholeNumber(text: string, atMost: number): number | null {
  const found = /^\s*(\d{1,9})\s*$/.exec(text)?.[1];
  const value = found === undefined ? null : Number(found);
  return value === null || value > atMost ? null : value;
}
