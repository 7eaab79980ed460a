import type * as v from "valibot";
import { ChatCompletion, ChatCompletionChunk, Usage } from "../../protocol/chat-completion.ts";
import { ChatMessage } from "../../protocol/chat-message.ts";
import { FunctionTool, ResponseFormat, ToolCall } from "../../protocol/chat-tool.ts";
import { ChatCompletionRequest } from "../../protocol/chat.ts";
import { CompletionRequest } from "../../protocol/completions.ts";
import { EmbeddingsRequest, EmbeddingsResponse, EmbeddingsUsage } from "../../protocol/embeddings.ts";
import { Model, ModelList, ModelOffer } from "../../protocol/model.ts";
import { ProviderWishes } from "../../protocol/provider-wishes.ts";
import { ResponseStreamEvent } from "../../protocol/response-event.ts";
import { OutputItem, Response, ResponseUsage } from "../../protocol/response.ts";
import { ResponsesRequest } from "../../protocol/responses.ts";
import { OpenAIErrorBody, type OpenAIErrorCode } from "../../protocol/openai-error.ts";
import { TextCompletion, TextCompletionChunk } from "../../protocol/text-completion.ts";

/** What the API's document is made of: what is written here, and the schemas by which the server itself reads and is tested. */

/** Schemas that have a name in the document, which others refer to. */
export const schemas = {
  ChatCompletionRequest,
  ChatMessage,
  FunctionTool,
  ToolCall,
  ResponseFormat,
  ChatCompletion,
  ChatCompletionChunk,
  Usage,
  ProviderWishes,
  CompletionRequest,
  TextCompletion,
  TextCompletionChunk,
  ResponsesRequest,
  Response,
  OutputItem,
  ResponseUsage,
  ResponseStreamEvent,
  EmbeddingsRequest,
  EmbeddingsResponse,
  EmbeddingsUsage,
  Model,
  ModelList,
  ModelOffer,
  Error: OpenAIErrorBody,
} as const satisfies Record<string, v.GenericSchema>;
export type SchemaName = keyof typeof schemas;

export interface Operation {
  method: "get" | "post";
  /** Below /v1, with its parameters in braces. */
  path: string;
  id: string;
  summary: string;
  /** CommonMark. */
  description: string;
  /** What each parameter of the path is. */
  parameters?: Record<string, string>;
  request?: SchemaName;
  answer: SchemaName;
  /** The answer's events, where it may be a stream. */
  stream?: { events: readonly SchemaName[]; description: string };
  /** Whether a key is spent, so that the request may be sent again under one Idempotency-Key. */
  isPaid: boolean;
  errors: readonly OpenAIErrorCode[];
}

const always = ["invalid_api_key", "origin_not_allowed", "internal"] as const;

/** What is refused of a request that is to be served by a provider. */
const served = [
  "invalid_request",
  "context_length_exceeded",
  "unsupported_parameter",
  "insufficient_funds",
  "model_not_found",
  "no_matching_offer",
  "idempotency_conflict",
  "idempotency_in_progress",
  "body_too_large",
  "rate_limited",
  "provider_failed",
  "no_provider",
  "queue_full",
  "starting",
  "timed_out",
] as const;

const EVENTS =
  "Server-sent events. The `data` of each is JSON of one of these, or the word `[DONE]`, which is the last. Lines that begin with " +
  "a colon are comments: how long a request that waits has to. A stream that fails ends by an `Error` instead of `[DONE]`.";

const RESPONSE_EVENTS =
  "Server-sent events. Each has a name, `event`, which is the `type` of its `data`: JSON of one of these. The last is " +
  "`response.completed`, `response.incomplete` or, after `response.failed`, `error`. Lines that begin with a colon are comments.";

