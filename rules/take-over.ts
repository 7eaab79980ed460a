import type { FinishReason } from "../protocol/finish-reason.ts";

/** What the consumer has of an answer, and what was asked. */
export interface AnswerSoFar {
  /** The most tokens that the consumer asked for, or the offer allows. */
  maxTokens: number;
  /** Those that were delivered, from all providers together (`countedTokens`). */
  countedTokens: number;
  emitted: { text: boolean; reasoning: boolean; toolCalls: boolean };
  /** The request has tools, or an answer must keep to a form: an engine's state then is more than the text so far. */
  isConstrained: boolean;
  /** The request settles the answer, with an engine that leaves nothing to chance: by a seed, or a temperature of 0. */
  isDeterministic: boolean;
}

/** How one provider's part of the answer ended. */
export type PartEnd =
  | { type: "finished"; reason: FinishReason }
  /** It had more than the job may have (`receiveDelta`). */
  | { type: "cut" }
  /** It was lost, stalled, refused or failed, broke the rules, or says that it was cancelled, which nobody asked for. */
  | { type: "broken" }
  /** It wrote anew, and something else than the consumer has (`spliceDelta`), or less. */
  | { type: "diverged" };

/** A way on with another provider, which needs a `feature` of the offer. `maxTokens` is how many it is asked for. */
export type WayOn =
  /** It goes on from what the consumer has, given as the beginning of its answer. */
  | { way: "prefill"; feature: "prefill"; maxTokens: number }
  /** It writes all anew, and what the consumer has is dropped; only where artifact and engine are the same. */
  | { way: "regenerate"; feature: "deterministic"; maxTokens: number };

export type Sequel =
  /** The one finish_reason of the answer, whoever wrote it. */
  | { type: "finish"; reason: FinishReason }
  /** The consumer has nothing yet: another provider begins, unseen. */
  | { type: "restart" }
  /** Another goes on, in the first of these ways that an offer can; where none can, the stream ends by an error. */
  | { type: "continue"; ways: WayOn[] }
  /** The stream ends by an error. */
  | { type: "error"; cause: "diverged" | "cannot_continue" };

/**
 * What follows when a provider's part of an answer has ended:
 *
 *     finished, cut ----------------------------------------> finish
 *     broken --+-- the consumer has nothing ----------------> restart
 *              +-- all tokens were delivered ---------------> finish "length"
 *              +-- the answer can be continued -------------> continue
 *              +-- tool calls, a form, thoughts with chance -> error
 *     diverged ---------------------------------------------> error
 *
 * To write anew comes first, where it is exact: the answer is the one that an undisturbed provider had given. Thoughts are no
 * beginning of an answer that could be given to another engine, so they are only written anew.
 */
export function afterPart(end: PartEnd, answer: AnswerSoFar): Sequel {
  switch (end.type) {
    case "finished":
      return { type: "finish", reason: end.reason };
    case "cut":
      return { type: "finish", reason: "length" };
    case "diverged":
      return { type: "error", cause: "diverged" };
    case "broken":
      return afterBreak(answer);
    default:
      return end satisfies never;
  }
}

function afterBreak({
  maxTokens,
  countedTokens,
  emitted,
  isConstrained,
  isDeterministic,
}: AnswerSoFar): Sequel {
  if (!emitted.text && !emitted.reasoning && !emitted.toolCalls) return { type: "restart" };
  if (countedTokens >= maxTokens) return { type: "finish", reason: "length" };
  const ways: WayOn[] = [];
  if (!isConstrained && !emitted.toolCalls) {
    if (isDeterministic) ways.push({ way: "regenerate", feature: "deterministic", maxTokens });
    if (!emitted.reasoning)
      ways.push({ way: "prefill", feature: "prefill", maxTokens: maxTokens - countedTokens });
  }
  return ways.length > 0 ? { type: "continue", ways } : { type: "error", cause: "cannot_continue" };
}
