import type { Nano, Prices } from "../protocol/money.ts";
import { type JobNeeds, leastBy, type LiveOffer } from "./matching.ts";
import { dearestOf, type TokenBounds, worstCostOf } from "./price.ts";

/** Providers that may take over a job cost at most so many times as much as the one that was chosen, in the worst case. */
const HEADROOM = 2;

/** So much is held, and only offers within these prices serve the job. */
export interface HoldLevel {
  ceiling: Prices;
  nano: Nano;
}

type Priced = Pick<LiveOffer, "provider" | "owner" | "prices">;

const FREE: Prices = { prompt: 0, cachedPrompt: 0, completion: 0 };

/**
 * How much to hold for a job before it is dispatched, the best first; the next where the consumer has not that much:
 *
 * 1. the worst case at the chosen offer, and at those beside it that could take over: those that cost up to twice as much, and
 *    those that the request names in its order, whatever they cost. Where nobody may take over, this is left out
 * 2. the worst case at the chosen offer alone
 * 3. the worst case at the cheapest of all that suit: the job may have to wait for it
 *
 * The consumer's own providers cost nothing.
 *
 * @param chosen the offer that is to serve the job, or would, had it a slot free
 * @param suiting all that meet the job's demands, `chosen` among them
 */
export function holdLevels<O extends Priced>(
  { consumer, allowFallbacks, preferences }: Pick<JobNeeds, "consumer" | "allowFallbacks" | "preferences">,
  bounds: TokenBounds,
  chosen: O,
  suiting: readonly O[],
): HoldLevel[] {
  const pricesOf = (offer: O): Prices => (offer.owner === consumer ? FREE : offer.prices);
  const levelOf = (offers: readonly O[]): HoldLevel => {
    const ceiling = dearestOf(offers.map(pricesOf));
    return { ceiling, nano: worstCostOf(bounds, ceiling) };
  };
  const roughly = (offer: O): number => roughWorst(bounds, pricesOf(offer));
  const most = roughly(chosen) * HEADROOM;
  const others = suiting.filter(
    (offer) => roughly(offer) <= most || preferences.order.includes(offer.provider),
  );
  const [cheapest = chosen] = leastBy(suiting, roughly);
  const alone = [levelOf([chosen]), levelOf([cheapest])];
  const levels = allowFallbacks ? [levelOf([chosen, ...others]), ...alone] : alone;
  return levels.filter(({ nano }, index) => index === 0 || nano < (levels[index - 1]?.nano ?? 0));
}

/** What is held, before any rounding and to 53 bits: enough to compare offers by. */
function roughWorst({ promptTokens, maxTokens }: TokenBounds, prices: Prices): number {
  return promptTokens * Math.max(prices.prompt, prices.cachedPrompt) + maxTokens * prices.completion;
}

/** Whether an offer may serve a job for which this level is held. */
export function isWithin(
  { ceiling }: HoldLevel,
  consumer: string,
  { owner, prices }: Pick<Priced, "owner" | "prices">,
): boolean {
  if (owner === consumer) return true;
  return (
    prices.prompt <= ceiling.prompt &&
    prices.cachedPrompt <= ceiling.cachedPrompt &&
    prices.completion <= ceiling.completion
  );
}
