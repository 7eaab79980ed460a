import * as v from "valibot";
import { FinishReason } from "./finish-reason.ts";
import { NANO_PER_CREDIT } from "./money.ts";
import { ModelName } from "./offer.ts";
import { Count, UnixTime } from "./text.ts";

/**
 * What /v1/chat/completions answers: the shapes of OpenAI's published schema, with all keys that it requires
 * and null where it says so. They are stricter than that where we are: no key unknown, choices in order, sums that add up.
 */

/** A choice's place among the choices of an answer. */
const ChoiceIndex = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The same on every chunk of an answer, whoever serves it. */
export const ChatCompletionId = v.pipe(v.string(), v.regex(/^chatcmpl-[A-Za-z0-9_-]{8,80}$/));

/** JSON has no infinities: a token that cannot be has -9999, as in the official API. */
const LogProbability = v.pipe(v.number(), v.finite());

const tokenEntries = {
  token: v.string(),
  /** The token's own bytes, where its text is only part of a character. */
  bytes: v.nullable(v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)))),
  logprob: LogProbability,
};

/** A token, how likely it was, and the likeliest in its place; natural logarithms, at temperature 1. */
export const TokenLogprob = v.strictObject({
  ...tokenEntries,
  top_logprobs: v.pipe(v.array(v.strictObject(tokenEntries)), v.maxLength(20)),
});
export type TokenLogprob = v.InferOutput<typeof TokenLogprob>;

const Logprobs = v.strictObject({
  content: v.nullable(v.array(TokenLogprob)),
  refusal: v.nullable(v.array(TokenLogprob)),
});

/** What was used, and ours: what it costs, in credits and exactly. */
export const Usage = v.pipe(
  v.strictObject({
    prompt_tokens: Count,
    completion_tokens: Count,
    total_tokens: Count,
    prompt_tokens_details: v.strictObject({
      cached_tokens: Count,
      audio_tokens: v.exactOptional(Count),
    }),
    completion_tokens_details: v.exactOptional(
      v.strictObject({
        reasoning_tokens: v.exactOptional(Count),
        audio_tokens: v.exactOptional(Count),
        accepted_prediction_tokens: v.exactOptional(Count),
        rejected_prediction_tokens: v.exactOptional(Count),
      }),
    ),
    /** In credits; nothing is lost that a floating-point number can hold. */
    cost: v.pipe(v.number(), v.finite(), v.minValue(0)),
    /** In nano-credits, as decimal digits. */
    cost_nano: v.pipe(v.string(), v.regex(/^(0|[1-9]\d*)$/)),
  }),
  v.check(
    (usage) => usage.total_tokens === usage.prompt_tokens + usage.completion_tokens,
    "the total must be the sum of both",
  ),
  v.check(
    (usage) => usage.prompt_tokens_details.cached_tokens <= usage.prompt_tokens,
    "no more of the prompt can be cached than there is",
  ),
  v.check((usage) => usage.cost === Number(usage.cost_nano) / NANO_PER_CREDIT, "both costs must be the same"),
);
export type Usage = v.InferOutput<typeof Usage>;

const ServedToolCall = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1)),
  type: v.literal("function"),
  function: v.strictObject({ name: v.pipe(v.string(), v.minLength(1)), arguments: v.string() }),
});

const Message = v.strictObject({
  role: v.literal("assistant"),
  content: v.nullable(v.string()),
  refusal: v.nullable(v.string()),
  /** What the model thought before it answered. No part of the official API; as several servers and clients have it. */
  reasoning_content: v.exactOptional(v.string()),
  tool_calls: v.exactOptional(v.pipe(v.array(ServedToolCall), v.minLength(1))),
});

const Choice = v.pipe(
  v.strictObject({
    index: ChoiceIndex,
    message: Message,
    logprobs: v.nullable(Logprobs),
    finish_reason: FinishReason,
  }),
  v.check(
    ({ message, finish_reason: reason }) => reason !== "tool_calls" || message.tool_calls !== undefined,
    "tool_calls must be there when they are the reason",
  ),
  v.check(
    ({ message }) => message.content !== null || message.refusal !== null || message.tool_calls !== undefined,
    "content may be null only beside a refusal or tool_calls",
  ),
);

/** The whole answer to a request without `stream`. */
export const ChatCompletion = v.strictObject({
  id: ChatCompletionId,
  object: v.literal("chat.completion"),
  created: UnixTime,
  model: ModelName,
  choices: v.pipe(
    v.tupleWithRest([Choice], Choice),
    v.check((choices) => choices.every(({ index }, place) => index === place), "must be in order"),
  ),
  usage: Usage,
  /** Of the engine that answered: its name, build and artifact. */
  system_fingerprint: v.exactOptional(v.string()),
});
export type ChatCompletion = v.InferOutput<typeof ChatCompletion>;

/** A piece of a tool call; those of the same index belong together, and the first has its id and name. */
const ToolCallDelta = v.strictObject({
  index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(127)),
  id: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  type: v.exactOptional(v.literal("function")),
  function: v.exactOptional(
    v.strictObject({ name: v.exactOptional(v.string()), arguments: v.exactOptional(v.string()) }),
  ),
});

const ChunkChoice = v.strictObject({
  index: ChoiceIndex,
  delta: v.strictObject({
    /** In the first chunk only. */
    role: v.exactOptional(v.literal("assistant")),
    content: v.exactOptional(v.nullable(v.string())),
    refusal: v.exactOptional(v.nullable(v.string())),
    reasoning_content: v.exactOptional(v.string()),
    tool_calls: v.exactOptional(v.pipe(v.array(ToolCallDelta), v.minLength(1))),
  }),
  logprobs: v.exactOptional(v.nullable(Logprobs)),
  /** Null but in the last chunk that has a choice. */
  finish_reason: v.nullable(FinishReason),
});

/**
 * One event of a stream. With `include_usage` every chunk has `usage`, null but in one more at the end, which has no
 * choices; without, none has the key.
 */
export const ChatCompletionChunk = v.pipe(
  v.strictObject({
    id: ChatCompletionId,
    object: v.literal("chat.completion.chunk"),
    created: UnixTime,
    model: ModelName,
    choices: v.union([v.strictTuple([]), v.strictTuple([ChunkChoice])]),
    usage: v.exactOptional(v.nullable(Usage)),
    system_fingerprint: v.exactOptional(v.string()),
  }),
  v.check(
    ({ choices, usage }) => (choices.length === 0) === (usage !== undefined && usage !== null),
    "usage must come in a chunk without choices, and such a chunk must have it",
  ),
);
export type ChatCompletionChunk = v.InferOutput<typeof ChatCompletionChunk>;
