import type { ChatCompletion } from "../../protocol/chat-completion.ts";
import { type ChatCompletionRequest, maxTokensOf } from "../../protocol/chat.ts";
import {
  type AnswerHead,
  completionOf,
  emptyAnswer,
  type GatheredAnswer,
  usageOf,
} from "../../rules/answer-chunks.ts";
import { countedTokens, type Bill } from "../../rules/billing.ts";
import type { WaitingJob } from "../../rules/fair-queue.ts";
import type { HoldLevel } from "../../rules/hold-levels.ts";
import type { JobNeeds } from "../../rules/matching.ts";
import { promptBound } from "../../rules/prompt-bound.ts";
import { requiredFeatures, unhonouredFields } from "../../rules/required-parameters.ts";
import type { AnswerSoFar, WayOn } from "../../rules/take-over.ts";
import type { ExpectedJob } from "../../rules/wait-estimate.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { JobOrder } from "../job-order.ts";
import type { Answer } from "./answer.ts";
import type { JobTerms } from "./job-rows.ts";
import type { BookedOffer } from "./provider-book.ts";
import type { ServedPart } from "./served-part.ts";

/**
 * A request that was held for and has no end yet.
 *
 *     waiting --a slot is free--> served --finished--> ending --settled--> gone from here
 *        ^                          | |                  ^
 *        |                          | +--nobody left-----+
 *        +--provider lost, no slot--+
 */
export interface MarketJob extends WaitingJob, ExpectedJob {
  order: JobOrder;
  needs: JobNeeds;
  level: HoldLevel;
  terms: JobTerms;
  /** Whether it has its row in the database. */
  isWritten: boolean;
  head: AnswerHead;
  answer: Answer;
  gathered: GatheredAnswer;
  hasToolCalls: boolean;
  parts: ServedPart[];
  /** Why its first provider was chosen, as JSON (`ChoiceReasons`); null until it was. */
  reasons: string | null;
  /** The one that is served at present. */
  part: ServedPart | null;
  /** How the next part may go on; null where it begins. */
  ways: readonly WayOn[] | null;
  /** A provider with too small a context refused it. */
  isTooLong: boolean;
  /** The consumer reads more slowly than is written: whoever writes is asked to wait. */
  isSlow: boolean;
  state: "waiting" | "served" | "ending";
  createdAt: number;
  firstTokenAt: number | null;
  /** When all of it is given up; null until it was first dispatched. */
  totalBy: number | null;
  /** Tokens of which it is written down that they were delivered, and when that was. */
  savedTokens: number;
  savedAt: number;
}

/**
 * What a request asks of an offer, and what it prefers.
 * @param usualTokens what answers of its model usually have
 * @param servedBefore the provider that served its conversation before, or null
 */
export function needsOf(order: JobOrder, usualTokens: number, servedBefore: string | null): JobNeeds {
  const { request, consumer } = order;
  const schemas = [
    ...request.tools,
    ...(request.response_format && request.response_format.type !== "text" ? [request.response_format] : []),
  ];
  const atMost = promptBound(request.messages, schemas);
  const max = maxTokensOf(request);
  const wishes = request.provider;
  return {
    model: request.model,
    consumer,
    // The shortest text has a token a message; the usual one, a token for four bytes.
    prompt: { atLeast: request.messages.length, expected: Math.ceil(atMost / 4), atMost },
    completion: { expected: Math.min(usualTokens, max ?? usualTokens), max },
    features: [...requiredFeatures(request).keys()],
    unhonoured: unhonouredFields(request),
    quantisations: wishes?.quantizations ?? null,
    priceCaps: {
      prompt: wishes?.max_price?.prompt ?? null,
      completion: wishes?.max_price?.completion ?? null,
    },
    minTokensPerSecond: wishes?.min_tokens_per_second ?? null,
    only: wishes?.only ?? null,
    ignore: wishes?.ignore ?? [],
    allowFallbacks: wishes?.allow_fallbacks ?? true,
    preferences: {
      order: wishes?.order ?? [],
      sort: wishes?.sort ?? null,
      minTokensPerSecond: wishes?.preferred_min_throughput ?? null,
      maxFirstTokenMs:
        wishes?.preferred_max_latency === undefined ? null : 1000 * wishes.preferred_max_latency,
      servedBefore,
    },
    tried: [],
  };
}

export const headOf = ({ job, request }: JobOrder, now: number): AnswerHead => ({
  job,
  created: Math.floor(now / 1000),
  model: request.model,
  includesUsage: request.stream && request.stream_options?.include_usage === true,
});

/** Takes back all that was written: the next provider begins. */
export function startOver(job: MarketJob): void {
  job.gathered = emptyAnswer();
  job.hasToolCalls = false;
  job.ways = null;
  for (const part of job.parts) part.written = { deliveredTokens: 0, deliveredBytes: 0 };
}

/** How many tokens were written, from all providers together. */
export const writtenTokens = ({ parts, terms }: MarketJob): number =>
  parts.reduce((sum, { written }) => sum + countedTokens(written, terms.bounds.maxTokens), 0);

/** How many tokens the consumer has read. */
export const deliveredTokens = ({ parts }: MarketJob): number =>
  parts.reduce((sum, part) => sum + part.deliveredTokens, 0);

/** … of which that is not written down yet. */
export const unsavedTokens = (job: MarketJob): number => deliveredTokens(job) - job.savedTokens;

/** What the consumer has, for the rules of taking over. */
export function answerSoFar(job: MarketJob): AnswerSoFar {
  const { request } = job.order;
  const wrote = job.parts.filter(({ written }) => written.deliveredBytes > 0);
  return {
    maxTokens: job.terms.bounds.maxTokens,
    countedTokens: writtenTokens(job),
    emitted: {
      text: job.gathered.text !== "",
      reasoning: job.gathered.reasoning !== "",
      toolCalls: job.hasToolCalls,
    },
    isConstrained: isConstrained(request),
    isDeterministic:
      (request.seed !== undefined || request.temperature === 0) &&
      wrote.every(({ offer }) => offer.features.includes("deterministic")),
  };
}

function isConstrained({
  tools,
  tool_choice: choice,
  response_format: format,
}: ChatCompletionRequest): boolean {
  return (tools.length > 0 && choice !== "none") || (format !== undefined && format.type !== "text");
}

/** Whether the offer writes the very answer that those wrote who have written so far. */
export function writesTheSame(job: MarketJob, { terms }: BookedOffer): boolean {
  return job.parts
    .filter(({ written }) => written.deliveredBytes > 0)
    .every(({ offer: { terms: before } }) => {
      const same = before.artifact.sha256 !== null && before.artifact.sha256 === terms.artifact.sha256;
      return same && before.engine.name === terms.engine.name && before.engine.build === terms.engine.build;
    });
}

/** The whole answer, with what it costs. */
export const completionOfJob = (job: MarketJob, reason: FinishReason, bill: Bill): ChatCompletion =>
  completionOf(
    job.head,
    job.gathered,
    job.order.request.logprobs,
    reason,
    usageOf(bill.usage, bill.costNano),
  );
