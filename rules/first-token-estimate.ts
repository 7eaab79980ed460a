import { faded } from "./fading.ts";

/** What comes before the first token and does not depend on the prompt takes as long as reading so many tokens of it. */
const FIXED_TOKENS = 200;
/** What is left of everything older when one more answer begins: some seven count. */
const KEPT = 0.85;
/** As with speeds: what was seen long ago says little of now. */
const HALF_LIFE_MS = 30 * 60_000;
/** Less than half an answer's weight is no measure. */
const ENOUGH = 0.5;
/** In milliseconds: beyond these lie clocks, no engines. */
const SHORTEST_MS = 1;
const LONGEST_MS = 600_000;

/**
 * How soon an offer's answers begin, by what was seen of it. Nobody declares it. Plain data.
 *
 * Prompts differ, and a provider that got the long ones is not to pass for a slow one: so the time is taken to grow with
 * the prompt, and what is kept is milliseconds for each of its tokens, as the mean of the logarithms.
 */
export interface FirstTokenEstimate {
  /** The sum of the logarithms of milliseconds for a token, faded. */
  logarithms: number;
  /** How many answers that were, faded. */
  answers: number;
  /** Milliseconds: when the two sums were what they are. */
  at: number;
}

/** As long as nothing was seen. */
export const noFirstToken: FirstTokenEstimate = { logarithms: 0, answers: 0, at: 0 };

/**
 * The estimate after one more answer began.
 * @param sample milliseconds from when the provider was sent the job, and its prompt as the market expected it
 */
export function withFirstToken(
  estimate: FirstTokenEstimate,
  sample: { ms: number; promptTokens: number },
  now: number,
): FirstTokenEstimate {
  const left = KEPT * faded(1, estimate.at, now, HALF_LIFE_MS);
  const ms = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sample.ms));
  return {
    logarithms: estimate.logarithms * left + Math.log(ms / (sample.promptTokens + FIXED_TOKENS)),
    answers: estimate.answers * left + 1,
    at: Math.max(estimate.at, now),
  };
}

/** Milliseconds until the first token of an answer to such a prompt, or null: too little was seen lately. */
export function firstTokenMs(
  { logarithms, answers, at }: FirstTokenEstimate,
  promptTokens: number,
  now: number,
): number | null {
  if (faded(answers, at, now, HALF_LIFE_MS) < ENOUGH) return null;
  return Math.exp(logarithms / answers) * (promptTokens + FIXED_TOKENS);
}
