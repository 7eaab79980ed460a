import type { ChatCompletion, Usage } from "../../protocol/chat-completion.ts";
import type { CompletionRequest } from "../../protocol/completions.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { AnswerHead, AnswerPiece } from "../../rules/answer-chunks.ts";
import {
  textChunk,
  textCompletionOf,
  textFinishChunk,
  textLogprobs,
  type TextPlace,
  textUsageChunk,
} from "../../rules/text-completion.ts";
import type { AnswerError } from "./answer.ts";
import type { AnswerForm } from "./answer-form.ts";
import { dataEvent, DONE, errorEvent, textEvents } from "./data-events.ts";

/** /v1/completions */
export class CompletionsForm implements AnswerForm {
  readonly #head: AnswerHead;
  /** What the answer begins with, which nobody has to write: the prompt where it is to be repeated. */
  readonly #echoed: string;
  readonly #place: TextPlace = { characters: 0 };
  readonly #textEvent: (text: string) => string;

  constructor(head: AnswerHead, { echo, prompts }: Pick<CompletionRequest, "echo" | "prompts">) {
    this.#head = head;
    this.#echoed = echo ? (prompts[0] ?? "") : "";
    this.#textEvent = textEvents((text) => textChunk(head, text, null));
  }

  begin(): string {
    return this.#echoed === "" ? "" : this.#textEvent(this.#echoed);
  }

  piece({ text, logprobs }: AnswerPiece): string {
    if (logprobs === undefined) return this.#textEvent(text);
    return dataEvent(textChunk(this.#head, text, textLogprobs(logprobs, this.#place)));
  }

  finish(reason: FinishReason): string {
    return dataEvent(textFinishChunk(this.#head, reason));
  }

  end(usage: Usage): string {
    const last = this.#head.includesUsage ? dataEvent(textUsageChunk(this.#head, usage)) : "";
    return last + DONE;
  }

  fail(error: AnswerError): string {
    return errorEvent(error);
  }

  // The completion has all of it.
  gather(): void {}
  startOver(): void {}

  whole(completion: ChatCompletion): string {
    return JSON.stringify(textCompletionOf(this.#head, this.#echoed, completion));
  }
}
