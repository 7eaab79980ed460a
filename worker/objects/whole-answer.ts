import type { ChatCompletion } from "../../protocol/chat-completion.ts";
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
import { piecesOf, type WholeForm } from "./answer-form.ts";

/** So long a failure can still be told by its status. */
const HOLD_BACK_MS = 2_000;
/** A line break every now and then, which JSON allows before it: who has gone is noticed by it. */
const SIGN_MS = 1_000;

/**
 * An answer to a request without `stream`: one JSON text at the end. Nothing of it counts as delivered before all of it was
 * read but its last character, which is held back until it is settled.
 */
export class WholeAnswer implements Answer {
  readonly form: WholeForm;
  readonly response: Promise<Response>;
  readonly #job: string;
  readonly #events: AnswerEvents;
  #respond: (response: Response) => void = () => undefined;
  #body: ResponseBody | null = null;
  #signAt = Date.now() + HOLD_BACK_MS;
  #counts: PieceCount[] = [];
  #server: Server | null = null;

  constructor(job: string, form: WholeForm, events: AnswerEvents) {
    this.#job = job;
    this.form = form;
    this.#events = events;
    this.response = new Promise((respond) => (this.#respond = respond));
  }

  servedBy(server: Server): void {
    if (this.#counts.length === 0) this.#server = server;
  }

  write(piece: AnswerPiece, count: PieceCount): void {
    this.form.gather(piece, count.tokens);
    this.#counts.push(count);
  }

  wait(): void {
    const now = Date.now();
    if (now < this.#signAt) return;
    this.#signAt = now + SIGN_MS;
    this.#begin().write("\n");
  }

  async finish(_reason: FinishReason, completion: () => ChatCompletion): Promise<boolean> {
    for (const { of, tokens, bytes } of this.#counts) {
      of.deliveredTokens += tokens;
      of.deliveredBytes += bytes;
    }
    if (await this.#wroteButLast(piecesOf(this.form.whole(completion())))) return true;
    for (const { of } of this.#counts) {
      of.deliveredTokens = 0;
      of.deliveredBytes = 0;
    }
    return false;
  }

  /** Whether all was read but the last character. */
  async #wroteButLast(pieces: Iterable<string>): Promise<boolean> {
    const body = this.#begin();
    let held = "";
    for (const piece of pieces) {
      body.write(held);
      // So no more than a piece is in memory, and others get their turn.
      if (held !== "" && !(await body.flushed())) return false;
      held = piece;
    }
    body.write(held.slice(0, -1));
    return body.flushed();
  }

  end(): void {
    const body = this.#begin();
    body.write("}");
    void body.close();
  }

  fail(error: AnswerError): void {
    if (this.#body === null) return this.#respond(errorAnswer(this.#job, error));
    // 200 was said, and a body with an error in it would pass for an answer.
    void this.#body.breakOff(error.message);
  }

  /** Nothing of it can be read before it is finished. */
  async read(): Promise<void> {}

  breakOff(why: string): void {
    if (this.#body === null) this.#respond(nobodyListens());
    else void this.#body.breakOff(why);
  }

  startOver(): boolean {
    this.form.startOver();
    this.#counts = [];
    return true;
  }

  #begin(): ResponseBody {
    if (this.#body !== null) return this.#body;
    this.#body = new ResponseBody(this.#events);
    const headers = { ...answerHeaders(this.#job, "application/json"), ...serverHeaders(this.#server) };
    this.#respond(new Response(this.#body.stream, { headers }));
    return this.#body;
  }
}
