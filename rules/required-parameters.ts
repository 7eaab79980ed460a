import type { ChatCompletionRequest } from "../protocol/chat.ts";
import type { CompletionRequest } from "../protocol/completions.ts";
import { type Feature, neededFeatures } from "../protocol/feature.ts";

/**
 * What a request asks for has to be had from whoever serves it, as far as an answer without it would be another one. By
 * `provider.require_parameters` nothing at all may be without effect: then a `seed` goes only to offers that promise the same
 * tokens for it, and what has no effect with anybody is refused.
 */

/** Fields that are checked and then change nothing, whoever serves the request. */
const WITHOUT_EFFECT = ["reasoning_effort", "verbosity", "prediction", "service_tier"] as const;

/** Service tiers that ask for nothing special. */
const USUAL_TIERS: readonly unknown[] = ["auto", "default"];

/** From each feature that the request needs to the first field that needs it. */
export const requiredFeatures = (request: ChatCompletionRequest): Map<Feature, string> =>
  withSeed(neededFeatures(request), request);

/** The same for a request to go on with a text. */
export function completionFeatures(request: CompletionRequest): Map<Feature, string> {
  const needs = new Map<Feature, string>();
  if (request.logprobs !== undefined) needs.set("logprobs", "logprobs");
  if (request.logit_bias && Object.keys(request.logit_bias).length > 0) needs.set("logit_bias", "logit_bias");
  return withSeed(needs, request);
}

function withSeed(
  needs: Map<Feature, string>,
  { provider, seed }: Pick<ChatCompletionRequest, "provider" | "seed">,
): Map<Feature, string> {
  if (provider?.require_parameters && seed !== undefined) needs.set("deterministic", "seed");
  return needs;
}

/** The fields that the request has, and wants to have an effect, which they have nowhere. */
export function unhonouredFields(request: ChatCompletionRequest): string[] {
  if (!request.provider?.require_parameters) return [];
  return WITHOUT_EFFECT.filter(
    (field) => request[field] !== undefined && !USUAL_TIERS.includes(request[field]),
  );
}
