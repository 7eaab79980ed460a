import type { TokenLogprob } from "../protocol/chat-completion.ts";
import type { FinishReason } from "../protocol/finish-reason.ts";
import { type OpenAIErrorCode, openAIErrors } from "../protocol/openai-error.ts";
import type { ToolCallPiece } from "../protocol/provider.ts";
import type { DeltaLogprob, ResponseStreamEvent } from "../protocol/response-event.ts";
import type { OutputLogprob, ResponseError, ResponseUsage } from "../protocol/response.ts";
import { type AnswerPiece, callId } from "./answer-chunks.ts";
import {
  type DraftCall,
  type DraftItem,
  outputItem,
  partOf,
  type ResponseDraft,
  responseOf,
  statusOf,
  wholeResponse,
} from "./response-draft.ts";

/** The first events, before anything of the answer is there. */
export function openingEvents(draft: ResponseDraft): ResponseStreamEvent[] {
  const response = responseOf(draft, { status: "in_progress" });
  return [
    { type: "response.created", response, sequence_number: draft.told++ },
    { type: "response.in_progress", response, sequence_number: draft.told++ },
  ];
}

/**
 * Adds a piece to the draft.
 * @param tokens how many tokens the piece is
 */
export function pieceEvents(
  draft: ResponseDraft,
  { text, reasoning = "", toolCalls = [], logprobs = [] }: AnswerPiece,
  tokens: number,
): ResponseStreamEvent[] {
  const events: ResponseStreamEvent[] = [];
  const isAllText = reasoning === "" && toolCalls.length === 0;
  if (reasoning !== "") addReasoning(draft, reasoning, events);
  if (reasoning !== "" && text === "" && toolCalls.length === 0) draft.reasoningTokens += tokens;
  // The probabilities of other tokens have no place in the published shape.
  if (text !== "" || isAllText) addText(draft, text, logprobs.map(outputLogprob), events);
  for (const piece of toolCalls) addCall(draft, piece, events);
  return events;
}

function addText(
  draft: ResponseDraft,
  text: string,
  logprobs: OutputLogprob[],
  events: ResponseStreamEvent[],
): void {
  const item =
    draft.latest?.type === "message"
      ? draft.latest
      : begin(draft, { type: "message", id: itemId(draft, "msg"), text: "", logprobs: [] }, events);
  item.text += text;
  item.logprobs.push(...logprobs);
  events.push({
    type: "response.output_text.delta",
    ...placeOf(draft, item),
    content_index: 0,
    delta: text,
    logprobs: logprobs.map(deltaLogprob),
    sequence_number: draft.told++,
  });
}

function addReasoning(draft: ResponseDraft, text: string, events: ResponseStreamEvent[]): void {
  const item =
    draft.latest?.type === "reasoning"
      ? draft.latest
      : begin(draft, { type: "reasoning", id: itemId(draft, "rs"), text: "" }, events);
  item.text += text;
  events.push({
    type: "response.reasoning_text.delta",
    ...placeOf(draft, item),
    content_index: 0,
    delta: text,
    sequence_number: draft.told++,
  });
}

function addCall(
  draft: ResponseDraft,
  { index, name = "", arguments: more }: ToolCallPiece,
  events: ResponseStreamEvent[],
): void {
  const item = draft.calls.get(index) ?? beginCall(draft, index, name, events);
  if (draft.latest !== item) leave(draft, item, events);
  item.arguments += more;
  if (more === "") return;
  events.push({
    type: "response.function_call_arguments.delta",
    ...placeOf(draft, item),
    delta: more,
    sequence_number: draft.told++,
  });
}

function beginCall(
  draft: ResponseDraft,
  index: number,
  name: string,
  events: ResponseStreamEvent[],
): DraftCall {
  const call: DraftCall = {
    type: "function_call",
    id: itemId(draft, "fc"),
    callId: callId(draft.head.job, draft.calls.size),
    name,
    arguments: "",
  };
  draft.calls.set(index, call);
  return begin(draft, call, events);
}

const itemId = ({ head, items }: ResponseDraft, prefix: string): string =>
  `${prefix}_${head.job}_${items.length}`;

