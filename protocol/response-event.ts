import * as v from "valibot";
import { OpenAIErrorCode } from "./openai-error.ts";
import { ItemId, OutputItem, OutputTextPart, ReasoningTextPart, Response } from "./response.ts";
import { Count } from "./text.ts";

/**
 * The events of a stream of /v1/responses, those of OpenAI's published schema that are sent here. Each is one server-sent
 * event that has the name of its type; no [DONE] follows.
 *
 *     response.created, response.in_progress
 *       for each item:
 *         response.output_item.added
 *           message:        response.content_part.added, response.output_text.delta …, response.output_text.done,
 *                           response.content_part.done
 *           reasoning:      response.content_part.added, response.reasoning_text.delta …, response.reasoning_text.done,
 *                           response.content_part.done
 *           function_call:  response.function_call_arguments.delta …, response.function_call_arguments.done
 *         response.output_item.done
 *     response.completed | response.incomplete | response.failed and then error
 *
 * An item ends before the next begins, but for function calls: those end with the answer.
 */

const event = <const Type extends string, const Entries extends v.ObjectEntries>(
  type: Type,
  entries: Entries,
) => v.strictObject({ type: v.literal(type), sequence_number: Count, ...entries });

const ofItem = { item_id: ItemId, output_index: Count };
const ofPart = { ...ofItem, content_index: v.literal(0) };
const Part = v.variant("type", [OutputTextPart, ReasoningTextPart]);

const LogProbability = v.pipe(v.number(), v.finite());
const tokenEntries = { token: v.string(), logprob: LogProbability };
/** As in a `Response`, but without the bytes. */
export const DeltaLogprob = v.strictObject({
  ...tokenEntries,
  top_logprobs: v.pipe(v.array(v.strictObject(tokenEntries)), v.maxLength(20)),
});
export type DeltaLogprob = v.InferOutput<typeof DeltaLogprob>;

const NotEmpty = v.pipe(v.string(), v.minLength(1));

/** An answer that says of itself that it is so. */
const answerThatIs = <const Status extends Response["status"]>(status: Status) =>
  v.pipe(
    Response,
    v.check((response) => response.status === status, `must be ${status}`),
  );

export const ResponseStreamEvent = v.variant("type", [
  event("response.created", { response: answerThatIs("in_progress") }),
  event("response.in_progress", { response: answerThatIs("in_progress") }),
  event("response.output_item.added", { output_index: Count, item: OutputItem }),
  event("response.content_part.added", { ...ofPart, part: Part }),
  event("response.output_text.delta", { ...ofPart, delta: v.string(), logprobs: v.array(DeltaLogprob) }),
  event("response.output_text.done", { ...ofPart, text: v.string(), logprobs: v.array(DeltaLogprob) }),
  event("response.reasoning_text.delta", { ...ofPart, delta: NotEmpty }),
  event("response.reasoning_text.done", { ...ofPart, text: NotEmpty }),
  event("response.content_part.done", { ...ofPart, part: Part }),
  event("response.function_call_arguments.delta", { ...ofItem, delta: NotEmpty }),
  event("response.function_call_arguments.done", { ...ofItem, arguments: v.string() }),
  event("response.output_item.done", { output_index: Count, item: OutputItem }),
  event("response.completed", { response: answerThatIs("completed") }),
  event("response.incomplete", { response: answerThatIs("incomplete") }),
  event("response.failed", { response: answerThatIs("failed") }),
  event("error", { code: OpenAIErrorCode, message: NotEmpty, param: v.nullable(NotEmpty) }),
]);
export type ResponseStreamEvent = v.InferOutput<typeof ResponseStreamEvent>;
