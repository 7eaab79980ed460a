import { type ChatCompletionRequest, maxTokensOf } from "../protocol/chat.ts";
import type { CompletionRequest } from "../protocol/completions.ts";
import type { EmbeddingsRequest } from "../protocol/embeddings.ts";
import type { Feature } from "../protocol/feature.ts";
import { completionJobOf, type JobRequest, jobRequestOf } from "../protocol/job.ts";
import type { ResponseEcho } from "../protocol/response.ts";
import type { Task } from "../protocol/task.ts";
import { conversationKey, promptKey } from "./conversation-key.ts";
import { MOST_BYTES_PER_TOKEN } from "./delivery.ts";
import type { JobNeeds } from "./matching.ts";
import { promptBound, textBound } from "./prompt-bound.ts";
import { beginVectors, type VectorDelivery } from "./vectors.ts";
import { completionFeatures, requiredFeatures, unhonouredFields } from "./required-parameters.ts";

/** What a consumer asks, by the address that was asked: here is all that the market wants to know of it. */
export type Asked =
  | { type: "chat"; request: ChatCompletionRequest }
  /** `echo` is what the answer repeats of its request. */
  | { type: "responses"; request: ChatCompletionRequest; echo: ResponseEcho }
  | { type: "completions"; request: CompletionRequest }
  | { type: "embeddings"; request: EmbeddingsRequest };

/** What a provider has to be able to do for it. */
export function taskOf({ type }: Asked): Task {
  switch (type) {
    case "chat":
    case "responses":
      return "chat";
    case "completions":
      return "completion";
    case "embeddings":
      return "embedding";
    default:
      return type satisfies never;
  }
}

/** What is answered by a text, which may come as a stream. */
export type WrittenAsked = Exclude<Asked, { type: "embeddings" }>;

/** Whether the answer is a stream. */
export const isStream = (asked: Asked): asked is WrittenAsked =>
  asked.type !== "embeddings" && asked.request.stream;

/** Whether a stream tells what it used. */
export const includesUsage = (asked: Asked): boolean =>
  isStream(asked) && asked.request.stream_options?.include_usage === true;

/** Whether the answer tells how likely its tokens were. */
export function tellsLogprobs({ type, request }: Asked): boolean {
  switch (type) {
    case "chat":
    case "responses":
      return request.logprobs;
    case "completions":
      return request.logprobs !== undefined;
    case "embeddings":
      return false;
    default:
      return type satisfies never;
  }
}

/** How many tokens the prompt has: the fewest, a good guess, and the most. */
export function promptOf({ type, request }: Asked): JobNeeds["prompt"] {
  switch (type) {
    case "chat":
    case "responses": {
      const { messages, tools, response_format: format } = request;
      const schemas = [...tools, ...(format && format.type !== "text" ? [format] : [])];
      // The shortest text has a token a message.
      return { ...guessed(promptBound(messages, schemas)), atLeast: messages.length };
    }
    case "completions": {
      const { prompts } = request;
      const atMost = prompts.reduce((sum, prompt) => sum + textBound(prompt), 0);
      return { ...guessed(atMost), atLeast: prompts.length };
    }
    case "embeddings": {
      const bounds = request.input.map(textBound);
      const atMost = bounds.reduce((sum, bound) => sum + bound, 0);
      // Each is read by itself, so that the longest is what a context needs room for.
      return { ...guessed(atMost), atLeast: Math.ceil(Math.max(...bounds) / MOST_BYTES_PER_TOKEN) };
    }
    default:
      return type satisfies never;
  }
}

/** How many texts it has, of which each has a context for itself: so often as many tokens may be read as a context has. */
export const separateTexts = ({ type, request }: Asked): number =>
  type === "embeddings" ? request.input.length : 1;

/** The usual text has a token for four bytes. */
const guessed = (atMost: number) => ({ expected: Math.ceil(atMost / 4), atMost });

