import * as v from "valibot";
import type { ChatCompletionRequest } from "./chat.ts";

/** What an engine can do beyond drawing text. A job that needs one goes only to offers that have it. */
export const Feature = v.picklist([
  /** Goes on from a given beginning of its answer as if it had written that itself. */
  "prefill",
  /** The same prompt, seed and sampling give the same tokens, on whatever machine has the same artifact and engine. */
  "deterministic",
  /** Tells which tokens it drew, by their ids. */
  "token_ids",
  "logprobs",
  "logit_bias",
  "tools",
  "json_object",
  "json_schema",
  "images",
  "audio",
  "files",
]);
export type Feature = v.InferOutput<typeof Feature>;

/** Parts of a message that only some engines can look at. */
const partFeatures = { image_url: "images", input_audio: "audio", file: "files" } as const;

/**
 * What a request needs, with the field that needs it: a refusal names that.
 * @returns from each feature to the first such field, as in `messages[2].content[1]`
 */
export function neededFeatures(request: ChatCompletionRequest): Map<Feature, string> {
  const needs = new Map<Feature, string>();
  const need = (feature: Feature, param: string): void => {
    if (!needs.has(feature)) needs.set(feature, param);
  };
  if (request.logprobs) need("logprobs", "logprobs");
  if (request.logit_bias && Object.keys(request.logit_bias).length > 0) need("logit_bias", "logit_bias");
  if (request.tools.length > 0 && request.tool_choice !== "none") need("tools", "tools");
  const format = request.response_format?.type ?? "text";
  if (format !== "text") need(format, "response_format");

  for (const [index, message] of request.messages.entries()) {
    if (message.role === "tool") need("tools", `messages[${index}]`);
    if (message.role === "assistant" && message.tool_calls?.length)
      need("tools", `messages[${index}].tool_calls`);
    if (message.role !== "user" || typeof message.content === "string") continue;
    for (const [place, { type }] of message.content.entries()) {
      if (type !== "text") need(partFeatures[type], `messages[${index}].content[${place}]`);
    }
  }
  return needs;
}
