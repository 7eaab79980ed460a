import type { ChatCompletionChunk, Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import { openAIError } from "../../protocol/openai-error.ts";
import {
  type AnswerHead,
  type AnswerPiece,
  finishChunk,
  pieceChunk,
  roleChunk,
  usageChunk,
} from "../../rules/answer-chunks.ts";
import {
  type Answer,
  type AnswerError,
  type AnswerEvents,
  answerHeaders,
  errorAnswer,
  nobodyListens,
  type PieceCount,
  ResponseBody,
} from "./answer.ts";

/**
 * So long a refusal can still be told by its status; then the stream begins, though nothing is in it yet. Whenever nothing
 * came for so long a comment says so: who has gone is noticed by it.
 */
const SIGN_MS = 500;

/** An answer to a request with `stream`: events as they come (the HTML standard's server-sent events). */
export class StreamAnswer implements Answer {
  readonly response: Promise<Response>;
  readonly #head: AnswerHead;
  readonly #events: AnswerEvents;
  #signAt = Date.now() + SIGN_MS;
  #respond: (response: Response) => void = () => undefined;
  #body: ResponseBody | null = null;
  #hasRole = false;
  #begunCalls = new Set<number>();
  #around: { before: string; after: string } | null = null;

  constructor(head: AnswerHead, events: AnswerEvents) {
    this.#head = head;
    this.#events = events;
    this.response = new Promise((respond) => (this.#respond = respond));
  }

  write(piece: AnswerPiece, count: PieceCount): void {
    const role = this.#hasRole ? "" : event(roleChunk(this.#head));
    this.#hasRole = true;
    this.#signAt = Date.now() + SIGN_MS;
    this.#begin().write(role + this.#eventOf(piece), count);
    for (const { index } of piece.toolCalls ?? []) this.#begunCalls.add(index);
  }

  #eventOf(piece: AnswerPiece): string {
    const { text, reasoning, toolCalls, logprobs } = piece;
    const isPlain = reasoning === undefined && toolCalls === undefined && logprobs === undefined;
    if (!isPlain) return event(pieceChunk(this.#head, piece, this.#begunCalls));
    this.#around ??= aroundText(this.#head);
    return this.#around.before + JSON.stringify(text) + this.#around.after;
  }

  wait(outlook: string): void {
    const now = Date.now();
    if (now < this.#signAt) return;
    this.#signAt = now + SIGN_MS;
    this.#begin().write(`: ${outlook}\n\n`);
  }

  finish(reason: FinishReason): Promise<boolean> {
    const role = this.#hasRole ? "" : event(roleChunk(this.#head));
    const body = this.#begin();
    body.write(role + event(finishChunk(this.#head, reason)));
    return body.flushed();
  }

  end(usage: Usage): void {
    const last = this.#head.includesUsage ? event(usageChunk(this.#head, usage)) : "";
    const body = this.#begin();
    body.write(`${last}data: [DONE]\n\n`);
    void body.close();
  }

  fail(error: AnswerError): void {
    if (this.#body === null) return this.#respond(errorAnswer(this.#head.job, error));
    const { code, message, param } = error;
    this.#body.write(`data: ${JSON.stringify(openAIError(code, message, param))}\n\n`);
    void this.#body.close();
  }

  async read(): Promise<void> {
    await this.#body?.flushed();
  }

  breakOff(why: string): void {
    if (this.#body === null) this.#respond(nobodyListens());
    else void this.#body.breakOff(why);
  }

  startOver(): boolean {
    return !this.#hasRole;
  }

  #begin(): ResponseBody {
    if (this.#body !== null) return this.#body;
    this.#body = new ResponseBody(this.#events);
    this.#respond(
      new Response(this.#body.stream, { headers: answerHeaders(this.#head.job, "text/event-stream") }),
    );
    return this.#body;
  }
}

/** What stands around the text in the events of an answer, which is the same for every token of nothing but text. */
function aroundText(head: AnswerHead): { before: string; after: string } {
  const mark = crypto.randomUUID();
  const [before = "", after = ""] = event(pieceChunk(head, { text: mark }, new Set())).split(`"${mark}"`);
  return { before, after };
}

const event = (chunk: ChatCompletionChunk): string => `data: ${JSON.stringify(chunk)}\n\n`;
