import type { Feature } from "../protocol/feature.ts";
import type { Prices } from "../protocol/money.ts";
import { exactCost } from "./price.ts";
import { seededRandom } from "./seeded-random.ts";
import { type SpeedEstimate, tokensPerSecond } from "./speed-estimate.ts";
import { isPoor, type SuccessRecord } from "./success-rate.ts";

/** As fast as the fastest, for the purpose of a choice: nobody would notice the difference. */
const AS_FAST = 0.8;
/** The share of jobs by which a provider whose jobs failed lately may show that it has mended. */
const EXPLORATION = 0.05;

/** What a job asks of an offer. Tokens are counts; providers and consumers are known by their ids. */
export interface JobNeeds {
  model: string;
  consumer: string;
  /** Nobody but the engine knows how many tokens a prompt has: the fewest, a good guess, and the most. */
  prompt: { atLeast: number; expected: number; atMost: number };
  /** `expected`: as jobs like this one have; `max`: as the request allows, null when it leaves that to the offer. */
  completion: { expected: number; max: number | null };
  /** What the engine must be able to do. */
  features: readonly Feature[];
  /** The most that the consumer pays, in nano-credits per million tokens; null for any price. */
  priceCaps: { prompt: number | null; completion: number | null };
  minTokensPerSecond: number | null;
  /** The only providers that may serve the job; null for any. */
  only: readonly string[] | null;
  ignore: readonly string[];
  /** Those that had the job already, and failed or refused it. */
  tried: readonly string[];
}

/** One model of one provider that is connected. All models of a provider share its slots. */
export interface LiveOffer {
  provider: string;
  /** Its id, unlike those of the provider's other offers. */
  offer: string;
  /** The account that the provider belongs to. Its own jobs are free of charge. */
  owner: string;
  model: string;
  prices: Prices;
  contextTokens: number;
  maxOutputTokens: number;
  features: readonly Feature[];
  speed: SpeedEstimate;
  success: SuccessRecord;
  slots: { total: number; busy: number };
  /** It said that it is about to leave: it gets no more jobs. */
  draining: boolean;
}

/** Why no offer serves a job, with what a clear error needs: the first demand that none of those left meets. */
export type Unmet =
  /** No provider that is connected has the model. */
  | { demand: "model" }
  /** Those that have it are not among the `only`, or among the ignored. */
  | { demand: "providers" }
  /** No one offer has all the features; `missing` has none of them, or else all of them are had, by different offers. */
  | { demand: "features"; missing: Feature[] }
  /** The prompt and the completion need `needed` tokens at least; the largest context of an offer has `largest`. */
  | { demand: "context"; needed: number; largest: number }
  | { demand: "output"; needed: number; largest: number }
  /** None within the price caps; `cheapest` are the prices of the one that this job would cost least with. */
  | { demand: "price"; cheapest: Prices }
  /** None makes so many tokens a second; the fastest makes `fastest`. */
  | { demand: "speed"; fastest: number }
  /** All that suit are about to leave. */
  | { demand: "staying" }
  /** All that suit have been tried. */
  | { demand: "untried" };

export type Match<O> =
  | { type: "offer"; offer: O }
  /** These suit, and have no slot free: the job is to wait. */
  | { type: "busy"; offers: O[] }
  | { type: "none"; unmet: Unmet };

/**
 * Which offer serves a job:
 *
 * 1. Of those that meet every demand and have a slot free, the cheapest for this very job: by its expected prompt and
 *    completion, to the last fraction of a nano-credit. To its owner a provider costs nothing.
 * 2. Of equally cheap ones, those where the job fits though its prompt be the longest; then those about as fast as the
 *    fastest, or not measured yet; then those with the fewest jobs per slot; then each provider has the same chance.
 *
 * A provider whose jobs failed lately is passed over while another can take the job now. But one job in twenty goes to
 * one of them, if it would cost no more there, so that none is starved.
 *
 * @param now milliseconds of the clock that speeds and records go by
 * @param seed any 32-bit integer; the same job, offers (in whatever order), time and seed give the same choice
 */
export function chooseOffer<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
  seed: number,
): Match<O> {
  const sieved = suitableOffers(needs, offers, now);
  if (!Array.isArray(sieved)) return { type: "none", unmet: sieved };
  const free = sieved.filter(({ slots }) => slots.busy < slots.total);
  if (free.length === 0) return { type: "busy", offers: sieved };

  const random = seededRandom(seed);
  const explores = random() < EXPLORATION;
  const chance = random();
  const sound = free.filter(({ success }) => !isPoor(success, now));
  const best = front(needs, sound.length > 0 ? sound : free, now);
  const trials = explores && sound.length > 0 ? worthTrying(needs, free, best, now) : [];
  return { type: "offer", offer: pick(trials.length > 0 ? trials : best, chance) };
}

