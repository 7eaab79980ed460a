import * as v from "valibot";

/**
 * Money is counted in whole nano-credits, so that no sum ever depends on how a fraction was rounded. People read and type
 * credits, as decimal texts; the way between the two is exact and knows no floating point.
 */
export const NANO_PER_CREDIT = 1_000_000_000;

/** What a price is for: so many tokens. */
export const TOKENS_PER_PRICE = 1_000_000;

/** As many as NANO_PER_CREDIT has zeros. */
const DECIMALS = 9;

/** As many more as TOKENS_PER_PRICE has. */
const TOKEN_DECIMALS = 15;

/** An amount in nano-credits: at most 9,007,199 credits and a little, the safe integers of JavaScript. */
export const Nano = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export type Nano = v.InferOutput<typeof Nano>;

/** What moves: out of an account below zero, into it above. */
export const NanoChange = v.pipe(v.number(), v.safeInteger());
export type NanoChange = v.InferOutput<typeof NanoChange>;

/** One credit a token. Dearer is a slip, and would take the worst case of a long request beyond safe integers. */
export const MAX_PRICE = NANO_PER_CREDIT * TOKENS_PER_PRICE;

/** Nano-credits per million tokens; typed and shown as credits per million. */
export const NanoPrice = v.pipe(Nano, v.maxValue(MAX_PRICE, "at most 1000000 credits per million tokens"));
export type NanoPrice = v.InferOutput<typeof NanoPrice>;

/** What an offer costs. `cachedPrompt` is for those tokens of the prompt that the engine still had from before. */
export const Prices = v.object({ prompt: NanoPrice, cachedPrompt: NanoPrice, completion: NanoPrice });
export type Prices = v.InferOutput<typeof Prices>;

/** An amount of credits as people type it (`0.25`), read as nano-credits. */
export const Credits = v.pipe(
  v.string(),
  v.maxLength(40, "at most 40 characters"),
  v.regex(/^\d+(\.\d{1,9})?$/, "not an amount of credits such as 12 or 0.25, with at most 9 decimals"),
  v.transform((text) => {
    const [whole = "", decimals = ""] = text.split(".");
    return Number(BigInt(whole + decimals.padEnd(DECIMALS, "0")));
  }),
  v.maxValue(Number.MAX_SAFE_INTEGER, `at most ${formatCredits(Number.MAX_SAFE_INTEGER)} credits`),
);

/**
 * The nano-credits of an amount of credits: 250000000 for `0.25`.
 *
 * @throws RangeError when the text is no such amount, with more than 9 decimals, or beyond safe integers
 */
export function parseCredits(text: string): Nano {
  const parsed = v.safeParse(Credits, text);
  if (parsed.success) return parsed.output;
  throw new RangeError(`${JSON.stringify(text)}: ${parsed.issues[0].message}`);
}

/**
 * The amount of credits as the shortest text: `0.25` for 250000000, `-1` for -1000000000.
 *
 * @param nano a safe integer
 * @throws RangeError for anything else
 */
export function formatCredits(nano: NanoChange): string {
  if (!Number.isSafeInteger(nano)) throw new RangeError(`${nano} is not a whole number of nano-credits.`);
  return `${nano < 0 ? "-" : ""}${decimalText(Math.abs(nano), DECIMALS)}`;
}

/** The credits for one token, exactly and without an exponent: `0.0000004` for 400000000, 0.4 credits per million tokens. */
export const formatTokenPrice = (price: NanoPrice): string => decimalText(price, TOKEN_DECIMALS);

/** A whole number of the last decimal, as the shortest text. */
function decimalText(count: number, places: number): string {
  const digits = String(count).padStart(places + 1, "0");
  const decimals = digits.slice(-places).replace(/0+$/, "");
  const whole = digits.slice(0, -places);
  return decimals === "" ? whole : `${whole}.${decimals}`;
}
