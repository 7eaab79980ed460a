import { MAX_PRICE, TOKENS_PER_PRICE, type Nano, type Prices } from "../protocol/money.ts";

/**
 * What tokens cost. Everything is whole nano-credits, computed in big integers, so that nothing is lost or overflows unseen;
 * what leaves is a safe integer, or a RangeError says that it would not be one.
 */

/** Tokens that somebody pays for; those from the cache are part of the prompt's. */
export interface TokenUsage {
  promptTokens: number;
  cachedPromptTokens: number;
  completionTokens: number;
}

/** The most that a job can need: an upper bound of its prompt (`prompt-bound.ts`), and the most that it may answer. */
export interface TokenBounds {
  promptTokens: number;
  maxTokens: number;
}

/** 100 % in basis points. */
export const WHOLE_IN_BASIS_POINTS = 10_000;

/**
 * The exact cost, in millionths of a nano-credit: prices are per million tokens, so nothing has to be rounded yet.
 *
 * @throws RangeError when tokens are not whole, are negative, or more come from the cache than the prompt has
 */
export function exactCost(usage: TokenUsage, prices: Prices): bigint {
  const { promptTokens, cachedPromptTokens, completionTokens } = usage;
  if (cachedPromptTokens > promptTokens) {
    throw new RangeError(
      `${cachedPromptTokens} tokens from the cache are more than the prompt's ${promptTokens}.`,
    );
  }
  return (
    (count(promptTokens) - count(cachedPromptTokens)) * price(prices.prompt) +
    count(cachedPromptTokens) * price(prices.cachedPrompt) +
    count(completionTokens) * price(prices.completion)
  );
}

/** An exact cost as whole nano-credits, rounded up: what is worth something never costs nothing. */
export function roundedUp(exact: bigint): bigint {
  const unit = BigInt(TOKENS_PER_PRICE);
  return (exact + unit - 1n) / unit;
}

/** What `usage` costs at these prices, rounded up once over the sum. Errors as `exactCost`. */
export function costOf(usage: TokenUsage, prices: Prices): Nano {
  return nano(roundedUp(exactCost(usage, prices)));
}

/**
 * The most that a job can cost, which is held before it is dispatched: whatever the engine says of its cache, and for
 * every usage within the bounds. `prices` are the dearest at which it may be served (`dearestOf`).
 */
export function worstCostOf({ promptTokens, maxTokens }: TokenBounds, prices: Prices): Nano {
  const dearer = Math.max(prices.prompt, prices.cachedPrompt);
  return costOf(
    { promptTokens, cachedPromptTokens: 0, completionTokens: maxTokens },
    { ...prices, prompt: dearer, cachedPrompt: dearer },
  );
}

/**
 * Prices that none of these offers exceeds in anything: several of them may serve one job, each a part.
 *
 * @param offers - at least one
 */
export function dearestOf(offers: readonly Prices[]): Prices {
  if (offers.length === 0) throw new RangeError("There is no offer to take prices from.");
  const most = (kind: keyof Prices): number => Math.max(...offers.map((offer) => offer[kind]));
  return { prompt: most("prompt"), cachedPrompt: most("cachedPrompt"), completion: most("completion") };
}

/**
 * The platform's share of a cost, rounded down: a fee is never more than was announced, and the provider gets the rest.
 *
 * @param basisPoints - hundredths of a percent, 0 to 10,000
 */
export function feeOf(costNano: Nano, basisPoints: number): Nano {
  if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > WHOLE_IN_BASIS_POINTS) {
    throw new RangeError(
      `A fee of ${basisPoints} basis points is not between 0 and ${WHOLE_IN_BASIS_POINTS}.`,
    );
  }
  return nano((count(costNano) * BigInt(basisPoints)) / BigInt(WHOLE_IN_BASIS_POINTS));
}

/**
 * A sum as a number again.
 *
 * @throws RangeError beyond the safe integers
 */
export function nano(amount: bigint): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${amount} nano-credits are beyond safe integers.`);
  return number;
}

function count(whole: number): bigint {
  if (!Number.isSafeInteger(whole) || whole < 0)
    throw new RangeError(`${whole} is not a whole number from 0 on.`);
  return BigInt(whole);
}

function price(value: number): bigint {
  if (value > MAX_PRICE)
    throw new RangeError(`${value} nano-credits per million tokens are more than a price may be.`);
  return count(value);
}
