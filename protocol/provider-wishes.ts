import * as v from "valibot";
import { Flag, given, listOf, numberFrom, oneOf, strictObjectOf, stringUpTo, Text } from "./chat-field.ts";
import { Credits, formatCredits, NanoPrice } from "./money.ts";

/** Credits per million tokens, as a decimal text or as a number, which is rounded to the nano-credit. */
const PriceText = v.pipe(Text, Credits, NanoPrice);
const PriceNumber = v.pipe(
  numberFrom(0, 1_000_000),
  v.transform((credits) => credits.toFixed(9)),
  PriceText,
);
const Price = v.lazy((input) => (typeof input === "string" ? PriceText : PriceNumber));

const ProviderNames = listOf(stringUpTo(100), 100);

const TokensPerSecond = numberFrom(0, 1_000_000);

/** By what offers are put in order, where not all is weighed. */
export const SortBy = oneOf("price", "throughput", "latency");
export type SortBy = v.InferOutput<typeof SortBy>;

/**
 * A request's `provider`: who may serve it, and who rather than others, in the words of OpenRouter's API ("Provider routing").
 * Providers go by their names here. Unknown wishes are refused, as somebody may rely on them.
 *
 * Demands: `only`, `ignore`, `max_price`, `quantizations`, `require_parameters`, `allow_fallbacks` and our own
 * `min_tokens_per_second`. Preferences: `order`, `sort`, `preferred_min_throughput`, `preferred_max_latency`.
 */
export const ProviderWishes = strictObjectOf({
  /** These are tried first, in this order. */
  order: given(ProviderNames),
  only: given(ProviderNames),
  ignore: given(ProviderNames),
  sort: given(SortBy),
  /** In credits per million tokens; read as nano-credits. */
  max_price: given(strictObjectOf({ prompt: given(Price), completion: given(Price) })),
  /** As the offer names it (`Q4_K_M`), or by family (`int4`): `rules/quantisation.ts`. */
  quantizations: given(
    v.pipe(listOf(stringUpTo(40), 20), v.minLength(1, "must name at least one quantisation")),
  ),
  /** Nothing that the request asks for may be without effect. */
  require_parameters: given(Flag),
  /** False: nobody takes over from the provider that was chosen, or from the first of `order` that suits. */
  allow_fallbacks: given(Flag),
  /** Tokens per second. */
  preferred_min_throughput: given(TokensPerSecond),
  /** Seconds to the first token. */
  preferred_max_latency: given(numberFrom(0, 1_000_000)),
  verified: given(v.literal(false, "can't be true: no provider's model is verified here yet")),
  min_tokens_per_second: given(TokensPerSecond),
});
export type ProviderWishes = v.InferOutput<typeof ProviderWishes>;

/** Wishes in the words in which they were sent, with prices in credits: kept and shown so, and read again by the schema. */
export const writtenWishes = ({ max_price: price, ...wishes }: ProviderWishes): Record<string, unknown> => ({
  ...wishes,
  ...(price && {
    max_price: {
      ...(price.prompt !== undefined && { prompt: formatCredits(price.prompt) }),
      ...(price.completion !== undefined && { completion: formatCredits(price.completion) }),
    },
  }),
});
