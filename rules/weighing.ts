import { firstTokenMs } from "./first-token-estimate.ts";
import { expectedTokens, type JobNeeds, type LiveOffer, loadOf, roughCost } from "./matching.ts";
import { tokensPerSecond } from "./speed-estimate.ts";
import { successRate } from "./success-rate.ts";

/** By how much an offer may be worse than the best and still get a share of the jobs. */
export const AS_GOOD = 1.25;

/** How soon a share shrinks: an offer that is a tenth worse than another gets three quarters of what that gets. */
const STEEPNESS = 3;

/** An answer that takes four times as long is as bad as one that costs twice as much. */
const TIME = 0.5;

/** An answer that fails is asked for again, and its consumer waited in vain. */
const SUCCESS = 2;

/** As bad as costing that much more: the prompt may turn out too long, and another is asked then. */
const TIGHT = 1.5;

/** An offer that may be chosen, as likely as its weight is. */
export interface Candidate<O> {
  offer: O;
  weight: number;
}

/**
 * The best offers for a job, all things weighed. How bad one is, is a product, as prices and times differ by factors:
 *
 *     price / cheapest × √(time / shortest) × (1 + load) / success² × 1.5 where the longest prompt would not fit
 *
 * Price and time are what is expected of this very job: a time to the first token that grows with its prompt, and its usual
 * answer at the offer's tokens per second. What was not measured of an offer is taken for the median of the others. Load is the
 * share of slots that are busy, success the share of jobs that is expected to succeed.
 *
 * In the running are those that are at most a quarter worse than the best; their weights fall by the third power. So a dear or
 * slow one gets jobs when the better ones have become busy, and none before.
 */
export function inTheRunning<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
): Candidate<O>[] {
  const costs = offers.map((offer) => roughCost(needs, offer));
  const times = expectedTimes(needs, offers, now);
  const cheapest = least(costs);
  const shortest = least(times);
  const longest = needs.prompt.atMost + (needs.completion.max ?? 1);
  const badness = offers.map((offer, index) => {
    const price = ratio(costs[index] ?? 0, cheapest);
    const time = ratio(times[index] ?? 0, shortest) ** TIME;
    const load = 1 + loadOf(offer);
    const room = longest <= offer.contextTokens ? 1 : TIGHT;
    return (price * time * load * room) / successRate(offer.success, now) ** SUCCESS;
  });
  const best = least(badness);
  return offers.flatMap((offer, index) => {
    const worse = (badness[index] ?? Infinity) / best;
    return worse <= AS_GOOD ? [{ offer, weight: worse ** -STEEPNESS }] : [];
  });
}

/** Of what costs nothing nothing else is a multiple. */
const ratio = (value: number, smallest: number): number =>
  smallest > 0 ? value / smallest : value > 0 ? Infinity : 1;

/** In milliseconds, from when a provider is sent the job until it has written its answer. */
function expectedTimes(needs: JobNeeds, offers: readonly LiveOffer[], now: number): number[] {
  const begins = supplied(
    offers.map(({ firstToken }) => firstTokenMs(firstToken, needs.prompt.expected, now)),
    0,
  );
  const speeds = supplied(
    offers.map(({ speed }) => tokensPerSecond(speed, now)),
    1,
  );
  return offers.map(
    (offer, index) => (begins[index] ?? 0) + (1000 * expectedTokens(needs, offer)) / (speeds[index] ?? 1),
  );
}

/** What is not known is supplied by the median of what is, or by `otherwise` where nothing is. */
function supplied(values: readonly (number | null)[], otherwise: number): number[] {
  if (!values.includes(null)) return values.flatMap((value) => value ?? []);
  const known = values.flatMap((value) => value ?? []).toSorted((a, b) => a - b);
  const median = known[Math.floor(known.length / 2)] ?? otherwise;
  return values.map((value) => value ?? median);
}

const least = (values: readonly number[]): number =>
  values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
