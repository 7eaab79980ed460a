import * as v from "valibot";
import {
  given,
  listOf,
  notServed,
  objectMessage,
  objectOf,
  oneOf,
  stringUpTo,
  Text,
  variantOf,
} from "./chat-field.ts";
import { MAX_MESSAGES } from "./chat-message.ts";
import { ToolName } from "./chat-tool.ts";

/**
 * What a request to /v1/responses may have as `input` (OpenAI's API reference, "Create a model response"): a text, or the items
 * of a conversation. Items that an answer had may be sent back as they came.
 */

/** One place is left for the instructions, which become a message too. */
const MAX_ITEMS = MAX_MESSAGES - 1;

const noFiles = "is not served: nothing is kept here that it could name";

/** Without effect: what is cached, the provider's engine decides. */
const CacheBreakpoint = given(objectOf({ mode: oneOf("explicit") }));

const InputText = v.object(
  { type: v.literal("input_text"), text: Text, prompt_cache_breakpoint: CacheBreakpoint },
  objectMessage,
);

const InputImage = v.object(
  {
    type: v.literal("input_image"),
    /** `https:` or `data:`. */
    image_url: Text,
    detail: given(oneOf("auto", "low", "high", "original")),
    file_id: notServed(noFiles),
    prompt_cache_breakpoint: CacheBreakpoint,
  },
  objectMessage,
);

const InputFile = v.object(
  {
    type: v.literal("input_file"),
    file_data: Text,
    filename: given(Text),
    detail: given(oneOf("auto", "low", "high")),
    file_id: notServed(noFiles),
    file_url: notServed("is not served: send the file itself as file_data"),
    prompt_cache_breakpoint: CacheBreakpoint,
  },
  objectMessage,
);

const OutputText = v.object({ type: v.literal("output_text"), text: Text }, objectMessage);

const Refusal = v.object({ type: v.literal("refusal"), refusal: Text }, objectMessage);

/** A string, or a list of parts: by what was sent, so that what is wrong is said of the one that was meant. */
function contentOf<const Part extends v.GenericSchema>(part: Part) {
  const expected = "a string or a list of parts";
  const parts = v.pipe(listOf(part, MAX_MESSAGES, expected), v.minLength(1, "must have at least one part"));
  const text = v.string(`must be ${expected}`);
  return v.lazy((input) => (Array.isArray(input) ? parts : text));
}

const TextContent = contentOf(variantOf("type", [InputText]));

const isMessage = v.optional(v.literal("message"));
const Status = given(oneOf("in_progress", "completed", "incomplete"));
const Phase = given(oneOf("commentary", "final_answer"));
const ItemId = given(stringUpTo(200));

const Message = variantOf("role", [
  v.object(
    {
      type: isMessage,
      role: v.literal("user"),
      content: contentOf(variantOf("type", [InputText, InputImage, InputFile])),
      status: Status,
      phase: Phase,
    },
    objectMessage,
  ),
  v.object(
    { type: isMessage, role: v.literal("system"), content: TextContent, status: Status, phase: Phase },
    objectMessage,
  ),
  v.object(
    { type: isMessage, role: v.literal("developer"), content: TextContent, status: Status, phase: Phase },
    objectMessage,
  ),
  v.object(
    {
      type: isMessage,
      role: v.literal("assistant"),
      content: contentOf(variantOf("type", [OutputText, Refusal, InputText])),
      id: ItemId,
      status: Status,
      phase: Phase,
    },
    objectMessage,
  ),
]);

const CallId = v.pipe(stringUpTo(200), v.minLength(1, "must not be empty"));

const FunctionCall = v.object(
  {
    type: v.literal("function_call"),
    call_id: CallId,
    name: ToolName,
    arguments: Text,
    id: ItemId,
    status: Status,
  },
  objectMessage,
);

const FunctionCallOutput = v.object(
  {
    type: v.literal("function_call_output"),
    call_id: CallId,
    output: TextContent,
    id: ItemId,
    status: Status,
  },
  objectMessage,
);

/** What a model thought before: it may come back with the answer that it was part of, and is not shown to models again. */
const Reasoning = v.object(
  {
    type: v.literal("reasoning"),
    id: ItemId,
    summary: given(
      listOf(v.object({ type: v.literal("summary_text"), text: Text }, objectMessage), MAX_MESSAGES),
    ),
    content: given(
      listOf(v.object({ type: v.literal("reasoning_text"), text: Text }, objectMessage), MAX_MESSAGES),
    ),
    encrypted_content: given(Text),
    status: Status,
  },
  objectMessage,
);

const OtherItem = v.variant(
  "type",
  [FunctionCall, FunctionCallOutput, Reasoning],
  "must be one of message, function_call, function_call_output, reasoning",
);

const NoItem = v.never("must be an object");

/** By its type, which messages may leave out. */
const ResponseInputItem = v.lazy((input) => {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return NoItem;
  return "type" in input && input.type !== "message" ? OtherItem : Message;
});
export type ResponseInputItem = v.InferOutput<typeof ResponseInputItem>;

const expected = "a string or a list of items";
const Items = v.pipe(
  listOf(ResponseInputItem, MAX_ITEMS, expected),
  v.check(
    (items) => items.some((item) => item.type !== "reasoning"),
    "must have at least one item for the model to answer",
  ),
);
const InputString = v.string(`must be ${expected}`);

export const ResponseInput = v.lazy((input) => (Array.isArray(input) ? Items : InputString));
export type ResponseInput = v.InferOutput<typeof ResponseInput>;
