import type { Nano, Prices } from "../protocol/money.ts";
import type { LiveOffer } from "./matching.ts";
import { dearestOf, type TokenBounds, worstCostOf } from "./price.ts";

/** Providers that may take over a job cost at most so many times as much as the one that was chosen, in the worst case. */
const HEADROOM = 2;

/** So much is held, and only offers within these prices serve the job. */
export interface HoldLevel {
  ceiling: Prices;
  nano: Nano;
}

type Priced = Pick<LiveOffer, "owner" | "prices">;

const FREE: Prices = { prompt: 0, cachedPrompt: 0, completion: 0 };

/**
 * How much to hold for a job before it is dispatched, the best first; the next where the consumer has not that much:
 *
 * 1. the worst case at the chosen offer, and at those beside it that could take over and cost up to twice as much
 * 2. the worst case at the chosen offer alone
 * 3. the worst case at the cheapest of all that suit: the job may have to wait for it
 *
 * The consumer's own providers cost nothing.
 *
 * @param chosen the offer that is to serve the job, or would, had it a slot free
 * @param suiting all that meet the job's demands, `chosen` among them
 */
export function holdLevels<O extends Priced>(
  consumer: string,
  bounds: TokenBounds,
  chosen: O,
  suiting: readonly O[],
): HoldLevel[] {
  const pricesOf = (offer: O): Prices => (offer.owner === consumer ? FREE : offer.prices);
  const levelOf = (offers: readonly O[]): HoldLevel => {
    const ceiling = dearestOf(offers.map(pricesOf));
    return { ceiling, nano: worstCostOf(bounds, ceiling) };
  };
  const alone = levelOf([chosen]);
  const near = suiting.filter((offer) => levelOf([offer]).nano <= alone.nano * HEADROOM);
  const cheapest = suiting.map((offer) => levelOf([offer])).toSorted((a, b) => a.nano - b.nano)[0] ?? alone;
  const levels = [levelOf([chosen, ...near]), alone, cheapest];
  return levels.filter(({ nano }, index) => index === 0 || nano < (levels[index - 1]?.nano ?? 0));
}

/** Whether an offer may serve a job for which this level is held. */
export function isWithin({ ceiling }: HoldLevel, consumer: string, { owner, prices }: Priced): boolean {
  if (owner === consumer) return true;
  return (
    prices.prompt <= ceiling.prompt &&
    prices.cachedPrompt <= ceiling.cachedPrompt &&
    prices.completion <= ceiling.completion
  );
}
