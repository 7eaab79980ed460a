import { MAX_NUMBERS } from "../../protocol/vector.ts";
import { wordsFor } from "../../rules/asked.ts";
import type { QueueRefusal } from "../../rules/fair-queue.ts";
import { suitableOffers, type Unmet } from "../../rules/matching.ts";
import { unmetError } from "../../rules/unmet-error.ts";
import { askedBy, type Wisher, wisherOf } from "../../rules/wishes.ts";
import type { Env } from "../env.ts";
import type { JobOrder } from "../job-order.ts";
import type { AnswerError } from "./answer.ts";
import { needsOf } from "./market-job.ts";
import type { ProviderBook } from "./provider-book.ts";
import { wasOffered } from "./provider-rows.ts";

/** What a consumer is told where a job can't begin, or does not come to its end. */

/** @param models what the name stands for that was asked for; null for any */
export async function unmetDemand(
  env: Env,
  book: ProviderBook,
  unmet: Unmet,
  order: JobOrder,
  models: readonly string[] | null,
): Promise<AnswerError> {
  const wisher = wisherHere(book, unmet, order, models);
  const isKnown = unmet.demand !== "model" || (await wasOffered(env, models));
  return { ...unmetError(unmet, order.asked, isKnown, models, wisher), waitMs: null };
}

/** Whose wishes it is that leave nobody, as the offers are now. */
function wisherHere(
  book: ProviderBook,
  { demand }: Unmet,
  order: JobOrder,
  models: readonly string[] | null,
): Wisher {
  const { asked, consumer, standing } = order;
  if (standing === null) return "request";
  const now = Date.now();
  return wisherOf({ ...standing, request: asked.request.provider ?? {} }, (wishes) => {
    const needs = needsOf({ asked: askedBy(asked, wishes), consumer, standing: null }, models, 0, null);
    const suiting = suitableOffers(needs, book.offersOf(models), now);
    return !Array.isArray(suiting) && suiting.demand === demand;
  });
}

/** @param waitMs when to come again, in milliseconds from now; null when nobody knows */
export function fullError(
  refusal: QueueRefusal,
  waitingPerConsumer: number,
  waitMs: number | null,
): AnswerError {
  return refusal === "consumer_full"
    ? {
        code: "rate_limited",
        message: `${waitingPerConsumer} of your requests wait already.`,
        param: null,
        waitMs,
      }
    : {
        code: "queue_full",
        message: "All slots are taken, and too many requests wait.",
        param: null,
        waitMs,
      };
}

export const noSlotInTime = (full: AnswerError): AnswerError => ({
  ...full,
  message: "No slot became free in time.",
});

/**
 * What a request may be at fault in, as its providers find:
 *
 * - `too_long`    it is longer than a context is, which nobody knew before
 * - `unsupported` an engine can't do what it asks for
 * - `too_many`    vectors as long as its model's are more than an answer may have, for so many texts
 */
export type RequestFault = "too_long" | "unsupported" | "too_many";

/** For a request that no provider is left for, one of those that there were having found that at fault. */
export function faultyRequest(fault: RequestFault, { asked }: JobOrder): AnswerError {
  const { prompt } = wordsFor(asked);
  switch (fault) {
    case "too_long":
      return {
        code: "context_length_exceeded",
        message: `What is in ${prompt} is longer than the context of any provider that could be asked.`,
        param: prompt,
        waitMs: null,
      };
    case "unsupported": {
      const dimensions = asked.type === "embeddings" ? asked.request.dimensions : undefined;
      return {
        code: "unsupported_parameter",
        message:
          dimensions === undefined
            ? "No provider that could be asked can do what this request asks for."
            : `No provider that could be asked makes vectors of ${dimensions} numbers of these texts.`,
        param: dimensions === undefined ? null : "dimensions",
        waitMs: null,
      };
    }
    case "too_many":
      return {
        code: "invalid_request",
        message: `Vectors as long as this model's are more than ${MAX_NUMBERS} numbers for all texts together: send several requests.`,
        param: prompt,
        waitMs: null,
      };
    default:
      return fault satisfies never;
  }
}

const providerFailed = (message: string): AnswerError => ({
  code: "provider_failed",
  message,
  param: null,
  waitMs: null,
});

export const allTried = providerFailed(
  "Every provider that could answer this request was tried, and none brought it to its end.",
);

export const lostInTheMiddle = providerFailed(
  "The provider was lost in the middle of an answer that no other can go on with.",
);

export const lostWithNoOther = providerFailed(
  "The provider was lost, and no other that could go on became free in time.",
);

export const notComplete = (afterMs: number): AnswerError => ({
  code: "timed_out",
  message: `The answer was not complete after ${Math.round(afterMs / 1000)} s.`,
  param: null,
  waitMs: null,
});
