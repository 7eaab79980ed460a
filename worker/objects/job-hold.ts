import { formatCredits } from "../../protocol/money.ts";
import { separateTexts, wordsFor } from "../../rules/asked.ts";
import { holdLevels, type HoldLevel } from "../../rules/hold-levels.ts";
import type { JobNeeds } from "../../rules/matching.ts";
import type { Env } from "../env.ts";
import { type JobOrder, KEY_CHANGED, KEY_REVOKED } from "../job-order.ts";
import type { MarketLimits } from "../market-limits.ts";
import type { AnswerError } from "./answer.ts";
import type { HoldsAhead } from "./holds-ahead.ts";
import { type BegunJob, type JobTerms, openJob } from "./job-rows.ts";
import type { BookedOffer } from "./provider-book.ts";

/** What is held for a job, and by which id the job is known from then on. */
export interface PlacedLevel {
  job: string;
  level: HoldLevel;
  terms: JobTerms;
  /** Whether the job has its row; one whose hold was placed ahead gets it later. */
  isWritten: boolean;
}

interface Wanted {
  order: JobOrder;
  needs: JobNeeds;
  chosen: BookedOffer;
  suiting: readonly BookedOffer[];
}

/**
 * Sets aside the worst case of a job: by a hold that was placed ahead, or by a new one.
 *
 * @param chosen the offer that is to serve it, or would, had it a slot free; `suiting` are all that meet its demands
 * @returns what was held, or the error that the consumer is told
 */
export async function holdFor(
  env: Env,
  limits: MarketLimits,
  holdsAhead: HoldsAhead,
  { order, needs, chosen, suiting }: Wanted,
  now: number,
): Promise<PlacedLevel | { error: AnswerError }> {
  const bounds = {
    promptTokens: Math.min(
      needs.prompt.atMost,
      separateTexts(order.asked) * largest(suiting, ({ contextTokens }) => contextTokens),
    ),
    maxTokens:
      needs.completion.max ??
      Math.min(
        limits.answerTokens,
        largest(suiting, ({ maxOutputTokens }) => maxOutputTokens),
      ),
  };
  const feeBasisPoints = env.FEE_BASIS_POINTS;
  const levels = holdLevels(needs, bounds, chosen, suiting);
  const [best] = levels;
  // Its Idempotency-Key knows the job by the id that it has.
  const ahead = best === undefined || order.keepsAnswer ? null : holdsAhead.take(order, best.nano);
  if (best !== undefined && ahead !== null) {
    const terms = { bounds, heldNano: ahead.heldNano, feeBasisPoints };
    return { job: ahead.job, level: best, terms, isWritten: false };
  }
  for (;;) {
    const terms = { bounds, heldNano: 0, feeBasisPoints };
    const placed = await holdAt(env, { order, terms, createdAt: now, head: chosen }, levels);
    // What is held ahead is the account's own, too.
    const isShort = "error" in placed && placed.error.code === "insufficient_funds";
    if (!isShort || !(await holdsAhead.giveBackOf(order.consumer))) return placed;
  }
}

const keyRevoked: AnswerError = {
  code: "invalid_api_key",
  message: KEY_REVOKED,
  param: null,
  waitMs: null,
};

/** For the Worker alone, which sends the request again by what the key is now. */
const keyChanged: AnswerError = {
  code: "internal",
  message: "This API key was changed meanwhile.",
  param: null,
  waitMs: null,
  headers: { [KEY_CHANGED]: "true" },
};

/** Holds at the first of these levels for which there is enough. */
async function holdAt(
  env: Env,
  begun: BegunJob,
  levels: readonly HoldLevel[],
): Promise<PlacedLevel | { error: AnswerError }> {
  const { order } = begun;
  let least = 0;
  let balanceNano = 0;
  for (const level of levels) {
    const priced = { ...begun.terms, heldNano: level.nano };
    const held = await openJob(env, { ...begun, terms: priced });
    if (held.type === "held") return { job: order.job, level, terms: priced, isWritten: true };
    if (held.type === "taken") throw new Error(`The job ${order.job} was begun before.`);
    if (held.type === "revoked") return { error: keyRevoked };
    if (held.type === "changed") return { error: keyChanged };
    least = level.nano;
    balanceNano = held.balanceNano;
  }
  const { maxTokens } = wordsFor(order.asked);
  const message =
    `This request may cost up to ${formatCredits(least)} credits, and the account has ${formatCredits(balanceNano)}. ` +
    `${maxTokens === null ? "Less text" : `A smaller ${maxTokens}`} needs less.`;
  return { error: { code: "insufficient_funds", message, param: null, waitMs: null } };
}

const largest = <O>(offers: readonly O[], of: (offer: O) => number): number => Math.max(...offers.map(of));
