import type { ChatCompletion, Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { ResponseStreamEvent } from "../../protocol/response-event.ts";
import type { ResponseEcho } from "../../protocol/response.ts";
import type { AnswerHead, AnswerPiece } from "../../rules/answer-chunks.ts";
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
import type { AnswerError } from "./answer.ts";
import type { AnswerForm } from "./answer-form.ts";

/** /v1/responses */
export class ResponsesForm implements AnswerForm {
  readonly #answer: AnswerHead;
  readonly #head: { job: string; created: number; echo: ResponseEcho };
  #draft: ResponseDraft;

  constructor(answer: AnswerHead, echo: ResponseEcho) {
    const { job, created } = answer;
    this.#answer = answer;
    this.#head = { job, created, echo: { ...echo } };
    this.#draft = beginResponse(this.#head);
  }

  /** The model that serves it takes the place of what was asked for. */
  #name(): void {
    this.#head.echo.model = this.#answer.model;
  }

  begin(): string {
    this.#name();
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
    this.#name();
    if (this.#draft.reason === null) closingEvents(this.#draft, reason);
    return JSON.stringify(wholeResponse(this.#draft, responseUsageOf(this.#draft, usage)));
  }
}

/** Events of /v1/responses as they are sent: each under the name of its type. */
export const namedEvents = (events: readonly ResponseStreamEvent[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
