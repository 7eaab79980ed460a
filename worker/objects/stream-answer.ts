import type { Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { AnswerPiece } from "../../rules/answer-chunks.ts";
import {
  type Answer,
  type AnswerError,
  type AnswerEvents,
  answerHeaders,
  errorAnswer,
  nobodyListens,
  type PieceCount,
  ResponseBody,
  type Server,
  serverHeaders,
} from "./answer.ts";
import type { AnswerForm } from "./answer-form.ts";

/**
 * So long a refusal can still be told by its status; then the stream begins, though nothing is in it yet. Whenever nothing
 * came for so long a comment says so: who has gone is noticed by it.
 */
const SIGN_MS = 500;

/** An answer to a request with `stream`: events as they come (the HTML standard's server-sent events). */
export class StreamAnswer implements Answer {
  readonly form: AnswerForm;
  readonly response: Promise<Response>;
  readonly #job: string;
  readonly #events: AnswerEvents;
  #signAt = Date.now() + SIGN_MS;
  #respond: (response: Response) => void = () => undefined;
  #body: ResponseBody | null = null;
  #server: Server | null = null;
  #hasPieces = false;
  #hasBegun = false;

  constructor(job: string, form: AnswerForm, events: AnswerEvents) {
    this.#job = job;
    this.form = form;
    this.#events = events;
    this.response = new Promise((respond) => (this.#respond = respond));
  }

  servedBy(server: Server): void {
    this.#server = server;
  }

  write(piece: AnswerPiece, count: PieceCount): void {
    this.#hasPieces = true;
    this.#signAt = Date.now() + SIGN_MS;
    this.#begin().write(this.form.piece(piece, count.tokens), count);
  }

  wait(outlook: string): void {
    const now = Date.now();
    if (now < this.#signAt) return;
    this.#signAt = now + SIGN_MS;
    this.#open().write(`: ${outlook}\n\n`);
  }

  finish(reason: FinishReason): Promise<boolean> {
    const body = this.#begin();
    body.write(this.form.finish(reason));
    return body.flushed();
  }

  end(usage: Usage): void {
    const body = this.#begin();
    body.write(this.form.end(usage));
    void body.close();
  }

  fail(error: AnswerError): void {
    if (this.#body === null) return this.#respond(errorAnswer(this.#job, error));
    const body = this.#begin();
    body.write(this.form.fail(error));
    void body.close();
  }

  async read(): Promise<void> {
    await this.#body?.flushed();
  }

  breakOff(why: string): void {
    if (this.#body === null) this.#respond(nobodyListens());
    else void this.#body.breakOff(why);
  }

  startOver(): boolean {
    return !this.#hasPieces;
  }

  /** What an answer begins with names its model, which is not settled before somebody writes. */
  #begin(): ResponseBody {
    const body = this.#open();
    if (this.#hasBegun) return body;
    this.#hasBegun = true;
    const beginning = this.form.begin();
    if (beginning !== "") body.write(beginning);
    return body;
  }

  #open(): ResponseBody {
    if (this.#body !== null) return this.#body;
    this.#body = new ResponseBody(this.#events);
    const headers = { ...answerHeaders(this.#job, "text/event-stream"), ...serverHeaders(this.#server) };
    this.#respond(new Response(this.#body.stream, { headers }));
    return this.#body;
  }
}
