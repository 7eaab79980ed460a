import * as v from "valibot";

/**
 * Why an answer ended:
 *
 * - `stop`            the model was done, or came to one of the stop strings
 * - `length`          as many tokens as were asked for, or as the context holds
 * - `tool_calls`      the model calls tools
 * - `content_filter`  the provider left something out
 */
export const FinishReason = v.picklist(["stop", "length", "tool_calls", "content_filter"]);
export type FinishReason = v.InferOutput<typeof FinishReason>;

/** Why a provider's part of an answer ended: as in the official API, or because it was cancelled. */
export const EndReason = v.picklist([...FinishReason.options, "cancelled"]);
export type EndReason = v.InferOutput<typeof EndReason>;
