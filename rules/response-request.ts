import type { ChatMessage } from "../protocol/chat-message.ts";
import { MAX_TOOLS, type ResponseFormat } from "../protocol/chat-tool.ts";
import type { ChatCompletionRequest } from "../protocol/chat.ts";
import type { ResponseInputItem } from "../protocol/response-input.ts";
import type { ResponseEcho } from "../protocol/response.ts";
import { LOGPROBS, type ResponsesRequest, type TextFormat } from "../protocol/responses.ts";

/**
 * A request to /v1/responses as the chat request that asks for the same answer: so jobs, prices and providers know but one
 * kind. What was wrong with that is told by the names that the sender used.
 */

export interface TranslatedRequest {
  request: ChatCompletionRequest;
  /** For each message, the field that it comes from: `instructions`, `input`, `input[3]`. */
  origins: string[];
}

/** The chat request that asks for the same answer. */
export function chatRequestOf(asked: ResponsesRequest): TranslatedRequest {
  const { messages, origins } = messagesOf(asked);
  const { text, tool_choice: choice } = asked;
  const hasLogprobs = asked.include.includes(LOGPROBS);
  return {
    request: {
      model: asked.model,
      messages,
      stream: asked.stream,
      temperature: asked.temperature,
      top_p: asked.top_p,
      frequency_penalty: 0,
      presence_penalty: 0,
      stop: [],
      max_completion_tokens: asked.max_output_tokens,
      logprobs: hasLogprobs,
      top_logprobs: hasLogprobs ? asked.top_logprobs : undefined,
      tools: asked.tools.map(({ name, description, parameters, strict }) => ({
        type: "function",
        function: { name, description, parameters, strict },
      })),
      tool_choice:
        typeof choice === "object" ? { type: "function", function: { name: choice.name } } : choice,
      parallel_tool_calls: asked.parallel_tool_calls,
      response_format: text?.format === undefined ? undefined : formatOf(text.format),
      provider: asked.provider,
      reasoning_effort: asked.reasoning?.effort,
      verbosity: text?.verbosity,
      prompt_cache_key: asked.prompt_cache_key,
      safety_identifier: asked.safety_identifier,
      service_tier: asked.service_tier,
      user: asked.user,
    },
    origins,
  };
}

function formatOf(format: TextFormat): ResponseFormat {
  if (format.type !== "json_schema") return format;
  const { name, description, schema, strict } = format;
  return { type: "json_schema", json_schema: { name, description, schema, strict } };
}

function messagesOf({ instructions, input }: ResponsesRequest): {
  messages: ChatMessage[];
  origins: string[];
} {
  const messages: ChatMessage[] = [];
  const origins: string[] = [];
  const add = (message: ChatMessage, origin: string): void => {
    messages.push(message);
    origins.push(origin);
  };
  if (instructions !== undefined) add({ role: "system", content: instructions }, "instructions");
  if (typeof input === "string") add({ role: "user", content: input }, "input");
  else
    for (const [index, item] of input.entries()) {
      const message = messageOf(item);
      if (message === null) continue;
      const merged = withCalls(messages.at(-1), message, origins.at(-1));
      if (merged === null) add(message, `input[${index}]`);
      else messages[messages.length - 1] = merged;
    }
  return { messages, origins };
}

/** Null for what models are not shown. */
function messageOf(item: ResponseInputItem): ChatMessage | null {
  switch (item.type) {
    case "reasoning":
      return null;
    case "function_call":
      return {
        role: "assistant",
        tool_calls: [
          { id: item.call_id, type: "function", function: { name: item.name, arguments: item.arguments } },
        ],
      };
    case "function_call_output":
      return { role: "tool", tool_call_id: item.call_id, content: textContentOf(item.output) };
    case "message":
    case undefined:
      return turnOf(item);
    default:
      return item satisfies never;
  }
}

type Turn = Extract<ResponseInputItem, { role: string }>;

function turnOf(item: Turn): ChatMessage {
  switch (item.role) {
    case "system":
    case "developer":
      return { role: item.role, content: textContentOf(item.content) };
    case "assistant":
      return {
        role: "assistant",
        content:
          typeof item.content === "string"
            ? item.content
            : item.content.map((part) =>
                part.type === "refusal"
                  ? { type: "refusal", refusal: part.refusal }
                  : { type: "text", text: part.text },
              ),
      };
    case "user":
      return {
        role: "user",
        content: typeof item.content === "string" ? item.content : item.content.map(userPartOf),
      };
    default:
      return item satisfies never;
  }
}