/** The offers that meet every demand, whether or not they have a slot free; or the first demand that leaves none. */
export function suitableOffers<O extends LiveOffer>(
  needs: JobNeeds,
  offers: readonly O[],
  now: number,
): O[] | Unmet {
  const output = needs.completion.max ?? 1;
  const context = needs.prompt.atLeast + output;
  const minimum = needs.minTokensPerSecond ?? 0;
  const demands: [meets: (offer: O) => boolean, unmet: (left: O[]) => Unmet][] = [
    [({ model }) => model === needs.model, () => ({ demand: "model" })],
    [({ provider }) => mayServe(needs, provider), () => ({ demand: "providers" })],
    [
      (offer) => needs.features.every((feature) => offer.features.includes(feature)),
      (left) => ({ demand: "features", missing: missingFeatures(needs.features, left) }),
    ],
    [
      ({ contextTokens }) => context <= contextTokens,
      (left) => ({
        demand: "context",
        needed: context,
        largest: Math.max(...left.map(({ contextTokens }) => contextTokens)),
      }),
    ],
    [
      ({ maxOutputTokens }) => output <= maxOutputTokens,
      (left) => ({
        demand: "output",
        needed: output,
        largest: Math.max(...left.map(({ maxOutputTokens }) => maxOutputTokens)),
      }),
    ],
    [(offer) => isWithinCaps(needs, offer), (left) => ({ demand: "price", cheapest: cheapest(needs, left) })],
    [
      // What was never measured has not been shown to be too slow, and would else never be measured.
      ({ speed }) => (tokensPerSecond(speed, now) ?? minimum) >= minimum,
      (left) => ({
        demand: "speed",
        fastest: Math.max(...left.map(({ speed }) => tokensPerSecond(speed, now) ?? 0)),
      }),
    ],
    [({ draining }) => !draining, () => ({ demand: "staying" })],
    [({ provider }) => !needs.tried.includes(provider), () => ({ demand: "untried" })],
  ];
  let left = [...offers];
  for (const [meets, unmet] of demands) {
    const kept = left.filter(meets);
    if (kept.length === 0) return unmet(left);
    left = kept;
  }
  return left;
}

function mayServe({ only, ignore }: JobNeeds, provider: string): boolean {
  return (only === null || only.includes(provider)) && !ignore.includes(provider);
}

function missingFeatures(needed: readonly Feature[], offers: readonly LiveOffer[]): Feature[] {
  const nowhere = needed.filter((feature) => !offers.some(({ features }) => features.includes(feature)));
  return nowhere.length > 0 ? nowhere : [...needed];
}

function isWithinCaps({ consumer, priceCaps }: JobNeeds, { owner, prices }: LiveOffer): boolean {
  if (owner === consumer) return true;
  const prompt = priceCaps.prompt === null || prices.prompt <= priceCaps.prompt;
  return prompt && (priceCaps.completion === null || prices.completion <= priceCaps.completion);
}

function cheapest(needs: JobNeeds, offers: readonly LiveOffer[]): Prices {
  const [first] = leastBy(offers, (offer) => expectedCost(needs, offer));
  if (first === undefined) throw new Error("The cheapest of no offers was asked for.");
  return first.prices;
}

/** Before any rounding. Whether some of the prompt is still cached, nobody knows yet. */
function expectedCost({ consumer, prompt, completion }: JobNeeds, offer: LiveOffer): bigint {
  if (offer.owner === consumer) return 0n;
  const completionTokens = Math.min(completion.expected, completion.max ?? Infinity, offer.maxOutputTokens);
  return exactCost({ promptTokens: prompt.expected, cachedPromptTokens: 0, completionTokens }, offer.prices);
}

/** The equals among which chance decides. */
function front<O extends LiveOffer>(needs: JobNeeds, offers: readonly O[], now: number): O[] {
  const longest = needs.prompt.atMost + (needs.completion.max ?? 1);
  const cheap = leastBy(offers, (offer) => expectedCost(needs, offer));
  const roomy = leastBy(cheap, ({ contextTokens }) => (longest <= contextTokens ? 0 : 1));
  const fastest = Math.max(...roomy.map(({ speed }) => tokensPerSecond(speed, now) ?? 0));
  const fast = roomy.filter(({ speed }) => (tokensPerSecond(speed, now) ?? fastest) >= fastest * AS_FAST);
  return leastBy(fast, ({ slots }) => slots.busy / slots.total);
}

/** Those whose jobs failed lately, but which cost no more than what is chosen without them. */
function worthTrying<O extends LiveOffer>(
  needs: JobNeeds,
  free: readonly O[],
  best: readonly O[],
  now: number,
): O[] {
  const [first] = best;
  if (first === undefined) return [];
  const cost = expectedCost(needs, first);
  return free.filter((offer) => isPoor(offer.success, now) && expectedCost(needs, offer) <= cost);
}

function leastBy<O, V extends bigint | number>(offers: readonly O[], value: (offer: O) => V): O[] {
  let least: V | undefined;
  let holders: O[] = [];
  for (const offer of offers) {
    const its = value(offer);
    if (least !== undefined && its > least) continue;
    if (its === least) {
      holders.push(offer);
      continue;
    }
    least = its;
    holders = [offer];
  }
  return holders;
}

/** One offer of one of the providers, by turns of chance: from 0 up to, but not including, 1. */
function pick<O extends LiveOffer>(offers: readonly O[], chance: number): O {
  const inOrder = offers.toSorted((a, b) => compare(a.provider, b.provider) || compare(a.offer, b.offer));
  const oneEach = inOrder.filter(({ provider }, index) => provider !== inOrder[index - 1]?.provider);
  const picked = oneEach[Math.floor(chance * oneEach.length)];
  if (picked === undefined) throw new Error("There is no offer to pick from.");
  return picked;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
