import type { Feature } from "../protocol/feature.ts";
import type { Prices } from "../protocol/money.ts";
import type { SortBy } from "../protocol/provider-wishes.ts";
import type { Task } from "../protocol/task.ts";
import type { FirstTokenEstimate } from "./first-token-estimate.ts";
import { exactCost } from "./price.ts";
import { isQuantisedAs } from "./quantisation.ts";
import { type SpeedEstimate, tokensPerSecond } from "./speed-estimate.ts";
import type { SuccessRecord } from "./success-rate.ts";

/** What a job asks of an offer, and what it prefers. Tokens are counts; providers and consumers are known by their ids. */
export interface JobNeeds {
  /** One of these is to serve it; null for any. */
  models: readonly string[] | null;
  task: Task;
  consumer: string;
  /** Nobody but the engine knows how many tokens a prompt has: the fewest, a good guess, and the most. */
  prompt: { atLeast: number; expected: number; atMost: number };
  /** `expected`: as jobs like this one have; `max`: as the request allows, null when it leaves that to the offer. */
  completion: { expected: number; max: number | null };
  /** What the engine must be able to do. */
  features: readonly Feature[];
  /** Fields of the request that must have an effect, and have none with any offer. */
  unhonoured: readonly string[];
  /** Names or families (`isQuantisedAs`); null for any. */
  quantisations: readonly string[] | null;
  /** The most that the consumer pays, in nano-credits per million tokens; null for any price. */
  priceCaps: { prompt: number | null; completion: number | null };
  minTokensPerSecond: number | null;
  /** The only providers that may serve the job; null for any. */
  only: readonly string[] | null;
  ignore: readonly string[];
  /** Whether another may take over; if not, and there is an order, the first of it that suits is the only one. */
  allowFallbacks: boolean;
  preferences: Preferences;
  /** Those that had the job already, and failed or refused it. */
  tried: readonly string[];
}

/** Whom a job would rather be served by. It is served by others if they are busy or none are there. */
export interface Preferences {
  /** Providers, the first choice first. */
  order: readonly string[];
  /** Null to weigh everything. */
  sort: SortBy | null;
  minTokensPerSecond: number | null;
  maxFirstTokenMs: number | null;
  /** The model that served the conversation before, whose provider may have its beginning in a cache; null for none. */
  servedBefore: ServedModel | null;
}

export type ServedModel = Pick<LiveOffer, "provider" | "model">;

/** One model of one provider that is connected. All models of a provider share its slots. */
export interface LiveOffer {
  provider: string;
  /** Its id, unlike those of the provider's other offers. */
  offer: string;
  /** The account that the provider belongs to. Its own jobs are free of charge. */
  owner: string;
  model: string;
  /** What it can be asked for. */
  tasks: readonly Task[];
  prices: Prices;
  contextTokens: number;
  maxOutputTokens: number;
  features: readonly Feature[];
  /** As declared: `Q4_K_M`; null where it is not known. */
  quantisation: string | null;
  firstToken: FirstTokenEstimate;
  speed: SpeedEstimate;
  success: SuccessRecord;
  slots: { total: number; busy: number };
  /** It said that it is about to leave: it gets no more jobs. */
  draining: boolean;
}

