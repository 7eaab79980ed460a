import type { ProviderWishes } from "../protocol/provider-wishes.ts";
import type { Asked } from "./asked.ts";
import type { JobNeeds, Preferences } from "./matching.ts";
import { isQuantisedAs } from "./quantisation.ts";

/**
 * Wishes of an account, of one of its keys, and of a request. Of preferences the most specific holds. Demands can only be
 * narrowed: whatever a request says, it is served by nobody whom its key or its account does not allow.
 */
export interface WishLevels {
  account: ProviderWishes;
  key: ProviderWishes;
  request: ProviderWishes;
}

/** The wishes that hold for a request. */
export const mergedWishes = ({ account, key, request }: WishLevels): ProviderWishes =>
  narrowed(narrowed(asDemands(account), asDemands(key)), asDemands(request));

/**
 * An `order` with nobody after it allows nobody else. That is a demand, and holds though somebody more specific has an order of
 * his own.
 */
export function asDemands(wishes: ProviderWishes): ProviderWishes {
  const { order = [], only, allow_fallbacks: allowFallbacks } = wishes;
  if (order.length === 0 || allowFallbacks !== false) return wishes;
  return { ...wishes, only: both(only, order, inBoth) };
}

/** Wishes whose demands are those of `broad` and of `narrow`, and whose preferences are those of `narrow` as far as it has any. */
export function narrowed(broad: ProviderWishes, narrow: ProviderWishes): ProviderWishes {
  const wishes: ProviderWishes = {
    order: narrow.order ?? broad.order,
    sort: narrow.sort ?? broad.sort,
    preferred_min_throughput: narrow.preferred_min_throughput ?? broad.preferred_min_throughput,
    preferred_max_latency: narrow.preferred_max_latency ?? broad.preferred_max_latency,
    only: both(broad.only, narrow.only, inBoth),
    ignore: both(broad.ignore, narrow.ignore, (a, b) => [...new Set([...a, ...b])]),
    quantizations: both(broad.quantizations, narrow.quantizations, quantisedAsBoth),
    max_price: both(broad.max_price, narrow.max_price, (a, b) => ({
      prompt: both(a.prompt, b.prompt, Math.min),
      completion: both(a.completion, b.completion, Math.min),
    })),
    min_tokens_per_second: both(broad.min_tokens_per_second, narrow.min_tokens_per_second, Math.max),
    require_parameters: both(broad.require_parameters, narrow.require_parameters, (a, b) => a || b),
    allow_fallbacks: both(broad.allow_fallbacks, narrow.allow_fallbacks, (a, b) => a && b),
    verified: narrow.verified ?? broad.verified,
  };
  return wishes;
}

/** What is demanded by one of the two, or both made one. */
function both<T>(a: T | undefined, b: T | undefined, joined: (a: T, b: T) => T): T | undefined {
  return a === undefined ? b : b === undefined ? a : joined(a, b);
}

const inBoth = (a: readonly string[], b: readonly string[]): string[] => a.filter((name) => b.includes(name));

/** A name is within the family that it belongs to. */
function quantisedAsBoth(a: readonly string[], b: readonly string[]): string[] {
  const within = [
    ...a.filter((name) => isQuantisedAs(name, b)),
    ...b.filter((name) => isQuantisedAs(name, a)),
  ];
  return [...new Set(within.map((name) => name.toLowerCase()))];
}

/** What is asked, with these wishes in the place of the request's own. */
export const askedBy = <A extends Asked>(asked: A, provider: ProviderWishes): A => ({
  ...asked,
  request: { ...asked.request, provider },
});

/** What a job asks of an offer, and prefers, by these wishes. */
export const wishedNeeds = (wishes: ProviderWishes) =>
  ({
    quantisations: wishes.quantizations ?? null,
    priceCaps: {
      prompt: wishes.max_price?.prompt ?? null,
      completion: wishes.max_price?.completion ?? null,
    },
    minTokensPerSecond: wishes.min_tokens_per_second ?? null,
    only: wishes.only ?? null,
    ignore: wishes.ignore ?? [],
    allowFallbacks: wishes.allow_fallbacks ?? true,
    preferences: {
      order: wishes.order ?? [],
      sort: wishes.sort ?? null,
      minTokensPerSecond: wishes.preferred_min_throughput ?? null,
      maxFirstTokenMs:
        wishes.preferred_max_latency === undefined ? null : 1000 * wishes.preferred_max_latency,
    },
  }) satisfies Partial<Omit<JobNeeds, "preferences">> & { preferences: Omit<Preferences, "servedBefore"> };

/** The wishes that mean something where nothing is written: none about tokens per second, or about the answer's price. */
export function withoutWriting({
  min_tokens_per_second: _least,
  preferred_min_throughput: _preferred,
  max_price: caps,
  ...rest
}: ProviderWishes): ProviderWishes {
  return { ...rest, ...(caps?.prompt === undefined ? {} : { max_price: { prompt: caps.prompt } }) };
}

/** Whose wishes leave nobody: one's own, or those of the key and its account together, or only all of them together. */
export type Wisher = "request" | "key" | "account" | "key_and_account" | "all";

/**
 * Who is to be named where the wishes of all together leave nobody. What already comes of the request's own is the request's.
 *
 * @param leavesNobody whether these wishes do, by the same demand
 */
export function wisherOf(levels: WishLevels, leavesNobody: (wishes: ProviderWishes) => boolean): Wisher {
  const { account, key, request } = levels;
  if (leavesNobody(request)) return "request";
  if (leavesNobody(key)) return "key";
  if (leavesNobody(account)) return "account";
  return leavesNobody(mergedWishes({ account, key, request: {} })) ? "key_and_account" : "all";
}

/** As a part of a sentence. */
export const wisherText: Readonly<Record<Exclude<Wisher, "request">, string>> = {
  key: "by the wishes of this API key",
  account: "by the wishes of this API key's account",
  key_and_account: "by the wishes of this API key and of its account",
  all: "by the wishes of this API key, or of its account, and of the request together",
};
