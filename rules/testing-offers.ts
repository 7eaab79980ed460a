import { noFirstToken, withFirstToken, type FirstTokenEstimate } from "./first-token-estimate.ts";
import type { JobNeeds, LiveOffer, Preferences } from "./matching.ts";
import { chooseOffer, type Match } from "./routing.ts";
import { declaredSpeed } from "./speed-estimate.ts";
import { noRecord, type SuccessRecord, withOutcome } from "./success-rate.ts";

/** Offers and jobs for the tests of the choice between them. */

export const NOW = 1_000_000;

const preferences: Preferences = {
  order: [],
  sort: null,
  minTokensPerSecond: null,
  maxFirstTokenMs: null,
  servedBefore: null,
};

export const job: JobNeeds = {
  models: ["m"],
  task: "chat",
  consumer: "ann",
  prompt: { atLeast: 50, expected: 100, atMost: 400 },
  completion: { expected: 200, max: 500 },
  features: [],
  unhonoured: [],
  quantisations: null,
  priceCaps: { prompt: null, completion: null },
  minTokensPerSecond: null,
  only: null,
  ignore: [],
  allowFallbacks: true,
  preferences,
  tried: [],
};

/** Needs with these preferences. */
export const preferring = (some: Partial<Preferences>): Pick<JobNeeds, "preferences"> => ({
  preferences: { ...preferences, ...some },
});

export function prices(prompt: number, completion: number): LiveOffer["prices"] {
  return { prompt, cachedPrompt: prompt, completion };
}

/** A newcomer's, unless told otherwise. */
export function offer(provider: string, more: Partial<LiveOffer> = {}): LiveOffer {
  return {
    provider,
    offer: "o",
    owner: `owner of ${provider}`,
    model: "m",
    tasks: ["chat"],
    prices: prices(1000, 1000),
    contextTokens: 4096,
    maxOutputTokens: 1024,
    features: [],
    quantisation: "Q4_K_M",
    firstToken: noFirstToken,
    speed: declaredSpeed(50, NOW),
    success: noRecord(NOW),
    slots: { total: 4, busy: 0 },
    draining: false,
    ...more,
  };
}

/** The record after so many jobs that ended alike. */
export const record = (outcome: "success" | "failure", jobs: number): SuccessRecord => {
  let seen = noRecord(NOW);
  for (let count = 0; count < jobs; count++) seen = withOutcome(seen, outcome, NOW);
  return seen;
};

export const failing = (): SuccessRecord => record("failure", 2);
export const proven = (): SuccessRecord => record("success", 20);

/** Answers to prompts like the job's began after so many milliseconds. */
export const beginsAfter = (ms: number): FirstTokenEstimate =>
  withFirstToken(noFirstToken, { ms, promptTokens: job.prompt.expected }, NOW);

export function choose(
  offers: readonly LiveOffer[],
  needs: Partial<JobNeeds> = {},
  seed = 1,
): Match<LiveOffer> {
  return chooseOffer({ ...job, ...needs }, offers, NOW, seed);
}

export function chosen(offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}, seed = 1): string {
  const match = choose(offers, needs, seed);
  if (match.type !== "offer") throw new Error(JSON.stringify(match));
  return match.offer.provider;
}

/** How often each provider is chosen, over seeds as they might be handed out. */
export function shares(
  offers: readonly LiveOffer[],
  needs: Partial<JobNeeds> = {},
  count = 6000,
): Record<string, number> {
  const times: Record<string, number> = {};
  for (let seed = 0; seed < count; seed++) {
    const provider = chosen(offers, needs, seed);
    times[provider] = (times[provider] ?? 0) + 1;
  }
  return times;
}

export const unmet = (offers: readonly LiveOffer[], needs: Partial<JobNeeds> = {}): unknown => {
  const match = choose(offers, needs);
  return match.type === "none" ? match.unmet : match.type;
};
