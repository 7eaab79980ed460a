import type { Usage } from "../protocol/chat-completion.ts";
import type { FinishReason } from "../protocol/finish-reason.ts";
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
export interface DraftCall {
  type: "function_call";
  id: string;
  callId: string;
  name: string;
  arguments: string;
}
export type DraftItem = DraftMessage | DraftReasoning | DraftCall;

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

const ID_PREFIX = "resp_";

/** The job that an answer is of. */
export const jobOf = ({ id }: Pick<Response, "id">): string => id.slice(ID_PREFIX.length);

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

/** The answer as it stands. */
export function responseOf(draft: ResponseDraft, ending: Ending): Response {
  const { job, created, echo } = draft.head;
  return {
    ...echo,
    id: ID_PREFIX + job,
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
export function statusOf({ latest, reason }: ResponseDraft, item: DraftItem): OutputItem["status"] {
  if (item !== latest) return "completed";
  return reason === null || whyIncomplete(reason) !== null ? "incomplete" : "completed";
}

export function outputItem(item: DraftItem, status: OutputItem["status"]): OutputItem {
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

export const partOf = (item: DraftMessage | DraftReasoning) =>
  item.type === "message" ? textPart(item) : reasoningPart(item);

const textPart = ({ text, logprobs }: DraftMessage): OutputTextPart => ({
  type: "output_text",
  text,
  annotations: [],
  logprobs: [...logprobs],
});

const reasoningPart = ({ text }: DraftReasoning): ReasoningTextPart => ({ type: "reasoning_text", text });

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