/** Why no offer serves a job, with what a clear error needs: the first demand that none of those left meets. */
export type Unmet =
  /** No provider that is connected has the model, or one of them. */
  | { demand: "model" }
  /** It is offered for other tasks only. */
  | { demand: "task" }
  /** Those that have it are not among the `only`, or among the ignored, or not in an order that is all there may be. */
  | { demand: "providers" }
  /** These fields have no effect with anybody. */
  | { demand: "parameters"; unhonoured: readonly string[] }
  /** No one offer has all the features; `missing` has none of them, or else all of them are had, by different offers. */
  | { demand: "features"; missing: Feature[] }
  /** None is quantised as is asked for; these there are, null for one that is not known. */
  | { demand: "quantisation"; offered: (string | null)[] }
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
    [({ model }) => needs.models === null || needs.models.includes(model), () => ({ demand: "model" })],
    [({ tasks }) => tasks.includes(needs.task), () => ({ demand: "task" })],
    [({ provider }) => mayServe(needs, provider), () => ({ demand: "providers" })],
    [() => needs.unhonoured.length === 0, () => ({ demand: "parameters", unhonoured: needs.unhonoured })],
    [
      (offer) => needs.features.every((feature) => offer.features.includes(feature)),
      (left) => ({ demand: "features", missing: missingFeatures(needs.features, left) }),
    ],
    [
      ({ quantisation }) => needs.quantisations === null || isQuantisedAs(quantisation, needs.quantisations),
      (left) => ({
        demand: "quantisation",
        offered: [...new Set(left.map(({ quantisation }) => quantisation))].toSorted(),
      }),
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
      ({ speed }) => minimum === 0 || (tokensPerSecond(speed, now) ?? minimum) >= minimum,
      (left) => ({
        demand: "speed",
        fastest: Math.max(...left.map(({ speed }) => tokensPerSecond(speed, now) ?? 0)),
      }),
    ],
    [({ draining }) => !draining, () => ({ demand: "staying" })],
    [({ provider }) => mayTry(needs, provider), () => ({ demand: "untried" })],
  ];
  const suiting = offers.filter((offer) => demands.every(([meets]) => meets(offer)));
  if (suiting.length > 0)
    return needs.allowFallbacks ? suiting : firstInOrder(needs.preferences.order, suiting);
  let left = [...offers];
  for (const [meets, unmet] of demands) {
    const kept = left.filter(meets);
    if (kept.length === 0) return unmet(left);
    left = kept;
  }
  throw new Error("Offers that meet one demand after the other meet all of them.");
}

/** The offers of the first provider of `order` that has any here; without an order all, and none where it names nobody here. */
export function firstInOrder<O extends LiveOffer>(order: readonly string[], offers: readonly O[]): O[] {
  if (order.length === 0) return [...offers];
  const first = order.find((named) => offers.some(({ provider }) => provider === named));
  return offers.filter(({ provider }) => provider === first);
}

function mayServe({ only, ignore, allowFallbacks, preferences }: JobNeeds, provider: string): boolean {
  const { order } = preferences;
  const isInOrder = allowFallbacks || order.length === 0 || order.includes(provider);
  return isInOrder && (only === null || only.includes(provider)) && !ignore.includes(provider);
}

function mayTry({ allowFallbacks, tried }: JobNeeds, provider: string): boolean {
  return allowFallbacks ? !tried.includes(provider) : tried.length === 0;
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

/** In millionths of a nano-credit, before any rounding. Whether some of the prompt is still cached, nobody knows yet. */
export function expectedCost(needs: JobNeeds, offer: LiveOffer): bigint {
  if (offer.owner === needs.consumer) return 0n;
  const { prompt } = needs;
  const completionTokens = expectedTokens(needs, offer);
  return exactCost({ promptTokens: prompt.expected, cachedPromptTokens: 0, completionTokens }, offer.prices);
}

/** The same as a number of 53 bits, which is enough where costs are weighed, and much less work. */
export function roughCost(needs: JobNeeds, offer: LiveOffer): number {
  const { prompt, completion } = offer.prices;
  if (offer.owner === needs.consumer) return 0;
  return needs.prompt.expected * prompt + expectedTokens(needs, offer) * completion;
}

/** How many tokens an offer's answer is expected to have. */
export const expectedTokens = ({ completion }: JobNeeds, { maxOutputTokens }: LiveOffer): number =>
  Math.min(completion.expected, completion.max ?? Infinity, maxOutputTokens);

/** The share of its slots that is busy; of none, all are. */
export const loadOf = ({ slots }: LiveOffer): number => (slots.total === 0 ? 1 : slots.busy / slots.total);

/** Those with the least value, in the order in which they came. */
export function leastBy<O, V extends bigint | number>(offers: readonly O[], value: (offer: O) => V): O[] {
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