type UserContent = Extract<ChatMessage, { role: "user" }>["content"];
type UserPart = Exclude<UserContent, string>[number];
type InputPart = Exclude<Extract<Turn, { role: "user" }>["content"], string>[number];

function userPartOf(part: InputPart): UserPart {
  switch (part.type) {
    case "input_text":
      return { type: "text", text: part.text };
    case "input_image":
      return { type: "image_url", image_url: { url: part.image_url, detail: part.detail } };
    case "input_file":
      return { type: "file", file: { file_data: part.file_data, filename: part.filename } };
    default:
      return part satisfies never;
  }
}

const textContentOf = (content: string | readonly { text: string }[]): TextContent =>
  typeof content === "string" ? content : content.map(({ text }) => ({ type: "text", text }));
type TextContent = Extract<ChatMessage, { role: "tool" }>["content"];

/**
 * In chat, calls are part of the turn before them, where that is the model's own.
 * @param origin where `before` comes from
 * @returns that turn with the calls of `message`; null where they don't belong together
 */
function withCalls(
  before: ChatMessage | undefined,
  message: ChatMessage,
  origin: string | undefined,
): ChatMessage | null {
  if (before?.role !== "assistant" || message.role !== "assistant" || origin === undefined) return null;
  const { tool_calls: calls = [] } = message;
  const all = [...(before.tool_calls ?? []), ...calls];
  return calls.length === 0 || all.length > MAX_TOOLS ? null : { ...before, tool_calls: all };
}

/** Fields of chat, by the names that they have in /v1/responses. */
const namesHere: Readonly<Record<string, string>> = {
  messages: "input",
  max_completion_tokens: "max_output_tokens",
  response_format: "text.format",
  logprobs: "include",
  reasoning_effort: "reasoning.effort",
  verbosity: "text.verbosity",
};

/**
 * The field of /v1/responses that a field of the chat request comes from.
 * @param origins of `chatRequestOf`; empty where they are not known any more
 */
export function paramHere(param: string | null, origins: readonly string[]): string | null {
  if (param === null) return null;
  const [, index, within = ""] = /^messages\[(\d+)\](.*)$/.exec(param) ?? [];
  if (index === undefined) return namesHere[param] ?? param;
  const origin = origins[Number(index)] ?? "input";
  return within === ".tool_calls" ? origin : origin + within;
}

/** A sentence about the chat request, which may name its fields, as one about the request that was sent. */
export const messageHere = (message: string): string =>
  message.replaceAll("max_completion_tokens", "max_output_tokens");

/** What the answer repeats of its request. */
export function echoOf(asked: ResponsesRequest): ResponseEcho {
  const { text, reasoning, prompt_cache_key: cacheKey, safety_identifier: safety, user } = asked;
  const format = text?.format ?? { type: "text" };
  return {
    background: false,
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    max_tool_calls: asked.max_tool_calls ?? null,
    metadata: asked.metadata ?? {},
    model: asked.model,
    parallel_tool_calls: asked.parallel_tool_calls,
    previous_response_id: null,
    ...(cacheKey === undefined ? {} : { prompt_cache_key: cacheKey }),
    reasoning: {
      effort: reasoning?.effort ?? null,
      summary: reasoning?.summary ?? reasoning?.generate_summary ?? null,
    },
    ...(safety === undefined ? {} : { safety_identifier: safety }),
    service_tier: "default",
    store: false,
    temperature: asked.temperature,
    text: {
      format: format.type === "json_schema" ? schemaEcho(format) : format,
      ...(text?.verbosity === undefined ? {} : { verbosity: text.verbosity }),
    },
    tool_choice: asked.tool_choice ?? "auto",
    tools: asked.tools.map(({ name, description = null, parameters = null, strict = null }) => ({
      type: "function",
      name,
      description,
      parameters,
      strict,
    })),
    top_logprobs: asked.top_logprobs ?? 0,
    top_p: asked.top_p,
    truncation: "disabled",
    ...(user === undefined ? {} : { user }),
  };
}

function schemaEcho(format: Extract<TextFormat, { type: "json_schema" }>): ResponseEcho["text"]["format"] {
  const { type, name, schema, description, strict } = format;
  return {
    type,
    name,
    schema,
    ...(description === undefined ? {} : { description }),
    strict: strict ?? null,
  };
}
