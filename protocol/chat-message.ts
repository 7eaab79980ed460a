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
import { MAX_TOOLS, ToolCall } from "./chat-tool.ts";

/**
 * The turns of a conversation, as the official clients send them and as providers get them. Whoever was sent one by a client
 * can read it again: what these schemas give, they also take.
 */

/** More turns than any context holds, and more parts than any turn has. */
export const MAX_MESSAGES = 2_048;

const TextPart = v.object({ type: v.literal("text"), text: Text }, objectMessage);

const ImagePart = v.object(
  {
    type: v.literal("image_url"),
    /** `https:` or `data:`. */
    image_url: objectOf({ url: Text, detail: given(oneOf("auto", "low", "high", "original")) }),
  },
  objectMessage,
);

const AudioPart = v.object(
  {
    type: v.literal("input_audio"),
    /** In base64. */
    input_audio: objectOf({ data: Text, format: oneOf("wav", "mp3") }),
  },
  objectMessage,
);

const FilePart = v.object(
  {
    type: v.literal("file"),
    file: objectOf({ file_data: given(Text), file_id: given(Text), filename: given(Text) }),
  },
  objectMessage,
);

const RefusalPart = v.object({ type: v.literal("refusal"), refusal: Text }, objectMessage);

/** A string, or a list of parts: by what was sent, so that what is wrong is said of the one that was meant. */
function contentOf<const Part extends v.GenericSchema>(part: Part) {
  const expected = "a string or a list of parts";
  const parts = v.pipe(listOf(part, MAX_MESSAGES, expected), v.minLength(1, "must have at least one part"));
  const text = v.string(`must be ${expected}`);
  return v.lazy((input) => (Array.isArray(input) ? parts : text));
}

const TextContent = contentOf(variantOf("type", [TextPart]));

const UserContent = contentOf(variantOf("type", [TextPart, ImagePart, AudioPart, FilePart]));

const AssistantContent = contentOf(variantOf("type", [TextPart, RefusalPart]));

const Name = stringUpTo(64);

const AssistantMessage = v.pipe(
  v.object(
    {
      role: v.literal("assistant"),
      content: given(AssistantContent),
      refusal: given(Text),
      name: given(Name),
      tool_calls: given(listOf(ToolCall, MAX_TOOLS)),
      function_call: notServed("is the older form of tool_calls, and is not served"),
      audio: notServed("is not served: models here answer in text"),
    },
    objectMessage,
  ),
  v.forward(
    v.check(
      ({ content, refusal, tool_calls: calls = [] }) =>
        content !== undefined || refusal !== undefined || calls.length > 0,
      "is required where there are no tool_calls",
    ),
    ["content"],
  ),
);

export const ChatMessage = variantOf("role", [
  v.object({ role: v.literal("developer"), content: TextContent, name: given(Name) }, objectMessage),
  v.object({ role: v.literal("system"), content: TextContent, name: given(Name) }, objectMessage),
  v.object({ role: v.literal("user"), content: UserContent, name: given(Name) }, objectMessage),
  AssistantMessage,
  v.object({ role: v.literal("tool"), content: TextContent, tool_call_id: stringUpTo(200) }, objectMessage),
]);
export type ChatMessage = v.InferOutput<typeof ChatMessage>;

/** A conversation: at least one turn. */
export const ChatMessages = v.pipe(
  listOf(ChatMessage, MAX_MESSAGES, "a list of messages"),
  v.minLength(1, "must have at least one message"),
);