/** The most tokens that the answer may have; null where the request leaves it to the offer. */
export function mostTokens({ type, request }: Asked): number | null {
  switch (type) {
    case "chat":
    case "responses":
      return maxTokensOf(request);
    case "completions":
      return request.max_tokens;
    case "embeddings":
      return 0;
    default:
      return type satisfies never;
  }
}

/** From each feature that whoever serves it must have to the first field that needs it. */
export function featuresOf({ type, request }: Asked): Map<Feature, string> {
  switch (type) {
    case "chat":
    case "responses":
      return requiredFeatures(request);
    case "completions":
      return completionFeatures(request);
    case "embeddings":
      return new Map();
    default:
      return type satisfies never;
  }
}

/** The fields that it has, and wants to have an effect, which they have nowhere. */
export function unhonouredOf({ type, request }: Asked): string[] {
  switch (type) {
    case "chat":
    case "responses":
      return unhonouredFields(request);
    case "completions":
    case "embeddings":
      return [];
    default:
      return type satisfies never;
  }
}

/** Whether the answer has to keep to a form: an engine's state then is more than the text so far. */
export function isConstrained({ type, request }: Asked): boolean {
  switch (type) {
    case "chat":
    case "responses": {
      const { tools, tool_choice: choice, response_format: format } = request;
      return (tools.length > 0 && choice !== "none") || (format !== undefined && format.type !== "text");
    }
    case "completions":
    case "embeddings":
      return false;
    default:
      return type satisfies never;
  }
}

/** Whether it settles the answer, with an engine that leaves nothing to chance. */
export const leavesNothingToChance = ({ type, request }: Asked): boolean =>
  type === "embeddings" || request.seed !== undefined || request.temperature === 0;

/** The same for all requests of a conversation (rules/conversation-key.ts); null for what is none. */
export function keyOf(consumer: string, { type, request }: Asked): number | null {
  switch (type) {
    case "chat":
    case "responses":
      return conversationKey(consumer, request.model, request.messages);
    case "completions":
      return promptKey(consumer, request.model, request.prompts[0] ?? "");
    case "embeddings":
      return null;
    default:
      return type satisfies never;
  }
}

/**
 * What a provider is asked for.
 * @param maxTokens the most tokens that are still to be written
 * @param continuation what was written before, null at the beginning
 */
export function jobRequest(
  { type, request }: Asked,
  maxTokens: number,
  continuation: string | null,
): JobRequest {
  switch (type) {
    case "chat":
    case "responses":
      return jobRequestOf(request, maxTokens, continuation, false);
    case "completions":
      return completionJobOf(request, maxTokens, continuation, false);
    case "embeddings":
      return { type: "embedding", inputs: request.input, dimensions: request.dimensions ?? null };
    default:
      return type satisfies never;
  }
}

/** What is to come of vectors; null where none are asked for. */
export const vectorsAsked = ({ type, request }: Asked): VectorDelivery | null =>
  type === "embeddings" ? beginVectors(request.input.length, request.dimensions ?? null) : null;

/** What its sender calls the fields that errors speak of; /v1/responses puts its own names in the place of those of chat. */
export function wordsFor({ type, request }: Asked): AskedWords {
  switch (type) {
    case "chat":
    case "responses":
      return {
        task: "answers chats",
        prompt: "messages",
        maxTokens: typeof request.max_tokens === "number" ? "max_tokens" : "max_completion_tokens",
      };
    case "completions":
      return { task: "serves completions", prompt: "prompt", maxTokens: "max_tokens" };
    case "embeddings":
      return { task: "makes embeddings", prompt: "input", maxTokens: null };
    default:
      return type satisfies never;
  }
}

export interface AskedWords {
  /** What a provider does that serves it: `answers chats`. */
  task: string;
  /** The field that has what the model is to read. */
  prompt: "messages" | "prompt" | "input";
  /** The field that says how long the answer may be, or would; null where nothing is written. */
  maxTokens: "max_completion_tokens" | "max_tokens" | null;
}
