import type { ChatCompletion, ChatCompletionChunk, Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import { openAIError } from "../../protocol/openai-error.ts";
import type { ResponseStreamEvent } from "../../protocol/response-event.ts";
import type { ResponseEcho } from "../../protocol/response.ts";
import {
  type AnswerHead,
  type AnswerPiece,
  finishChunk,
  pieceChunk,
  roleChunk,
  usageChunk,
} from "../../rules/answer-chunks.ts";
import {
  beginResponse,
  type ResponseDraft,
  responseUsageOf,
  wholeResponse,
} from "../../rules/response-draft.ts";
import {
  closingEvents,
  failureEvents,
  finalEvent,
  openingEvents,
  pieceEvents,
} from "../../rules/response-events.ts";
import { paramHere } from "../../rules/response-request.ts";
import type { Surface } from "../job-order.ts";
import type { AnswerError } from "./answer.ts";

/** How an answer is written down, in the shape of the address that was asked. One form is for one answer. */
export interface AnswerForm {
  // A stream, as server-sent events
  /** What comes before all else, once. */
  begin(): string;
  /** @param tokens how many the piece is */
  piece(piece: AnswerPiece, tokens: number): string;
  finish(reason: FinishReason): string;
  end(usage: Usage): string;
  fail(error: AnswerError): string;

  // An answer that is not streamed
  gather(piece: AnswerPiece, tokens: number): void;
  /** Takes back what was gathered. */
  startOver(): void;

  /** The whole answer as JSON, streamed or not, once it has come to its end. */
  whole(completion: ChatCompletion): string;
}

export const formOf = (surface: Surface, head: AnswerHead): AnswerForm =>
  surface.type === "chat" ? new ChatForm(head) : new ResponsesForm(head, surface.echo);

/** /v1/chat/completions */
class ChatForm implements AnswerForm {
  readonly #head: AnswerHead;
  #hasRole = false;
  #begunCalls = new Set<number>();
  #around: { before: string; after: string } | null = null;

  constructor(head: AnswerHead) {
    this.#head = head;
  }

  begin(): string {
    return "";
  }

  piece(piece: AnswerPiece): string {
    const event = this.#role() + this.#eventOf(piece);
    for (const { index } of piece.toolCalls ?? []) this.#begunCalls.add(index);
    return event;
  }

  #role(): string {
    if (this.#hasRole) return "";
    this.#hasRole = true;
    return dataEvent(roleChunk(this.#head));
  }

  #eventOf(piece: AnswerPiece): string {
    const { text, reasoning, toolCalls, logprobs } = piece;
    const isPlain = reasoning === undefined && toolCalls === undefined && logprobs === undefined;
    if (!isPlain) return dataEvent(pieceChunk(this.#head, piece, this.#begunCalls));
    this.#around ??= aroundText(this.#head);
    return this.#around.before + JSON.stringify(text) + this.#around.after;
  }

  finish(reason: FinishReason): string {
    return this.#role() + dataEvent(finishChunk(this.#head, reason));
  }

  end(usage: Usage): string {
    const last = this.#head.includesUsage ? dataEvent(usageChunk(this.#head, usage)) : "";
    return `${last}data: [DONE]\n\n`;
  }

  fail({ code, message, param }: AnswerError): string {
    return `data: ${JSON.stringify(openAIError(code, message, param))}\n\n`;
  }

  // The completion has all of it.
  gather(): void {}
  startOver(): void {}

  whole(completion: ChatCompletion): string {
    return JSON.stringify(completion);
  }
}

const dataEvent = (chunk: ChatCompletionChunk): string => `data: ${JSON.stringify(chunk)}\n\n`;

/** What stands around the text in the events of an answer, which is the same for every token of nothing but text. */
function aroundText(head: AnswerHead): { before: string; after: string } {
  const mark = crypto.randomUUID();
  const chunk = pieceChunk(head, { text: mark }, new Set());
  const [before = "", after = ""] = dataEvent(chunk).split(`"${mark}"`);
  return { before, after };
}

/** /v1/responses */
class ResponsesForm implements AnswerForm {
  readonly #head: { job: string; created: number; echo: ResponseEcho };
  #draft: ResponseDraft;

  constructor({ job, created }: AnswerHead, echo: ResponseEcho) {
    this.#head = { job, created, echo };
    this.#draft = beginResponse(this.#head);
  }

  begin(): string {
    return namedEvents(openingEvents(this.#draft));
  }

  piece(piece: AnswerPiece, tokens: number): string {
    return namedEvents(pieceEvents(this.#draft, piece, tokens));
  }

  finish(reason: FinishReason): string {
    return namedEvents(closingEvents(this.#draft, reason));
  }

  end(usage: Usage): string {
    return namedEvents([finalEvent(this.#draft, responseUsageOf(this.#draft, usage))]);
  }

  fail({ code, message, param }: AnswerError): string {
    return namedEvents(failureEvents(this.#draft, { code, message, param: paramHere(param, []) }));
  }

  gather(piece: AnswerPiece, tokens: number): void {
    pieceEvents(this.#draft, piece, tokens);
  }

  startOver(): void {
    this.#draft = beginResponse(this.#head);
  }

  whole({ choices: [{ finish_reason: reason }], usage }: ChatCompletion): string {
    if (this.#draft.reason === null) closingEvents(this.#draft, reason);
    return JSON.stringify(wholeResponse(this.#draft, responseUsageOf(this.#draft, usage)));
  }
}

/** Events of /v1/responses as they are sent: each under the name of its type. */
export const namedEvents = (events: readonly ResponseStreamEvent[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
