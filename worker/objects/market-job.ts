import type { ChatCompletion } from "../../protocol/chat-completion.ts";
import {
  type AnswerHead,
  completionOf,
  emptyAnswer,
  type GatheredAnswer,
  usageOf,
} from "../../rules/answer-chunks.ts";
import {
  featuresOf,
  includesUsage,
  isConstrained,
  leavesNothingToChance,
  mostTokens,
  promptOf,
  taskOf,
  tellsLogprobs,
  unhonouredOf,
} from "../../rules/asked.ts";
import { countedTokens, type Bill } from "../../rules/billing.ts";
import type { WaitingJob } from "../../rules/fair-queue.ts";
import type { HoldLevel } from "../../rules/hold-levels.ts";
import type { JobNeeds, ServedModel } from "../../rules/matching.ts";
import type { AnswerSoFar, WayOn } from "../../rules/take-over.ts";
import type { ExpectedJob } from "../../rules/wait-estimate.ts";
import { askedBy, mergedWishes, wishedNeeds, withoutWriting } from "../../rules/wishes.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { JobOrder } from "../job-order.ts";
import type { Answer } from "./answer.ts";
import type { RequestFault } from "./job-errors.ts";
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
  /** Its model is the one that serves it, and until then the one that would. */
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
  /** Why it may be the request's own fault that providers did not serve it; null where nothing says so. */
  fault: RequestFault | null;
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
 * What a request asks of an offer, and what it prefers, by its own wishes and those that stand behind them.
 * @param models what the name that it asks for stands for; null for any
 * @param usualTokens what answers of its models usually have
 * @param servedBefore who served its conversation before, or null
 */
export function needsOf(
  order: Pick<JobOrder, "asked" | "consumer" | "standing">,
  models: readonly string[] | null,
  usualTokens: number,
  servedBefore: ServedModel | null,
): JobNeeds {
  const { consumer, standing } = order;
  const { provider: own = {} } = order.asked.request;
  const wishes = standing === null ? own : mergedWishes({ ...standing, request: own });
  const asked = standing === null ? order.asked : askedBy(order.asked, wishes);
  const max = mostTokens(asked);
  const wished = wishedNeeds(max === 0 ? withoutWriting(wishes) : wishes);
  return {
    ...wished,
    models,
    task: taskOf(asked),
    consumer,
    prompt: promptOf(asked),
    completion: { expected: Math.min(usualTokens, max ?? usualTokens), max },
    features: [...featuresOf(asked).keys()],
    unhonoured: unhonouredOf(asked),
    preferences: { ...wished.preferences, servedBefore },
    tried: [],
  };
}

/** @param model the one that is to serve it */
export const headOf = ({ job, asked }: JobOrder, model: string, now: number): AnswerHead => ({
  job,
  created: Math.floor(now / 1000),
  model,
  includesUsage: includesUsage(asked),
});

/** Who may serve it from here on: what one model has begun, no other goes on with. */
export const modelsOf = ({ needs, head, ways, gathered }: MarketJob): readonly string[] | null =>
  ways === null && gathered.logprobs.length === 0 ? needs.models : [head.model];

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
  const { asked } = job.order;
  const wrote = job.parts.filter(({ written }) => written.deliveredBytes > 0);
  return {
    maxTokens: job.terms.bounds.maxTokens,
    countedTokens: writtenTokens(job),
    emitted: {
      text: job.gathered.text !== "",
      reasoning: job.gathered.reasoning !== "",
      toolCalls: job.hasToolCalls,
    },
    isConstrained: isConstrained(asked),
    isDeterministic:
      leavesNothingToChance(asked) && wrote.every(({ offer }) => offer.features.includes("deterministic")),
  };
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
    tellsLogprobs(job.order.asked),
    reason,
    usageOf(bill.usage, bill.costNano),
  );
