import * as v from "valibot";
import {
  Flag,
  given,
  JsonObject,
  objectMessage,
  objectOf,
  stringUpTo,
  Text,
  variantOf,
} from "./chat-field.ts";

/** Tools that a model may call, and the form that its answer must have (OpenAI's API reference, "Create chat completion"). */

/** As the official API has it. */
export const MAX_TOOLS = 128;

export const ToolName = v.pipe(
  Text,
  v.regex(/^[a-zA-Z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, underscores and hyphens"),
);

export const FunctionTool = variantOf("type", [
  v.object(
    {
      type: v.literal("function"),
      function: objectOf({
        name: ToolName,
        description: given(Text),
        /** A JSON Schema; absent for a function without parameters. */
        parameters: given(JsonObject),
        strict: given(Flag),
      }),
    },
    objectMessage,
  ),
]);
export type FunctionTool = v.InferOutput<typeof FunctionTool>;

/** A call that the model made; its arguments are JSON as the model wrote it, so perhaps none. */
export const ToolCall = variantOf("type", [
  v.object(
    {
      id: stringUpTo(200),
      type: v.literal("function"),
      function: objectOf({ name: ToolName, arguments: Text }),
    },
    objectMessage,
  ),
]);
export type ToolCall = v.InferOutput<typeof ToolCall>;

const NamedTool = variantOf("type", [
  v.object({ type: v.literal("function"), function: objectOf({ name: ToolName }) }, objectMessage),
]);

const toolModes = ["none", "auto", "required"] as const;
const ToolMode = v.picklist(
  toolModes,
  `must be one of ${toolModes.join(", ")}, or an object that names a function`,
);

/** Whether the model may, must or must not call a tool, or the one that it must. */
export const ToolChoice = v.lazy((input) =>
  typeof input === "object" && input !== null ? NamedTool : ToolMode,
);
export type ToolChoice = v.InferOutput<typeof ToolChoice>;

/** What an answer may look like: any text, any JSON object, or JSON after a schema. */
export const ResponseFormat = variantOf("type", [
  v.object({ type: v.literal("text") }, objectMessage),
  v.object({ type: v.literal("json_object") }, objectMessage),
  v.object(
    {
      type: v.literal("json_schema"),
      json_schema: objectOf({
        name: ToolName,
        description: given(Text),
        schema: given(JsonObject),
        strict: given(Flag),
      }),
    },
    objectMessage,
  ),
]);
export type ResponseFormat = v.InferOutput<typeof ResponseFormat>;
