import * as v from "valibot";
import { NANO_PER_CREDIT } from "./money.ts";
import { ModelName } from "./offer.ts";
import { Count } from "./text.ts";

/**
 * What /v1/responses answers: the `Response` of OpenAI's published schema with all keys that it requires, and null where it
 * says so. Stricter than that where we are: no key unknown, the items that are served and no others, sums that add up.
 */

/** Seconds since 1970-01-01 UTC. */
const UnixTime = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const idOf = (prefix: string) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^${prefix}_[A-Za-z0-9_-]{8,80}$`), `is no id that begins with ${prefix}_`),
  );

/** The same in every event of an answer, whoever serves it. */
export const ResponseId = idOf("resp");
export const ItemId = v.union([idOf("msg"), idOf("fc"), idOf("rs")]);

const LogProbability = v.pipe(v.number(), v.finite());
const Byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const tokenEntries = { token: v.string(), bytes: v.array(Byte), logprob: LogProbability };

/** A token, how likely it was, and the likeliest in its place. Unlike in chat its bytes are always told. */
export const OutputLogprob = v.strictObject({
  ...tokenEntries,
  top_logprobs: v.pipe(v.array(v.strictObject(tokenEntries)), v.maxLength(20)),
});
export type OutputLogprob = v.InferOutput<typeof OutputLogprob>;

export const OutputTextPart = v.strictObject({
  type: v.literal("output_text"),
  text: v.string(),
  annotations: v.strictTuple([]),
  logprobs: v.array(OutputLogprob),
});
export type OutputTextPart = v.InferOutput<typeof OutputTextPart>;

export const ReasoningTextPart = v.strictObject({ type: v.literal("reasoning_text"), text: v.string() });
export type ReasoningTextPart = v.InferOutput<typeof ReasoningTextPart>;

const ItemStatus = v.picklist(["in_progress", "completed", "incomplete"]);

const OutputMessage = v.strictObject({
  id: idOf("msg"),
  type: v.literal("message"),
  status: ItemStatus,
  role: v.literal("assistant"),
  /** Empty until the event that begins its part. */
  content: v.union([v.strictTuple([]), v.strictTuple([OutputTextPart])]),
});

const OutputFunctionCall = v.strictObject({
  id: idOf("fc"),
  type: v.literal("function_call"),
  status: ItemStatus,
  /** What a `function_call_output` names. */
  call_id: v.pipe(v.string(), v.minLength(1)),
  name: v.pipe(v.string(), v.minLength(1)),
  /** JSON as the model wrote it, so perhaps none. */
  arguments: v.string(),
});

/** What the model thought, in the open: there is no summary of it, and nothing is encrypted. */
const OutputReasoning = v.strictObject({
  id: idOf("rs"),
  type: v.literal("reasoning"),
  status: ItemStatus,
  summary: v.strictTuple([]),
  content: v.union([v.strictTuple([]), v.strictTuple([ReasoningTextPart])]),
});

export const OutputItem = v.variant("type", [OutputMessage, OutputFunctionCall, OutputReasoning]);
export type OutputItem = v.InferOutput<typeof OutputItem>;

/** What was used, and ours: what it costs, in credits and exactly. */
export const ResponseUsage = v.pipe(
  v.strictObject({
    input_tokens: Count,
    input_tokens_details: v.strictObject({ cached_tokens: Count, cache_write_tokens: v.literal(0) }),
    output_tokens: Count,
    output_tokens_details: v.strictObject({ reasoning_tokens: Count }),
    total_tokens: Count,
    /** In credits; nothing is lost that a floating-point number can hold. */
    cost: v.pipe(v.number(), v.finite(), v.minValue(0)),
    /** In nano-credits, as decimal digits. */
    cost_nano: v.pipe(v.string(), v.regex(/^(0|[1-9]\d*)$/)),
  }),
  v.check(
    (usage) => usage.total_tokens === usage.input_tokens + usage.output_tokens,
    "the total must be the sum of both",
  ),
  v.check(
    (usage) => usage.input_tokens_details.cached_tokens <= usage.input_tokens,
    "no more of the input can be cached than there is",
  ),
  v.check((usage) => usage.cost === Number(usage.cost_nano) / NANO_PER_CREDIT, "both costs must be the same"),
);
export type ResponseUsage = v.InferOutput<typeof ResponseUsage>;

/** As the published schema has them, of those that can happen here. */
const ResponseError = v.strictObject({
  code: v.picklist(["server_error", "rate_limit_exceeded", "invalid_prompt"]),
  message: v.pipe(v.string(), v.minLength(1)),
});
export type ResponseError = v.InferOutput<typeof ResponseError>;

const Json = v.record(v.string(), v.unknown());

const Tool = v.strictObject({
  type: v.literal("function"),
  name: v.string(),
  description: v.nullable(v.string()),
  parameters: v.nullable(Json),
  strict: v.nullable(v.boolean()),
});

const Format = v.variant("type", [
  v.strictObject({ type: v.literal("text") }),
  v.strictObject({ type: v.literal("json_object") }),
  v.strictObject({
    type: v.literal("json_schema"),
    name: v.string(),
    schema: Json,
    description: v.exactOptional(v.string()),
    strict: v.nullable(v.boolean()),
  }),
]);

/** What an answer repeats of its request. */
const echoEntries = {
  background: v.literal(false),
  instructions: v.nullable(v.string()),
  max_output_tokens: v.nullable(Count),
  max_tool_calls: v.nullable(Count),
  metadata: v.record(v.string(), v.string()),
  model: ModelName,
  parallel_tool_calls: v.boolean(),
  previous_response_id: v.null(),
  prompt_cache_key: v.exactOptional(v.string()),
  reasoning: v.strictObject({ effort: v.nullable(v.string()), summary: v.nullable(v.string()) }),
  safety_identifier: v.exactOptional(v.string()),
  service_tier: v.literal("default"),
  /** Nothing is kept, whatever the official API would do by default. */
  store: v.literal(false),
  temperature: v.number(),
  text: v.strictObject({
    format: Format,
    verbosity: v.exactOptional(v.picklist(["low", "medium", "high"])),
  }),
  tool_choice: v.union([
    v.picklist(["none", "auto", "required"]),
    v.strictObject({ type: v.literal("function"), name: v.string() }),
  ]),
  tools: v.array(Tool),
  top_logprobs: v.pipe(Count, v.maxValue(20)),
  top_p: v.number(),
  truncation: v.literal("disabled"),
  user: v.exactOptional(v.string()),
};
export const ResponseEcho = v.strictObject(echoEntries);
export type ResponseEcho = v.InferOutput<typeof ResponseEcho>;

/**
 * An answer, or what there is of it:
 *
 *     in_progress --> completed
 *                 --> incomplete  as many tokens as were asked for, or the provider left something out
 *                 --> failed      nobody was left to go on with it
 */
export const Response = v.pipe(
  v.strictObject({
    ...echoEntries,
    id: ResponseId,
    object: v.literal("response"),
    created_at: UnixTime,
    access_programs: v.null(),
    status: v.picklist(["in_progress", "completed", "incomplete", "failed"]),
    error: v.nullable(ResponseError),
    incomplete_details: v.nullable(
      v.strictObject({ reason: v.picklist(["max_output_tokens", "content_filter"]) }),
    ),
    output: v.array(OutputItem),
    /** Null until the end, and where it failed. */
    usage: v.nullable(ResponseUsage),
  }),
  v.check(({ status, error }) => (status === "failed") === (error !== null), "a failure must have an error"),
  v.check(
    ({ status, incomplete_details: details }) => (status === "incomplete") === (details !== null),
    "what is incomplete must say why, and nothing else may",
  ),
  v.check(
    ({ status, usage }) => (status === "completed" || status === "incomplete") === (usage !== null),
    "the usage must come with the end, and not before",
  ),
  v.check(
    ({ status, output }) => status === "in_progress" || output.every((item) => item.status !== "in_progress"),
    "no item can be in progress when the answer is not",
  ),
  v.check(
    ({ status, output }) => status !== "completed" || output.every((item) => item.status === "completed"),
    "all items of a completed answer must be completed",
  ),
);
export type Response = v.InferOutput<typeof Response>;
