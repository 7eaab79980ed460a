import * as v from "valibot";
import { Feature } from "./feature.ts";
import { ProviderId } from "./market.ts";
import { ModelName } from "./offer.ts";
import { Task } from "./task.ts";
import { Count, UnixTime } from "./text.ts";

/**
 * What /v1/models answers: the four keys of OpenAI's published schema, and who offers the model on which terms. Where OpenRouter
 * has a word for something it is used, in its meaning and its unit, so that clients that know one know the other.
 */

/** An amount of credits without an exponent and without zeros that say nothing: `0.0000004`. */
const Decimal = v.pipe(v.string(), v.regex(/^(0|[1-9]\d*)(\.\d*[1-9])?$/));

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** The fields of a request that an offer honours, of those that not every client can count on. */
export const SupportedParameter = v.picklist([
  "temperature",
  "top_p",
  "frequency_penalty",
  "presence_penalty",
  "seed",
  "stop",
  "max_tokens",
  "max_completion_tokens",
  "logprobs",
  "top_logprobs",
  "logit_bias",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  /** A `response_format` of type `json_schema`. */
  "structured_outputs",
]);
export type SupportedParameter = v.InferOutput<typeof SupportedParameter>;

/** One provider's terms. */
export const ModelOffer = v.strictObject({
  provider: ProviderId,
  /** What it can be asked for. */
  tasks: v.array(Task),
  /** Credits per million tokens, as in a request's `provider.max_price`. */
  price: v.strictObject({ prompt: Decimal, cached_prompt: Decimal, completion: Decimal }),
  /** Prompt and answer together, in tokens. */
  context_length: Count,
  max_output_tokens: Count,
  /** As the provider says; null where it does not. */
  quantization: v.nullable(v.string()),
  engine: v.string(),
  features: v.array(Feature),
  supported_parameters: v.array(SupportedParameter),
  /** Of one answer alone, as declared and seen; null when nothing is known. */
  tokens_per_second: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  /** The share of its next answers that is expected to succeed. */
  success_rate: Share,
  slots: v.strictObject({ total: Count, busy: Count }),
});
export type ModelOffer = v.InferOutput<typeof ModelOffer>;

const InputModality = v.picklist(["text", "image", "audio", "file"]);
export type InputModality = v.InferOutput<typeof InputModality>;

const OutputModality = v.picklist(["text", "embeddings"]);
export type OutputModality = v.InferOutput<typeof OutputModality>;

/** Where a request for the model may be sent. */
export const ModelEndpoint = v.picklist([
  "/v1/chat/completions",
  "/v1/responses",
  "/v1/completions",
  "/v1/embeddings",
]);
export type ModelEndpoint = v.InferOutput<typeof ModelEndpoint>;

/** GET /v1/models/:model */
export const Model = v.strictObject({
  id: ModelName,
  object: v.literal("model"),
  /** When it was first offered here. */
  created: UnixTime,
  /** The provider, where there is one; the market, where there is a choice; `alias` for another name of models. */
  owned_by: v.string(),
  /** The most that any offer has room for. */
  context_length: Count,
  max_output_tokens: Count,
  architecture: v.strictObject({
    input_modalities: v.array(InputModality),
    output_modalities: v.pipe(v.array(OutputModality), v.minLength(1)),
  }),
  /** Of the cheapest offer: credits for one token. */
  pricing: v.strictObject({ prompt: Decimal, completion: Decimal, input_cache_read: Decimal }),
  /** The cheapest offer's limits. Nothing that is asked or answered is looked through here. */
  top_provider: v.strictObject({
    context_length: Count,
    max_completion_tokens: Count,
    is_moderated: v.literal(false),
  }),
  /** Those that some offer serves. */
  endpoints: v.pipe(v.array(ModelEndpoint), v.minLength(1)),
  /** What some offer honours. A request goes only to offers that honour all that it needs. */
  supported_parameters: v.array(SupportedParameter),
  /** The cheapest completion first. */
  offers: v.pipe(v.array(ModelOffer), v.minLength(1)),
});
export type Model = v.InferOutput<typeof Model>;

/** GET /v1/models: what somebody offers at present. */
export const ModelList = v.strictObject({ object: v.literal("list"), data: v.array(Model) });
export type ModelList = v.InferOutput<typeof ModelList>;
