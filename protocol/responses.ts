import * as v from "valibot";
import {
  Flag,
  given,
  integerFrom,
  JsonObject,
  listOf,
  mapOf,
  notServed,
  numberFrom,
  objectMessage,
  objectOf,
  oneOf,
  stringUpTo,
  Text,
  variantOf,
} from "./chat-field.ts";
import { MAX_TOOLS, ToolName } from "./chat-tool.ts";
import { ProviderWishes } from "./provider-wishes.ts";
import { parseBody, type ParsedBody } from "./request-body.ts";
import { ResponseInput } from "./response-input.ts";

/**
 * POST /v1/responses as the official clients send it (OpenAI's API reference, "Create a model response"). As with
 * /v1/chat/completions every known field is checked, those without effect here too; unknown ones are ignored. Optional ones
 * may be null. What would change the answer and is not served is refused, never ignored.
 */

/** Far beyond what any model writes; every offer has its own limit below it. */
const MOST_TOKENS = 100_000_000;

/** The one thing that `include` can add to an answer here. */
export const LOGPROBS = "message.output_text.logprobs";

/**
 * What `include` may name. `reasoning.encrypted_content` is what clients ask for who keep no state at the server; here what a
 * model thought stands in the answer in the open.
 */
const Includable = v.picklist(
  [LOGPROBS, "reasoning.encrypted_content"],
  `must be ${LOGPROBS} or reasoning.encrypted_content, which are all that is served`,
);

/** A function that the model may call. Unlike in chat, its fields stand beside its type. */
const ResponseTool = variantOf("type", [
  v.object(
    {
      type: v.literal("function"),
      name: ToolName,
      description: given(Text),
      /** A JSON Schema; absent for a function without parameters. */
      parameters: given(JsonObject),
      strict: given(Flag),
      output_schema: given(JsonObject),
      allowed_callers: given(listOf(v.literal("direct", "must be direct: the model is the only caller"), 2)),
      async: given(v.literal(false, "must be false: calls are answered by another request")),
      defer_loading: given(v.literal(false, "must be false: there is no search for tools")),
    },
    objectMessage,
  ),
]);
export type ResponseTool = v.InferOutput<typeof ResponseTool>;

const NamedTool = variantOf("type", [
  v.object({ type: v.literal("function"), name: ToolName }, objectMessage),
]);
const toolModes = ["none", "auto", "required"] as const;
const ToolMode = v.picklist(
  toolModes,
  `must be one of ${toolModes.join(", ")}, or an object that names a function`,
);
const ResponseToolChoice = v.lazy((input) =>
  typeof input === "object" && input !== null ? NamedTool : ToolMode,
);
export type ResponseToolChoice = v.InferOutput<typeof ResponseToolChoice>;

const TextFormat = variantOf("type", [
  v.object({ type: v.literal("text") }, objectMessage),
  v.object({ type: v.literal("json_object") }, objectMessage),
  v.object(
    {
      type: v.literal("json_schema"),
      name: ToolName,
      schema: JsonObject,
      description: given(Text),
      strict: given(Flag),
    },
    objectMessage,
  ),
]);
export type TextFormat = v.InferOutput<typeof TextFormat>;

const nothingIsKept = "is not served: nothing is kept here. Send the whole conversation as input";

const ofChat = (instead: string) => notServed(`is a field of /v1/chat/completions; here it is ${instead}`);
const onlyOfChat = notServed("is served by /v1/chat/completions only");

const entries = {
  model: v.pipe(stringUpTo(200), v.minLength(1, "must not be empty")),
  input: ResponseInput,
  instructions: given(Text),

  stream: v.nullish(Flag, false),
  stream_options: given(objectOf({ include_obfuscation: given(Flag) })),

  temperature: v.nullish(numberFrom(0, 2), 1),
  top_p: v.nullish(numberFrom(0, 1), 1),
  max_output_tokens: given(integerFrom(1, MOST_TOKENS)),
  include: v.nullish(listOf(Includable, 16), []),
  top_logprobs: given(integerFrom(0, 20)),

  tools: v.nullish(listOf(ResponseTool, MAX_TOOLS), []),
  tool_choice: given(ResponseToolChoice),
  parallel_tool_calls: v.nullish(Flag, true),
  text: given(objectOf({ format: given(TextFormat), verbosity: given(oneOf("low", "medium", "high")) })),

  provider: given(ProviderWishes),

  store: given(v.literal(false, "must be false: nothing is kept here")),
  previous_response_id: notServed(nothingIsKept),
  conversation: notServed(nothingIsKept),
  prompt: notServed("is not served: nothing is kept here. Send the prompt itself as instructions and input"),
  background: given(
    v.literal(false, "must be false: an answer is given to the one who asks, while it is written"),
  ),
  truncation: given(v.literal("disabled", "must be disabled: what does not fit is refused, never left out")),
  context_management: notServed("is not served: what does not fit is refused, never left out"),
  moderation: notServed("is not served"),

  messages: ofChat("input"),
  max_tokens: ofChat("max_output_tokens"),
  max_completion_tokens: ofChat("max_output_tokens"),
  response_format: ofChat("text.format"),
  logprobs: ofChat(`${LOGPROBS} in include`),
  n: onlyOfChat,
  seed: onlyOfChat,
  stop: onlyOfChat,
  frequency_penalty: onlyOfChat,
  presence_penalty: onlyOfChat,
  logit_bias: onlyOfChat,

  metadata: given(mapOf(stringUpTo(64), stringUpTo(512), 16)),
  max_tool_calls: given(integerFrom(1, MOST_TOKENS)),
  prompt_cache_key: given(stringUpTo(512)),
  prompt_cache_options: given(objectOf({})),
  prompt_cache_retention: given(stringUpTo(64)),
  reasoning: given(
    objectOf({
      effort: given(stringUpTo(64)),
      summary: given(stringUpTo(64)),
      generate_summary: given(stringUpTo(64)),
    }),
  ),
  safety_identifier: given(stringUpTo(512)),
  service_tier: given(stringUpTo(64)),
  user: given(stringUpTo(512)),
};

/** The fields that a request may have. */
export const responsesRequestFields: readonly string[] = Object.keys(entries);

export const ResponsesRequest = v.pipe(
  objectOf(entries),
  v.forward(
    v.check(
      ({ stream, stream_options: options }) => stream || options === undefined,
      "is only allowed where stream is true",
    ),
    ["stream_options"],
  ),
  v.forward(
    v.check(
      ({ include, top_logprobs: top = 0 }) => top === 0 || include.includes(LOGPROBS),
      `is only allowed where include has ${LOGPROBS}`,
    ),
    ["top_logprobs"],
  ),
  v.forward(
    v.check(
      ({ tools, tool_choice: choice }) => canChoose(tools, choice),
      "asks for a tool that is not among tools",
    ),
    ["tool_choice"],
  ),
);
export type ResponsesRequest = v.InferOutput<typeof ResponsesRequest>;

function canChoose(tools: readonly ResponseTool[], choice: ResponseToolChoice | undefined): boolean {
  if (choice === undefined || choice === "none" || choice === "auto") return true;
  if (choice === "required") return tools.length > 0;
  return tools.some((tool) => tool.name === choice.name);
}

/** Reads the body of a request to /v1/responses; never throws. */
export const parseResponsesRequest = (body: unknown): ParsedBody<ResponsesRequest> =>
  parseBody(ResponsesRequest, body);
