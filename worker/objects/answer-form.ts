import type { ChatCompletion, Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { AnswerHead, AnswerPiece } from "../../rules/answer-chunks.ts";
import type { WrittenAsked } from "../../rules/asked.ts";
import type { AnswerError } from "./answer.ts";
import { ChatForm } from "./chat-form.ts";
import { CompletionsForm } from "./completions-form.ts";
import { ResponsesForm } from "./responses-form.ts";

/** How an answer that is no stream is written down, in the shape of the address that was asked. One form is for one answer. */
export interface WholeForm {
  gather(piece: AnswerPiece, tokens: number): void;
  /** Takes back what was gathered. */
  startOver(): void;
  /** The whole answer as JSON, once it has come to its end; in pieces where it may be too long to be made at once. */
  whole(completion: ChatCompletion): string | Generator<string>;
}

/** The same, also as a stream. */
export interface AnswerForm extends WholeForm {
  // A stream, as server-sent events
  /** What comes before all else, once. */
  begin(): string;
  /** @param tokens how many the piece is */
  piece(piece: AnswerPiece, tokens: number): string;
  finish(reason: FinishReason): string;
  end(usage: Usage): string;
  fail(error: AnswerError): string;

  whole(completion: ChatCompletion): string;
}

/** The pieces of a whole answer. */
export const piecesOf = (whole: string | Generator<string>): Iterable<string> =>
  typeof whole === "string" ? [whole] : whole;

/** The form that the address has which was asked. */
export function formOf(asked: WrittenAsked, head: AnswerHead): AnswerForm {
  switch (asked.type) {
    case "chat":
      return new ChatForm(head);
    case "responses":
      return new ResponsesForm(head, asked.echo);
    case "completions":
      return new CompletionsForm(head, asked.request);
    default:
      return asked satisfies never;
  }
}
