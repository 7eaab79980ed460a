import type { SortBy } from "../protocol/provider-wishes.ts";
import { firstTokenMs } from "./first-token-estimate.ts";
import {
  expectedCost,
  firstInOrder,
  type JobNeeds,
  leastBy,
  type LiveOffer,
  loadOf,
  roughCost,
  suitableOffers,
  type Unmet,
} from "./matching.ts";
import { seededRandom } from "./seeded-random.ts";
import { tokensPerSecond } from "./speed-estimate.ts";
import { isNew, isPoor } from "./success-rate.ts";
import { AS_GOOD, type Candidate, inTheRunning } from "./weighing.ts";

/** The share of jobs by which a provider of which little is known, or nothing good, may show what it is like. */
const EXPLORATION = 0.05;

/** As fast, or as soon, as the best, for the purpose of a choice: nobody would notice the difference. */
const AS_FAST = 0.8;

/** Which offer was chosen, and who was left after each step towards it. Each step leaves some of the one before. */
export interface Choice<O> {
  offer: O;
  /** `chance`: of the candidates, where there are several. A `trial` may be of one that some step had left out. */
  by: "order" | "conversation" | "trial" | "chance";
  steps: {
    suiting: readonly O[];
    free: readonly O[];
    /** By the request's order, which is the last step then but for the candidates. */
    named: readonly O[];
    /** Without those whose jobs failed lately. */
    sound: readonly O[];
    /** Known to meet the preferred speed and time to the first token. */
    fitting: readonly O[];
    candidates: readonly Candidate<O>[];
  };
}

export type Match<O> =
  | ({ type: "offer" } & Choice<O>)
  /** These suit, and have no slot free: the job is to wait. */
  | { type: "busy"; offers: O[] }
  | { type: "none"; unmet: Unmet };

/**
 * Which offer serves a job. Only those count that meet every demand (`suitableOffers`) and have a slot free. Then:
 *
 * 1. Who is named in `order` goes before all others, the first named first.
 * 2. A provider whose jobs failed lately is passed over while another can take the job now.
 * 3. Those that are known to meet the preferred speed and time to the first token go before those that don't.
 * 4. Without `sort` everything is weighed: the job's price, the time that it takes, success and load (`inTheRunning`). The
 *    best one and those nearly as good share the jobs, the better ones more of them.
 * 5. With `sort` the best by that alone goes first. By price: the cheapest for this very job, to the last fraction of a
 *    nano-credit; of equally cheap ones, those where it fits though its prompt be the longest, then those about as fast as the
 *    fastest. By throughput or latency: those about as good as the best that was measured, then the cheapest. Last, those with
 *    the fewest jobs per slot; then each provider has the same chance.
 * 6. The next request of a conversation goes to the provider and the model that served it before, if they are among those that
 *    4 or 5 leaves.
 * 7. Of all others, one in twenty goes to a provider whose jobs failed lately, or, unless it is sorted by price, of which few
 *    were seen, so that none is starved. Nobody pays for another's trial: it costs no more than what would be chosen otherwise.
 *    Only a newcomer may, where everything is weighed, cost a quarter more, as much as may be between those that share.
 *
 * To its owner a provider costs nothing.
 *
 * @param now milliseconds of the clock that estimates and records go by
 * @param seed any 32-bit integer; the same job, offers (in whatever order), time and seed give the same choice
 */
export function chooseOffer<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
  seed: number,
): Match<O> {
  const suiting = suitableOffers(needs, offers, now);
  return Array.isArray(suiting) ? chooseOf(needs, suiting, now, seed) : { type: "none", unmet: suiting };
}

/** The same of offers of which it is known that they meet every demand. */
export function chooseOf<O extends LiveOffer>(
  needs: JobNeeds,
  suiting: readonly O[],
  now: number,
  seed: number,
): Exclude<Match<O>, { type: "none" }> {
  const free = suiting.filter(({ slots }) => slots.busy < slots.total);
  if (free.length === 0) return { type: "busy", offers: [...suiting] };
  const { offer, by, steps } = choiceOf(needs, free, now, seed);
  return { type: "offer", offer, by, steps: { ...steps, suiting } };
}

/**
 * The one that a job would go to, had all of these a slot free.
 * @param offers at least one
 */
export const preferredOf = <O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
  seed: number,
): O => choiceOf(needs, offers, now, seed).offer;

function choiceOf<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
  seed: number,
): Choice<O> {
  const random = seededRandom(seed);
  const explores = random() < EXPLORATION;
  const chance = random();
  const chanceOfTrial = random();
  const { order, servedBefore } = needs.preferences;
  const named = order.length > 0 ? firstInOrder(order, offers) : [];
  const all = { suiting: offers, free: offers, named: offers };
  if (named.length > 0) {
    const candidates = candidatesOf(needs, named, now);
    const steps = { ...all, named, sound: named, fitting: named, candidates };
    return { offer: pick(candidates, chance), by: "order", steps };
  }

  const sound = orAll(offers, ({ success }) => !isPoor(success, now));
  const fitting = orAll(sound, (offer) => meetsPreferences(needs, offer, now));
  const candidates = candidatesOf(needs, fitting, now);
  const steps = { ...all, sound, fitting, candidates };
  const again = candidates.filter(
    ({ offer }) => offer.provider === servedBefore?.provider && offer.model === servedBefore.model,
  );
  if (again.length > 0) return { offer: pick(again, chance), by: "conversation", steps };
  const chosen = pick(candidates, chance);
  if (!explores) return { offer: chosen, by: "chance", steps };
  const isFitting = sound.some((offer) => meetsPreferences(needs, offer, now));
  const others = isFitting ? offers.filter((offer) => meetsPreferences(needs, offer, now)) : offers;
  const trials = worthTrying(needs, others, chosen, now);
  return trials.length > 0
    ? { offer: pick(equally(trials), chanceOfTrial), by: "trial", steps }
    : { offer: chosen, by: "chance", steps };
}

