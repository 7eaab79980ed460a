import type { TokenLogprob, Usage } from "../protocol/chat-completion.ts";
import type { FinishReason } from "../protocol/finish-reason.ts";
import { type OpenAIErrorCode, openAIErrors } from "../protocol/openai-error.ts";
import type { ToolCallPiece } from "../protocol/provider.ts";
import type { DeltaLogprob, ResponseStreamEvent } from "../protocol/response-event.ts";
import type {
  OutputItem,
  OutputLogprob,
  OutputTextPart,
  ReasoningTextPart,
  Response,
  ResponseEcho,
  ResponseError,
  ResponseUsage,
} from "../protocol/response.ts";
import { type AnswerPiece, callId } from "./answer-chunks.ts";

/** What all events of an answer have in common. */
export interface ResponseHead {
  /** The job; the ids of the answer and its items are made of it. */
  job: string;
  /** Seconds since 1970-01-01 UTC. */
  created: number;
  echo: ResponseEcho;
}

interface DraftMessage {
  type: "message";
  id: string;
  text: string;
  logprobs: OutputLogprob[];
}
interface DraftReasoning {
  type: "reasoning";
  id: string;
  text: string;
}
interface DraftCall {
  type: "function_call";
  id: string;
  callId: string;
  name: string;
  arguments: string;
}
type DraftItem = DraftMessage | DraftReasoning | DraftCall;

/**
 * An answer to /v1/responses while it is written. Pieces are added to it and every change is told by events: streams send
 * them, and a whole answer is what the draft is in the end. So both say the same.
 */
export interface ResponseDraft {
  readonly head: ResponseHead;
  items: DraftItem[];
  /** Those calls that were begun, by the index that their provider gives them. */
  calls: Map<number, DraftCall>;
  /** The item that was written to last; null before the first. */
  latest: DraftItem | null;
  /** How many events there were. */
  told: number;
  reasoningTokens: number;
  /** Why it ended; null while it goes on. */
  reason: FinishReason | null;
}

export const beginResponse = (head: ResponseHead): ResponseDraft => ({
  head,
  items: [],
  calls: new Map(),
  latest: null,
  told: 0,
  reasoningTokens: 0,
  reason: null,
});

const RESPONSE_PREFIX = "resp_";
export const responseId = (job: string): string => RESPONSE_PREFIX + job;

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
  const ending = endingOf(draft, usage);
  const response = responseOf(draft, ending);
  const type = ending.status === "completed" ? "response.completed" : "response.incomplete";
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

/** The whole answer, once it was closed. */
export const wholeResponse = (draft: ResponseDraft, usage: ResponseUsage): Response =>
  responseOf(draft, endingOf(draft, usage));

type Ending =
  | { status: "in_progress" }
  | { status: "completed"; usage: ResponseUsage }
  | { status: "incomplete"; usage: ResponseUsage; why: "max_output_tokens" | "content_filter" }
  | { status: "failed"; error: ResponseError };

function endingOf({ reason }: ResponseDraft, usage: ResponseUsage): Ending {
  if (reason === null) throw new Error("The answer was not closed.");
  const why = whyIncomplete(reason);
  return why === null ? { status: "completed", usage } : { status: "incomplete", usage, why };
}

function whyIncomplete(reason: FinishReason): "max_output_tokens" | "content_filter" | null {
  switch (reason) {
    case "length":
      return "max_output_tokens";
    case "content_filter":
      return reason;
    case "stop":
    case "tool_calls":
      return null;
    default:
      return reason satisfies never;
  }
}

function responseOf(draft: ResponseDraft, ending: Ending): Response {
  const { job, created, echo } = draft.head;
  return {
    ...echo,
    id: responseId(job),
    object: "response",
    created_at: created,
    access_programs: null,
    status: ending.status,
    error: ending.status === "failed" ? ending.error : null,
    incomplete_details: ending.status === "incomplete" ? { reason: ending.why } : null,
    output: draft.items.map((item) => outputItem(item, statusOf(draft, item))),
    usage: "usage" in ending ? ending.usage : null,
  };
}

