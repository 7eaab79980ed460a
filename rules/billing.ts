import type { Nano, Prices } from "../protocol/money.ts";
import { exactCost, feeOf, nano, roundedUp, type TokenBounds, type TokenUsage } from "./price.ts";

/** What one provider did for a job. A job has several parts where another provider went on. */
export interface Part {
  /** The account that owns the provider. */
  provider: string;
  /** Of the offer, as they were when the job was dispatched. */
  prices: Prices;
  /** The sum of `tokenCount` over the deltas that reached the consumer. */
  deliveredTokens: number;
  /** The bytes of UTF-8 of all that they say. */
  deliveredBytes: number;
  /** What the provider says it did; null where it told nothing. */
  claimed: Claim | null;
}

/** A provider tells of the prompt before it begins, and of the answer when it is done: null if it broke off before. */
export interface Claim extends Omit<TokenUsage, "completionTokens"> {
  completionTokens: number | null;
}

export interface Work {
  /** The account that pays. */
  consumer: string;
  bounds: TokenBounds;
  heldNano: Nano;
  /** The platform's share, in hundredths of a percent. */
  feeBasisPoints: number;
  /** In the order in which they were served. */
  parts: readonly Part[];
}

/** What is paid for a part: `costNano` = `feeNano` + `earnedNano`. */
export interface BilledPart {
  provider: string;
  usage: TokenUsage;
  costNano: Nano;
  feeNano: Nano;
  earnedNano: Nano;
}

export interface Bill {
  parts: BilledPart[];
  /** The sums over the parts. */
  usage: TokenUsage;
  costNano: Nano;
  feeNano: Nano;
}

/**
 * What a job costs and who gets it. Everybody is paid for what reached the consumer, and for nothing else:
 *
 * - The answer's tokens are counted by the relay (`countedTokens`), over all parts at most as many as the job may have. A
 *   provider is paid min(claimed, counted); what it did not say, counts as counted.
 * - The prompt is paid once, to the last part that delivered something and said how long the prompt was, up to the bound.
 *   Whoever delivers nothing is paid nothing. What a job delivers that may have no tokens is vectors.
 * - A consumer's own provider serves free of charge.
 * - The exact costs are added up and rounded up once; a part costs what the rounded sum grows by it, so that the parts are
 *   the whole to the nano-credit. More than what is held is never paid, whatever went wrong before.
 *
 * @throws RangeError when a number is not whole or is negative
 */
export function billJob({ consumer, bounds, heldNano, feeBasisPoints, parts }: Work): Bill {
  const usages = usagesOf(parts, bounds);
  let exact = 0n;
  let paid = 0n;
  const billed = parts.map((part, index): BilledPart => {
    const usage = usages[index] ?? NOTHING;
    if (part.provider !== consumer) exact += exactCost(usage, part.prices);
    const whole = least(roundedUp(exact), BigInt(heldNano));
    const costNano = nano(whole - paid);
    paid = whole;
    const feeNano = feeOf(costNano, feeBasisPoints);
    return { provider: part.provider, usage, costNano, feeNano, earnedNano: costNano - feeNano };
  });
  const sum = (of: (part: BilledPart) => number): number =>
    nano(billed.reduce((all, part) => all + BigInt(of(part)), 0n));
  return {
    parts: billed,
    usage: {
      promptTokens: sum(({ usage }) => usage.promptTokens),
      cachedPromptTokens: sum(({ usage }) => usage.cachedPromptTokens),
      completionTokens: sum(({ usage }) => usage.completionTokens),
    },
    costNano: nano(paid),
    feeNano: sum(({ feeNano }) => feeNano),
  };
}

/**
 * How many tokens a provider delivered, as far as that can be seen from outside: what it says with each delta, but no more
 * than the bytes that arrived, since a token of text has a byte at least, and no more than were asked for.
 */
export function countedTokens(
  { deliveredTokens, deliveredBytes }: Pick<Part, "deliveredTokens" | "deliveredBytes">,
  maxTokens: number,
): number {
  return Math.min(deliveredTokens, deliveredBytes, maxTokens);
}

const NOTHING: TokenUsage = { promptTokens: 0, cachedPromptTokens: 0, completionTokens: 0 };

function usagesOf(parts: readonly Part[], { promptTokens, maxTokens }: TokenBounds): TokenUsage[] {
  let left = maxTokens;
  const usages = parts.map((part) => {
    const counted = countedTokens(part, left);
    left -= counted;
    const completionTokens = Math.min(counted, part.claimed?.completionTokens ?? counted);
    const delivered = maxTokens === 0 ? part.deliveredBytes : counted;
    return { usage: { ...NOTHING, completionTokens }, delivered, claimed: part.claimed };
  });
  const reader = usages.findLast(({ delivered, claimed }) => delivered > 0 && claimed !== null);
  if (reader?.claimed) {
    reader.usage.promptTokens = Math.min(reader.claimed.promptTokens, promptTokens);
    reader.usage.cachedPromptTokens = Math.min(reader.claimed.cachedPromptTokens, reader.usage.promptTokens);
  }
  return usages.map(({ usage }) => usage);
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
