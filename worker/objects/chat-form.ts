import type { ChatCompletion, Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import {
  type AnswerHead,
  type AnswerPiece,
  finishChunk,
  pieceChunk,
  roleChunk,
  usageChunk,
} from "../../rules/answer-chunks.ts";
import type { AnswerError } from "./answer.ts";
import type { AnswerForm } from "./answer-form.ts";
import { dataEvent, DONE, errorEvent, textEvents } from "./data-events.ts";

/** /v1/chat/completions */
export class ChatForm implements AnswerForm {
  readonly #head: AnswerHead;
  #hasRole = false;
  #begunCalls = new Set<number>();
  readonly #textEvent: (text: string) => string;

  constructor(head: AnswerHead) {
    this.#head = head;
    this.#textEvent = textEvents((text) => pieceChunk(head, { text }, new Set()));
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
    return this.#textEvent(text);
  }

  finish(reason: FinishReason): string {
    return this.#role() + dataEvent(finishChunk(this.#head, reason));
  }

  end(usage: Usage): string {
    const last = this.#head.includesUsage ? dataEvent(usageChunk(this.#head, usage)) : "";
    return last + DONE;
  }

  fail(error: AnswerError): string {
    return errorEvent(error);
  }

  // The completion has all of it.
  gather(): void {}
  startOver(): void {}

  whole(completion: ChatCompletion): string {
    return JSON.stringify(completion);
  }
}