/** Those of which it holds, or all where it holds of none. */
function orAll<O>(offers: readonly O[], holds: (offer: O) => boolean): readonly O[] {
  const those = offers.filter(holds);
  return those.length > 0 ? those : offers;
}

/** What was not measured is not known to. */
function meetsPreferences({ prompt, preferences }: JobNeeds, offer: LiveOffer, now: number): boolean {
  const { minTokensPerSecond: least, maxFirstTokenMs: most } = preferences;
  return (
    (least === null || (tokensPerSecond(offer.speed, now) ?? 0) >= least) &&
    (most === null || (firstTokenMs(offer.firstToken, prompt.expected, now) ?? Infinity) <= most)
  );
}

/** Those among which chance decides. */
function candidatesOf<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
): Candidate<O>[] {
  const { sort } = needs.preferences;
  if (sort === null) return inTheRunning(needs, offers, now);
  return equally(
    leastBy(sort === "price" ? cheapest(needs, offers, now) : quickest(needs, offers, now, sort), loadOf),
  );
}

function cheapest<O extends LiveOffer>(needs: JobNeeds, offers: readonly O[], now: number): O[] {
  const longest = needs.prompt.atMost + (needs.completion.max ?? 1);
  const cheap = leastBy(offers, (offer) => expectedCost(needs, offer));
  const roomy = leastBy(cheap, ({ contextTokens }) => (longest <= contextTokens ? 0 : 1));
  // What was never measured gets its turn: it is taken for as fast.
  return fast(roomy, ({ speed }) => tokensPerSecond(speed, now) ?? Infinity);
}

/** What was never measured comes after all that was: it is tried by who does not ask for this. */
function quickest<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
  sort: Exclude<SortBy, "price">,
): O[] {
  const quick = fast(offers, ({ speed, firstToken }) =>
    sort === "throughput"
      ? (tokensPerSecond(speed, now) ?? 0)
      : 1 / (firstTokenMs(firstToken, needs.prompt.expected, now) ?? Infinity),
  );
  return leastBy(quick, (offer) => expectedCost(needs, offer));
}

/** Those about as fast as the fastest of which it is known how fast it is; an infinite speed is as fast as any. */
function fast<O>(offers: readonly O[], speed: (offer: O) => number): O[] {
  const speeds = offers.map(speed);
  const fastest = Math.max(0, ...speeds.filter(Number.isFinite));
  return offers.filter((_, index) => (speeds[index] ?? 0) >= fastest * AS_FAST);
}

/** Those of which nothing good is known, or little, that one job in twenty may go to instead of the chosen one. */
function worthTrying<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  chosen: O,
  now: number,
): O[] {
  const { sort } = needs.preferences;
  const cost = roughCost(needs, chosen);
  const most = sort === null ? cost * AS_GOOD : cost;
  return offers.filter((offer) => {
    if (offer.provider === chosen.provider) return false;
    if (isPoor(offer.success, now)) return roughCost(needs, offer) <= cost;
    // By price there is nothing to be learned of a newcomer.
    if (sort === "price" || !isNew(offer.success, now)) return false;
    return roughCost(needs, offer) <= most;
  });
}

const equally = <O>(offers: readonly O[]): Candidate<O>[] => offers.map((offer) => ({ offer, weight: 1 }));

/** One offer of one of the providers, each as likely as the weight of its best; chance is from 0 up to, but not including, 1. */
function pick<O extends LiveOffer>(candidates: readonly Candidate<O>[], chance: number): O {
  const oneEach = bestOfEach(candidates);
  const whole = wholeOf(oneEach);
  let left = chance * whole;
  const picked = oneEach.find(({ weight }) => (left -= weight) < 0) ?? oneEach.at(-1);
  if (picked === undefined) throw new Error("There is no offer to pick from.");
  return picked.offer;
}

/** Of each provider the candidate of which chance decides, by the providers' names. */
export function bestOfEach<O extends LiveOffer>(candidates: readonly Candidate<O>[]): Candidate<O>[] {
  const inOrder = candidates.toSorted(
    (a, b) =>
      compare(a.offer.provider, b.offer.provider) ||
      b.weight - a.weight ||
      compare(a.offer.offer, b.offer.offer),
  );
  return inOrder.filter(({ offer }, index) => offer.provider !== inOrder[index - 1]?.offer.provider);
}

export const wholeOf = (candidates: readonly Candidate<unknown>[]): number =>
  candidates.reduce((sum, { weight }) => sum + weight, 0);

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
