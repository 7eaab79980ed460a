import { faded } from "./fading.ts";

/** What was declared counts as much as so many tokens that were seen. */
const DECLARED_TOKENS = 128;
/** Fewer tokens than this say nothing of an offer that declared nothing: its first job may have been a short slow one. */
const ENOUGH_TOKENS = 32;
/** What was seen counts half as much once so many more tokens were seen, or so much time has gone by. */
const HALF_LIFE_TOKENS = 2048;
const HALF_LIFE_MS = 30 * 60_000;
/** Tokens that came in a shorter time came in one piece: that tells how they were sent, not how they were made. */
const SHORTEST_MS = 10;
/** In tokens per second: beyond these lie clocks and senders of pieces, no engines. */
const SLOWEST = 0.01;
const FASTEST = 10_000;

/**
 * How fast an offer generates one answer: what its provider declared, corrected by what was seen. Plain data, so that it
 * can be kept and taken up again.
 *
 * - The prompt's time is no part of it (`decodeSample`), nor is the time that a slow reader made the provider wait.
 * - Jobs count by their tokens, so that a job of three tokens that took a second each hardly moves it: a provider is not
 *   shut out by a minimum speed for one short slow job.
 * - It is the mean of the logarithms, as speeds differ by factors: with the plain mean somebody who declares 1000 and
 *   makes 10 would pass for 50 for good; with tokens over time the one slow job above would weigh as much as its time.
 * - What was seen fades, towards what was declared: one that was slow for a while is measured again.
 */
export interface SpeedEstimate {
  /** In tokens per second; null when the provider told none. */
  declared: number | null;
  /** The sum of the tokens that were seen, faded, each times the logarithm of its speed. */
  logarithms: number;
  /** The sum of the tokens that were seen, faded. */
  tokens: number;
  /** Milliseconds: when the two sums were what they are. */
  at: number;
}

/** What was seen of one answer: so many tokens in so much time of pure decoding. */
export interface DecodeSample {
  tokens: number;
  ms: number;
}

/**
 * The part of an answer that tells of speed. It begins with the arrival of the first delta: what was before was the
 * prompt's time, and the first delta's tokens were made in it.
 *
 * @param answer times in milliseconds; `pausedMs` is how long the provider was asked to wait in between
 * @returns null when the answer is too short to tell anything
 */
export function decodeSample(answer: {
  firstDeltaAt: number;
  lastDeltaAt: number;
  pausedMs: number;
  firstDeltaTokens: number;
  tokens: number;
}): DecodeSample | null {
  const tokens = answer.tokens - answer.firstDeltaTokens;
  const ms = answer.lastDeltaAt - answer.firstDeltaAt - answer.pausedMs;
  return tokens >= 1 && ms >= SHORTEST_MS ? { tokens, ms } : null;
}

/** @param declared tokens per second as the provider measured itself, or null */
export function declaredSpeed(declared: number | null, now: number): SpeedEstimate {
  return { declared: declared === null ? null : plausible(declared), logarithms: 0, tokens: 0, at: now };
}

/** The estimate after one more answer, at `now` milliseconds. */
export function withSample(estimate: SpeedEstimate, sample: DecodeSample, now: number): SpeedEstimate {
  const left = faded(faded(1, estimate.at, now, HALF_LIFE_MS), 0, sample.tokens, HALF_LIFE_TOKENS);
  const speed = plausible((sample.tokens * 1000) / sample.ms);
  return {
    declared: estimate.declared,
    logarithms: estimate.logarithms * left + sample.tokens * Math.log(speed),
    tokens: estimate.tokens * left + sample.tokens,
    at: Math.max(estimate.at, now),
  };
}

/** Tokens per second as believed at `now`, or null: nothing was declared, and too little was seen lately. */
export function tokensPerSecond(estimate: SpeedEstimate, now: number): number | null {
  const left = faded(1, estimate.at, now, HALF_LIFE_MS);
  const tokens = estimate.tokens * left;
  if (estimate.declared === null)
    return tokens < ENOUGH_TOKENS ? null : Math.exp(estimate.logarithms / estimate.tokens);
  // By how much the tokens seen differ from the declared speed, so that without any it is exactly that.
  const difference = estimate.logarithms * left - tokens * Math.log(estimate.declared);
  return estimate.declared * Math.exp(difference / (DECLARED_TOKENS + tokens));
}

function plausible(speed: number): number {
  return Math.min(FASTEST, Math.max(SLOWEST, speed));
}
