import * as v from "valibot";
import { type ChatCompletionRequest, Sampling, samplingOf } from "./chat.ts";
import { integerFrom } from "./chat-field.ts";
import { ChatMessages } from "./chat-message.ts";
import { FunctionTool, MAX_TOOLS, ResponseFormat, ToolChoice } from "./chat-tool.ts";
import type { CompletionRequest } from "./completions.ts";
import { Count } from "./text.ts";
import { MAX_DIMENSIONS } from "./vector.ts";

/** How a text is written, whatever comes before it. */
const writing = {
  /** What others have written of the answer before: it goes on from there. Null where it begins. Needs `prefill`. */
  continuation: v.nullable(v.string()),
  sampling: Sampling,
  /** The answer ends before the first of these, which is not part of it. */
  stop: v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.maxLength(4)),
  /** The most tokens to write; what others wrote before is not counted. */
  maxTokens: v.pipe(Count, v.minValue(1)),
  /** How many alternatives are told for each token; null for no probabilities at all. */
  logprobs: v.nullable(integerFrom(0, 20)),
  /** Whether the ids of tokens are told. */
  tokenIds: v.boolean(),
};

/** The answer to a conversation. */
export const ChatJob = v.object({
  type: v.literal("chat"),
  messages: ChatMessages,
  ...writing,
  /** Empty for none. */
  tools: v.pipe(v.array(FunctionTool), v.maxLength(MAX_TOOLS)),
  toolChoice: ToolChoice,
  parallelToolCalls: v.boolean(),
  responseFormat: ResponseFormat,
});
export type ChatJob = v.InferOutput<typeof ChatJob>;

/** What comes after a text, which the model reads as it is, with no template around it. */
export const CompletionJob = v.object({
  type: v.literal("completion"),
  prompt: v.string(),
  ...writing,
});
export type CompletionJob = v.InferOutput<typeof CompletionJob>;

/** Texts of one request for embeddings. */
export const MAX_INPUTS = 2_048;

/** A vector for each of some texts. */
export const EmbeddingJob = v.object({
  type: v.literal("embedding"),
  inputs: v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1), v.maxLength(MAX_INPUTS)),
  /** How long each vector is to be; null for as long as the model makes them. */
  dimensions: v.nullable(integerFrom(1, MAX_DIMENSIONS)),
});
export type EmbeddingJob = v.InferOutput<typeof EmbeddingJob>;

/** What a provider is asked for, by `Task`: the consumer's request, with nothing of the consumer's person. */
export const JobRequest = v.variant("type", [ChatJob, CompletionJob, EmbeddingJob]);
export type JobRequest = v.InferOutput<typeof JobRequest>;

/**
 * What a provider is asked for to answer a request.
 * @param request as the consumer sent it
 * @param maxTokens the most tokens that are still to be written
 * @param continuation what was written before, null at the beginning
 * @param tokenIds whether the ids of tokens are wanted
 */
export const jobRequestOf = (
  request: ChatCompletionRequest,
  maxTokens: number,
  continuation: string | null,
  tokenIds: boolean,
): ChatJob => ({
  type: "chat",
  messages: request.messages,
  continuation,
  sampling: samplingOf(request),
  stop: request.stop,
  maxTokens,
  logprobs: request.logprobs ? (request.top_logprobs ?? 0) : null,
  tokenIds,
  tools: request.tools,
  toolChoice: request.tool_choice ?? (request.tools.length > 0 ? "auto" : "none"),
  parallelToolCalls: request.parallel_tool_calls,
  responseFormat: request.response_format ?? { type: "text" },
});

/** The same for a request that has one text to go on with. */
export const completionJobOf = (
  request: CompletionRequest,
  maxTokens: number,
  continuation: string | null,
  tokenIds: boolean,
): CompletionJob => ({
  type: "completion",
  prompt: request.prompts[0] ?? "",
  continuation,
  sampling: samplingOf(request),
  stop: request.stop,
  maxTokens,
  logprobs: request.logprobs ?? null,
  tokenIds,
});
