import { formatCredits, type Prices } from "../protocol/money.ts";
import type { OpenAIErrorCode } from "../protocol/openai-error.ts";
import { type Asked, featuresOf, wordsFor } from "./asked.ts";
import type { Unmet } from "./matching.ts";
import { type Wisher, wisherText } from "./wishes.ts";

/** What a consumer is told; `param` is the field of the request that to change would help, if any. */
export interface UnmetError {
  code: OpenAIErrorCode;
  message: string;
  param: string | null;
}

/**
 * The error for a request that no offer serves: which of its demands nobody meets, and how much of it somebody would.
 *
 * @param isKnown whether the model was ever offered: then its providers are away, and may come again
 * @param models what its name stands for; null for any
 * @param wisher whose wishes leave nobody; where they are not the request's, no field of it is at fault
 */
export function unmetError(
  unmet: Unmet,
  asked: Asked,
  isKnown: boolean,
  models: readonly string[] | null,
  wisher: Wisher,
): UnmetError {
  const error = unmetDemand(unmet, asked, isKnown, models);
  if (wisher === "request") return error;
  return { ...error, message: `${error.message} That is so ${wisherText[wisher]}.`, param: null };
}

function unmetDemand(
  unmet: Unmet,
  asked: Asked,
  isKnown: boolean,
  models: readonly string[] | null,
): UnmetError {
  const words = wordsFor(asked);
  const model = nameOf(asked.request.model, models);
  switch (unmet.demand) {
    case "model":
      return isKnown
        ? error("no_provider", `No provider of the model ${model} is connected at the moment.`)
        : error("model_not_found", `No provider has offered the model ${model}.`, "model");
    case "task":
      return error(
        "unsupported_parameter",
        `The model ${model} is offered, but by nobody who ${words.task} with it.`,
        "model",
      );
    case "providers":
      return error(
        "no_matching_offer",
        `The model ${model} is offered, but by none of the providers that may serve this request.`,
        providersField(asked),
      );
    case "parameters":
      return error(
        "unsupported_parameter",
        `By provider.require_parameters nothing may be without effect, and this is with every offer: ${unmet.unhonoured.join(", ")}.`,
        unmet.unhonoured[0] ?? null,
      );
    case "features":
      return error(
        "unsupported_parameter",
        `The model ${model} is offered, but by no provider that can do what this request needs: ${unmet.missing.join(", ")}.`,
        paramOf(unmet, asked),
      );
    case "quantisation":
      return error(
        "no_matching_offer",
        `The model ${model} is offered, but not in one of provider.quantizations; on offer there is ` +
          `${unmet.offered.map((name) => name ?? "unknown").join(", ")}.`,
        "provider.quantizations",
      );
    case "context":
      return error(
        "context_length_exceeded",
        `This request needs a context of ${unmet.needed} tokens or more for its ${words.prompt}` +
          `${words.maxTokens === null ? "" : " and its answer"}; the largest on offer has ${unmet.largest}.`,
        words.prompt,
      );
    case "output":
      return error(
        "invalid_request",
        `An answer of up to ${unmet.needed} tokens is asked for; the longest on offer has ${unmet.largest}.`,
        words.maxTokens,
      );
    case "price":
      return error(
        "no_matching_offer",
        `The model ${model} is offered, but not within provider.max_price; the cheapest offer asks ` +
          `${priceText(unmet.cheapest)}.`,
        "provider.max_price",
      );
    case "speed":
      return error(
        "no_matching_offer",
        `The model ${model} is offered, but not as fast as this request asks for; the fastest offer makes ` +
          `${rounded(unmet.fastest)} tokens a second.`,
        "provider.min_tokens_per_second",
      );
    case "staying":
      return error("no_provider", `All providers of the model ${model} that suit this request are leaving.`);
    case "untried":
      return error(
        "provider_failed",
        `All providers of the model ${model} that suit this request were tried, and none answered.`,
      );
    default:
      return unmet satisfies never;
  }
}

/** The name as it was sent, with what it stands for where that is something else. */
function nameOf(name: string, models: readonly string[] | null): string {
  const isItself = models === null || (models.length === 1 && models[0] === name);
  return JSON.stringify(name) + (isItself ? "" : ` (which stands for ${models.join(", ")})`);
}

function error(code: OpenAIErrorCode, message: string, param: string | null = null): UnmetError {
  return { code, message, param };
}

function paramOf({ missing }: Extract<Unmet, { demand: "features" }>, asked: Asked): string | null {
  const needs = featuresOf(asked);
  const first = missing.find((feature) => needs.has(feature));
  return first === undefined ? null : (needs.get(first) ?? null);
}

/** The wish that left nobody; of several, the one that allows the fewest. */
function providersField({ request: { provider } }: Asked): string {
  if (provider?.only) return "provider.only";
  return provider?.order && provider.allow_fallbacks === false ? "provider.order" : "provider.ignore";
}

function priceText({ prompt, completion }: Prices): string {
  return `${formatCredits(prompt)} credits per million tokens of the prompt and ${formatCredits(completion)} of the answer`;
}

/** Rounded down: what is told is really there. */
function rounded(speed: number): number {
  return Math.floor(speed * 10) / 10;
}
