import type { Feature } from "../protocol/feature.ts";
import type {
  InputModality,
  Model,
  ModelEndpoint,
  ModelOffer,
  OutputModality,
  SupportedParameter,
} from "../protocol/model.ts";
import { formatCredits, formatTokenPrice } from "../protocol/money.ts";
import type { Offer } from "../protocol/offer.ts";
import { Task } from "../protocol/task.ts";

/** An offer, and what is known of who makes it. */
export interface OfferedModel {
  provider: string;
  terms: Offer;
  tokensPerSecond: number | null;
  /** 0 to 1. */
  success: number;
  slots: { total: number; busy: number };
}

/** Whoever writes a text is sent these with each request. */
const WRITING: readonly SupportedParameter[] = [
  "temperature",
  "top_p",
  "frequency_penalty",
  "presence_penalty",
  "seed",
  "stop",
  "max_tokens",
];

/** The fields of a request that an offer honours whatever its features are, by what it is asked for. */
const ALWAYS: Record<Task, readonly SupportedParameter[]> = {
  chat: [...WRITING, "max_completion_tokens"],
  completion: WRITING,
  embedding: [],
};

/** Those that need a feature. */
const NEEDING: Record<Task, Partial<Record<Feature, readonly SupportedParameter[]>>> = {
  chat: {
    logprobs: ["logprobs", "top_logprobs"],
    logit_bias: ["logit_bias"],
    tools: ["tools", "tool_choice", "parallel_tool_calls"],
    json_object: ["response_format"],
    json_schema: ["response_format", "structured_outputs"],
  },
  completion: { logprobs: ["logprobs"], logit_bias: ["logit_bias"] },
  embedding: {},
};

const ENDPOINTS: Record<Task, readonly ModelEndpoint[]> = {
  chat: ["/v1/chat/completions", "/v1/responses"],
  completion: ["/v1/completions"],
  embedding: ["/v1/embeddings"],
};

const OUTPUTS: Record<Task, OutputModality> = { chat: "text", completion: "text", embedding: "embeddings" };

const MODALITIES: Partial<Record<Feature, InputModality>> = {
  images: "image",
  audio: "audio",
  files: "file",
};

/**
 * A model as /v1/models shows it.
 *
 * @param createdAt when it was first offered, in milliseconds
 * @param offered at least one offer of it, in any order
 */
export function modelCard(name: string, createdAt: number, offered: readonly OfferedModel[]): Model | null {
  const sorted = offered.toSorted(cheapestFirst);
  const [cheapest, ...others] = sorted;
  if (cheapest === undefined) return null;
  const { prices, contextTokens, maxOutputTokens } = cheapest.terms;
  const features = sorted.flatMap(({ terms }) => terms.features);
  const tasks = Task.options.filter((task) => sorted.some(({ terms }) => terms.tasks.includes(task)));
  return {
    id: name,
    object: "model",
    created: Math.floor(createdAt / 1_000),
    owned_by: others.every(({ provider }) => provider === cheapest.provider) ? cheapest.provider : "tabarena",
    context_length: Math.max(...sorted.map(({ terms }) => terms.contextTokens)),
    max_output_tokens: Math.max(...sorted.map(({ terms }) => terms.maxOutputTokens)),
    architecture: {
      input_modalities: ["text", ...new Set(features.flatMap((feature) => MODALITIES[feature] ?? []))],
      output_modalities: [...new Set(tasks.map((task) => OUTPUTS[task]))],
    },
    pricing: {
      prompt: formatTokenPrice(prices.prompt),
      completion: formatTokenPrice(prices.completion),
      input_cache_read: formatTokenPrice(prices.cachedPrompt),
    },
    top_provider: {
      context_length: contextTokens,
      max_completion_tokens: maxOutputTokens,
      is_moderated: false,
    },
    endpoints: tasks.flatMap((task) => ENDPOINTS[task]),
    supported_parameters: [...new Set(sorted.flatMap(({ terms }) => parametersOf(terms)))],
    offers: sorted.map(shown),
  };
}

const shown = ({ provider, terms, tokensPerSecond, success, slots }: OfferedModel): ModelOffer => ({
  provider,
  tasks: terms.tasks,
  price: {
    prompt: formatCredits(terms.prices.prompt),
    cached_prompt: formatCredits(terms.prices.cachedPrompt),
    completion: formatCredits(terms.prices.completion),
  },
  context_length: terms.contextTokens,
  max_output_tokens: terms.maxOutputTokens,
  quantization: terms.artifact.quantisation,
  engine: `${terms.engine.name} ${terms.engine.build}`.trim(),
  features: terms.features,
  supported_parameters: parametersOf(terms),
  tokens_per_second: tokensPerSecond,
  success_rate: success,
  slots: { total: slots.total, busy: slots.busy },
});

const parametersOf = ({ tasks, features }: Offer): SupportedParameter[] => [
  ...new Set([
    ...tasks.flatMap((task) => ALWAYS[task]),
    ...tasks.flatMap((task) => features.flatMap((feature) => NEEDING[task][feature] ?? [])),
  ]),
];

/** By the completion's price; among equals by the prompt's, and then by name, so that the order is always the same. */
const cheapestFirst = (a: OfferedModel, b: OfferedModel): number =>
  a.terms.prices.completion - b.terms.prices.completion ||
  a.terms.prices.prompt - b.terms.prices.prompt ||
  (a.provider < b.provider ? -1 : 1);
