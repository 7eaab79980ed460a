import * as v from "valibot";
import {
  Flag,
  given,
  integerFrom,
  listOf,
  mapOf,
  notServed,
  numberFrom,
  objectMessage,
  objectOf,
  oneOf,
  stringUpTo,
} from "./chat-field.ts";
import { ChatMessages } from "./chat-message.ts";
import { FunctionTool, MAX_TOOLS, ResponseFormat, ToolChoice } from "./chat-tool.ts";
import { ProviderWishes } from "./provider-wishes.ts";
import { parseBody, type ParsedBody } from "./request-body.ts";

/**
 * POST /v1/chat/completions as the official clients send it (OpenAI's API reference, "Create chat completion"). Every known
 * field is checked, those without effect here too; unknown ones are ignored. Optional ones may be null. What would change
 * the answer and is not served is refused, never ignored.
 */

/** Far beyond what any model writes; every offer has its own limit below it. */
export const MOST_TOKENS = 100_000_000;

/** Of one prompt. Each is a job of its own. */
export const MOST_CHOICES = 8;

const MAX_STOPS = 4;
const StopString = v.pipe(stringUpTo(1_000), v.minLength(1, "must not be empty"));
const StopList = listOf(StopString, MAX_STOPS, "a string or a list of strings");
const OneStop = v.pipe(
  StopString,
  v.transform((stop) => [stop]),
);
const Stop = v.lazy((input) => (typeof input === "string" ? OneStop : StopList));

/** By token id, as decimal digits: it means something for one vocabulary only. */
const LogitBias = mapOf(
  v.pipe(v.string(), v.regex(/^\d{1,7}$/, "is not the id of a token")),
  numberFrom(-100, 100),
  1_024,
);

/** Of `stream_options`. */
export const ONLY_STREAMED = "is only allowed where stream is true";

const olderTools = "is the older form of tools, and is not served";

/** Whoever asks for a text may say these, whatever the text is to follow. */
export const textFields = {
  stream: v.nullish(Flag, false),
  stream_options: given(
    objectOf({ include_usage: v.nullish(Flag, false), include_obfuscation: given(Flag) }),
  ),

  temperature: v.nullish(numberFrom(0, 2), 1),
  top_p: v.nullish(numberFrom(0, 1), 1),
  frequency_penalty: v.nullish(numberFrom(-2, 2), 0),
  presence_penalty: v.nullish(numberFrom(-2, 2), 0),
  logit_bias: given(LogitBias),
  seed: given(integerFrom(-(2 ** 63), 2 ** 63)),
  stop: v.nullish(Stop, []),
};

const entries = {
  model: v.pipe(stringUpTo(200), v.minLength(1, "must not be empty")),
  messages: ChatMessages,

  ...textFields,
  max_completion_tokens: given(integerFrom(1, MOST_TOKENS)),
  /** The older name of max_completion_tokens. */
  max_tokens: given(integerFrom(1, MOST_TOKENS)),
  n: given(integerFrom(1, MOST_CHOICES)),
  logprobs: v.nullish(Flag, false),
  top_logprobs: given(integerFrom(0, 20)),

  tools: v.nullish(listOf(FunctionTool, MAX_TOOLS), []),
  tool_choice: given(ToolChoice),
  parallel_tool_calls: v.nullish(Flag, true),
  response_format: given(ResponseFormat),

  provider: given(ProviderWishes),

  functions: notServed(olderTools),
  function_call: notServed(olderTools),
  audio: notServed("is not served: models here answer in text"),
  modalities: given(listOf(v.literal("text", "must be text, the only one that is served"), 2)),
  web_search_options: notServed("is not served: models here see nothing but the messages"),
  moderation: notServed("is not served"),

  metadata: given(mapOf(stringUpTo(64), stringUpTo(512), 16)),
  prediction: given(objectOf({ type: oneOf("content") })),
  prompt_cache_key: given(stringUpTo(512)),
  prompt_cache_retention: given(stringUpTo(64)),
  reasoning_effort: given(stringUpTo(64)),
  safety_identifier: given(stringUpTo(512)),
  service_tier: given(stringUpTo(64)),
  store: given(Flag),
  user: given(stringUpTo(512)),
  verbosity: given(stringUpTo(64)),
};

/** The fields that a request may have. */
export const chatRequestFields: readonly string[] = Object.keys(entries);

export const ChatCompletionRequest = v.pipe(
  objectOf(entries),
  v.forward(
    v.check(({ stream, stream_options: options }) => stream || options === undefined, ONLY_STREAMED),
    ["stream_options"],
  ),
  v.forward(
    v.check(
      ({ logprobs, top_logprobs: top }) => logprobs || top === undefined,
      "is only allowed where logprobs is true",
    ),
    ["top_logprobs"],
  ),
  v.forward(
    v.check(
      ({ max_tokens: older, max_completion_tokens: newer }) => older === undefined || newer === undefined,
      "is the older name of max_completion_tokens: send one of the two",
    ),
    ["max_tokens"],
  ),
  v.forward(
    v.check(
      ({ tools, tool_choice: choice }) => canChoose(tools, choice),
      "asks for a tool that is not among tools",
    ),
    ["tool_choice"],
  ),
);
export type ChatCompletionRequest = v.InferOutput<typeof ChatCompletionRequest>;

function canChoose(tools: readonly FunctionTool[], choice: ToolChoice | undefined): boolean {
  if (choice === undefined || choice === "none" || choice === "auto") return true;
  if (choice === "required") return tools.length > 0;
  return tools.some((tool) => tool.function.name === choice.function.name);
}

/** Reads the body of a chat request; never throws. */
export const parseChatRequest = (body: unknown): ParsedBody<ChatCompletionRequest> =>
  parseBody(ChatCompletionRequest, body);

/** The most tokens that the answer may have; null where the request leaves it to the offer. */
export const maxTokensOf = (request: ChatCompletionRequest): number | null =>
  request.max_completion_tokens ?? request.max_tokens ?? null;

/** How the next token is drawn, nothing left to an engine's defaults: whoever goes on with an answer draws alike. */
export const Sampling = v.object(
  {
    temperature: numberFrom(0, 2),
    topP: numberFrom(0, 1),
    frequencyPenalty: numberFrom(-2, 2),
    presencePenalty: numberFrom(-2, 2),
    logitBias: LogitBias,
    /** 31 bits, which every engine takes; null for any. */
    seed: v.nullable(integerFrom(0, 2 ** 31 - 1)),
  },
  objectMessage,
);
export type Sampling = v.InferOutput<typeof Sampling>;

/** The sampling that a request asks for, with the official defaults. Seeds beyond 31 bits are cut to their lowest. */
export const samplingOf = (request: Pick<ChatCompletionRequest, keyof typeof textFields>): Sampling => ({
  temperature: request.temperature,
  topP: request.top_p,
  frequencyPenalty: request.frequency_penalty,
  presencePenalty: request.presence_penalty,
  logitBias: request.logit_bias ?? {},
  seed: request.seed === undefined ? null : Number(BigInt.asUintN(31, BigInt(request.seed))),
});