/** What was written to last is what an answer breaks off in. */
function statusOf({ latest, reason }: ResponseDraft, item: DraftItem): OutputItem["status"] {
  if (item !== latest) return "completed";
  return reason === null || whyIncomplete(reason) !== null ? "incomplete" : "completed";
}

const placeOf = ({ items }: ResponseDraft, item: DraftItem) => ({
  item_id: item.id,
  output_index: items.lastIndexOf(item),
});

function outputItem(item: DraftItem, status: OutputItem["status"]): OutputItem {
  const { id } = item;
  switch (item.type) {
    case "message":
      return { id, type: "message", status, role: "assistant", content: [textPart(item)] };
    case "reasoning":
      return { id, type: "reasoning", status, summary: [], content: [reasoningPart(item)] };
    case "function_call":
      return {
        id,
        type: "function_call",
        status,
        call_id: item.callId,
        name: item.name,
        arguments: item.arguments,
      };
    default:
      return item satisfies never;
  }
}

const partOf = (item: DraftMessage | DraftReasoning) =>
  item.type === "message" ? textPart(item) : reasoningPart(item);

const textPart = ({ text, logprobs }: DraftMessage): OutputTextPart => ({
  type: "output_text",
  text,
  annotations: [],
  logprobs: [...logprobs],
});

const reasoningPart = ({ text }: DraftReasoning): ReasoningTextPart => ({ type: "reasoning_text", text });

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

/** What an answer used and costs, as /v1/responses tells it. */
export function responseUsageOf({ reasoningTokens }: ResponseDraft, usage: Usage): ResponseUsage {
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: {
      cached_tokens: usage.prompt_tokens_details.cached_tokens,
      cache_write_tokens: 0,
    },
    output_tokens: usage.completion_tokens,
    // What a provider counts may be more than it is paid for.
    output_tokens_details: { reasoning_tokens: Math.min(reasoningTokens, usage.completion_tokens) },
    total_tokens: usage.total_tokens,
    cost: usage.cost,
    cost_nano: usage.cost_nano,
  };
}

/** A whole answer told as a stream: its events in order, of which the last has that very answer. */
export function eventsOfResponse(response: Response): ResponseStreamEvent[] {
  const { id, created_at: created, status, output, usage } = response;
  if (usage === null) throw new Error("Only an answer that has its end can be told again.");
  const draft = beginResponse({ job: id.slice(RESPONSE_PREFIX.length), created, echo: echoIn(response) });
  const events = openingEvents(draft);
  let calls = 0;
  let brokenOff: number | null = null;
  const add = (piece: AnswerPiece): void => void events.push(...pieceEvents(draft, piece, 0));
  for (const item of output) {
    // Two items of one kind stand beside one another where a call was written to in between.
    if (item.type !== "function_call" && calls > 0) add(writingTo(0));
    add(pieceOf(item, calls));
    if (item.type !== "function_call") continue;
    // Of several calls any may be the one that it broke off in.
    if (item.status === "incomplete") brokenOff = calls;
    calls++;
  }
  if (brokenOff !== null) add(writingTo(brokenOff));
  const why = response.incomplete_details?.reason;
  const reason = status === "completed" ? "stop" : why === "content_filter" ? why : "length";
  return [...events, ...closingEvents(draft, reason), finalEvent(draft, usage)];
}

/** Nothing more of a call, but it is the latest now. */
const writingTo = (call: number): AnswerPiece => ({
  text: "",
  toolCalls: [{ index: call, arguments: "" }],
});

function pieceOf(item: OutputItem, calls: number): AnswerPiece {
  switch (item.type) {
    case "message": {
      const [{ text, logprobs } = { text: "", logprobs: [] }] = item.content;
      return { text, logprobs };
    }
    case "reasoning":
      return { text: "", reasoning: item.content[0]?.text ?? "" };
    case "function_call":
      return { text: "", toolCalls: [{ index: calls, name: item.name, arguments: item.arguments }] };
    default:
      return item satisfies never;
  }
}

function echoIn(response: Response): ResponseEcho {
  const {
    id: _id,
    object: _object,
    created_at: _created,
    access_programs: _programs,
    status: _status,
    error: _error,
    incomplete_details: _details,
    output: _output,
    usage: _usage,
    ...echo
  } = response;
  return echo;
}