function begin<Item extends DraftItem>(
  draft: ResponseDraft,
  item: Item,
  events: ResponseStreamEvent[],
): Item {
  leave(draft, item, events);
  draft.items.push(item);
  events.push({
    type: "response.output_item.added",
    output_index: draft.items.length - 1,
    item: { ...outputItem(item, "in_progress"), ...(item.type === "function_call" ? {} : { content: [] }) },
    sequence_number: draft.told++,
  });
  if (item.type !== "function_call")
    events.push({
      type: "response.content_part.added",
      ...placeOf(draft, item),
      content_index: 0,
      part: partOf(item),
      sequence_number: draft.told++,
    });
  return item;
}

/** Goes on to another item, and ends the one before. Calls may be written to in turns: they end with the answer. */
function leave(draft: ResponseDraft, next: DraftItem, events: ResponseStreamEvent[]): void {
  const before = draft.latest;
  draft.latest = next;
  if (before !== null && before.type !== "function_call") end(draft, before, events);
}

/** All that comes before the answer is settled. */
export function closingEvents(draft: ResponseDraft, reason: FinishReason): ResponseStreamEvent[] {
  const events: ResponseStreamEvent[] = [];
  if (draft.items.length === 0) addText(draft, "", [], events);
  draft.reason = reason;
  for (const item of draft.items)
    if (item.type === "function_call" || item === draft.latest) end(draft, item, events);
  return events;
}

function end(draft: ResponseDraft, item: DraftItem, events: ResponseStreamEvent[]): void {
  const place = placeOf(draft, item);
  switch (item.type) {
    case "function_call":
      events.push({
        type: "response.function_call_arguments.done",
        ...place,
        arguments: item.arguments,
        sequence_number: draft.told++,
      });
      break;
    case "message":
      events.push({
        type: "response.output_text.done",
        ...place,
        content_index: 0,
        text: item.text,
        logprobs: item.logprobs.map(deltaLogprob),
        sequence_number: draft.told++,
      });
      break;
    case "reasoning":
      events.push({
        type: "response.reasoning_text.done",
        ...place,
        content_index: 0,
        text: item.text,
        sequence_number: draft.told++,
      });
      break;
    default:
      item satisfies never;
  }
  if (item.type !== "function_call")
    events.push({
      type: "response.content_part.done",
      ...place,
      content_index: 0,
      part: partOf(item),
      sequence_number: draft.told++,
    });
  events.push({
    type: "response.output_item.done",
    output_index: place.output_index,
    item: outputItem(item, statusOf(draft, item)),
    sequence_number: draft.told++,
  });
}

/** The last event. */
export function finalEvent(draft: ResponseDraft, usage: ResponseUsage): ResponseStreamEvent {
  const response = wholeResponse(draft, usage);
  const type = response.status === "completed" ? "response.completed" : "response.incomplete";
  return { type, response, sequence_number: draft.told++ };
}

/** The last events where nobody goes on with the answer. The official client throws at the second. */
export function failureEvents(
  draft: ResponseDraft,
  { code, message, param }: { code: OpenAIErrorCode; message: string; param: string | null },
): ResponseStreamEvent[] {
  const response = responseOf(draft, { status: "failed", error: { code: publishedCode(code), message } });
  return [
    { type: "response.failed", response, sequence_number: draft.told++ },
    { type: "error", code, message, param, sequence_number: draft.told++ },
  ];
}

function publishedCode(code: OpenAIErrorCode): ResponseError["code"] {
  const { status } = openAIErrors[code];
  return status === 429 ? "rate_limit_exceeded" : status < 500 ? "invalid_prompt" : "server_error";
}

const placeOf = ({ items }: ResponseDraft, item: DraftItem) => ({
  item_id: item.id,
  output_index: items.lastIndexOf(item),
});

const encoder = new TextEncoder();

/** The published shape has the bytes of every token; where nobody told them they are those of its text. */
function outputLogprob({ top_logprobs: top, ...entry }: TokenLogprob): OutputLogprob {
  const withBytes = ({ token, bytes, logprob }: Omit<TokenLogprob, "top_logprobs">) => ({
    token,
    bytes: bytes ?? [...encoder.encode(token)],
    logprob,
  });
  return { ...withBytes(entry), top_logprobs: top.map(withBytes) };
}

const deltaLogprob = ({ token, logprob, top_logprobs: top }: OutputLogprob): DeltaLogprob => ({
  token,
  logprob,
  top_logprobs: top.map((other) => ({ token: other.token, logprob: other.logprob })),
});