/** One entry an address. */
export const operations: readonly Operation[] = [
  {
    method: "post",
    path: "/chat/completions",
    id: "createChatCompletion",
    summary: "Answer a conversation",
    description:
      "Served by whichever offer suits the request best, at the offer's price. The most that it can cost is set aside first; what was " +
      "not used comes back. Whoever serves it can read it. With `n`, each choice is served and paid as an answer of its own; `usage` " +
      "tells what all of them used.",
    request: "ChatCompletionRequest",
    answer: "ChatCompletion",
    stream: { events: ["ChatCompletionChunk", "Error"], description: EVENTS },
    isPaid: true,
    errors: [...always, ...served],
  },
  {
    method: "post",
    path: "/completions",
    id: "createCompletion",
    summary: "Go on with a text",
    description:
      "The older API: what comes after a prompt that the model reads as it is, with no turns around it. Served as a chat completion is, " +
      "by offers whose engines do that. Each choice, of `n` and of several prompts, is served and paid as an answer of its own.",
    request: "CompletionRequest",
    answer: "TextCompletion",
    stream: { events: ["TextCompletionChunk", "Error"], description: EVENTS },
    isPaid: true,
    errors: [...always, ...served],
  },
  {
    method: "post",
    path: "/responses",
    id: "createResponse",
    summary: "Answer a conversation, in the shape of the Responses API",
    description: "Served as a chat completion is. Nothing is kept: a conversation is sent whole each time.",
    request: "ResponsesRequest",
    answer: "Response",
    stream: { events: ["ResponseStreamEvent"], description: RESPONSE_EVENTS },
    isPaid: true,
    errors: [...always, ...served],
  },
  {
    method: "post",
    path: "/embeddings",
    id: "createEmbedding",
    summary: "Turn texts into vectors",
    description:
      "Served as a chat completion is, by offers whose engines do that. The tokens of the texts are paid for, and nothing else.",
    request: "EmbeddingsRequest",
    answer: "EmbeddingsResponse",
    isPaid: true,
    errors: [...always, ...served],
  },
  {
    method: "get",
    path: "/models",
    id: "listModels",
    summary: "List the models that are offered",
    description:
      "What somebody offers at this moment, by name, with everybody's terms; beside it the aliases that the account has and those of all " +
      "accounts, whose `owned_by` is `alias`. A request's `model` is one of these names, or `auto` for any model that suits.",
    answer: "ModelList",
    isPaid: false,
    errors: always,
  },
  {
    method: "get",
    path: "/models/{model}",
    id: "retrieveModel",
    summary: "Show one model",
    description: "One of those that are offered at this moment, or an alias of some.",
    parameters: { model: "Its name; slashes may be encoded or not." },
    answer: "Model",
    isPaid: false,
    errors: [...always, "model_not_found"],
  },
];

/** When a request is refused with a code. */
export const errorTexts: Record<OpenAIErrorCode, string> = {
  invalid_request: "a field is missing or wrong, or the body is no JSON in UTF-8",
  context_length_exceeded: "no offer has room for the messages and the answer",
  unsupported_parameter: "nobody who offers the model can do what the request needs",
  invalid_api_key: "no key, an unknown one, or one that was revoked",
  insufficient_funds: "the balance is less than what the request can cost",
  origin_not_allowed: "a page of another site sent a key that is not for it",
  model_not_found: "nobody offers this model, or ever has",
  no_matching_offer: "the model is offered, but not within the request's `provider`",
  unknown_url: "there is no such address",
  method_not_allowed: "the address does not take this method",
  idempotency_conflict: "the `Idempotency-Key` came with another request before",
  idempotency_in_progress: "the first request with this `Idempotency-Key` is still being answered",
  body_too_large: "the body is larger than 8 MiB",
  rate_limited: "too many requests of this account wait already",
  internal: "a fault of the site's",
  provider_failed: "providers had the request and failed",
  no_provider: "the model was offered before, and none of its providers is connected",
  queue_full: "all slots are taken and too many wait",
  starting: "the site has just begun",
  timed_out: "it took longer than a request may",
};
