import type { ChatCompletion, Usage } from "../../protocol/chat-completion.ts";
import type { FinishReason } from "../../protocol/finish-reason.ts";
import { formatCredits, type Prices } from "../../protocol/money.ts";
import {
  openAIError,
  openAIErrors,
  retryHeaders,
  type OpenAIErrorCode,
} from "../../protocol/openai-error.ts";
import type { AnswerPiece } from "../../rules/answer-chunks.ts";
import type { WholeForm } from "./answer-form.ts";

/** Why a consumer gets no answer, or no more of it. */
export interface AnswerError {
  code: OpenAIErrorCode;
  message: string;
  param: string | null;
  /** When it may succeed, in milliseconds from now; null when nobody knows. */
  waitMs: number | null;
  /** What else its status is told with. */
  headers?: Readonly<Record<string, string>>;
}

/** Who serves an answer. */
export interface Server {
  provider: string;
  /** Null where it is free of charge. */
  prices: Pick<Prices, "prompt" | "completion"> | null;
}

/** What has reached the consumer of one provider's part of an answer. The answer counts, the bill is made of it. */
export interface Delivered {
  deliveredTokens: number;
  deliveredBytes: number;
}

/** How much of it a piece is, and of which part. */
export interface PieceCount {
  of: Delivered;
  tokens: number;
  bytes: number;
}

/**
 * The consumer's side of a job. What is promised to the consumer is written here, and whether it arrived is known here.
 *
 *     open --write, wait--> begun (200 is said) --finish--> finished --end--> closed
 *       |                     |                                |
 *       +--fail: a status     +--fail: an error event, or the connection is broken off
 *                             +--the consumer has gone---------+
 *
 * An answer is finished once the consumer has all of it but its end; it is settled then, and ended after that.
 */
export interface Answer {
  /** What the consumer's request is answered by: when the answer begins, or fails before. */
  readonly response: Promise<Response>;
  readonly form: WholeForm;
  /** Who has the request from now on. The headers name the one who has it when the answer begins. */
  servedBy(server: Server): void;
  write(piece: AnswerPiece, count: PieceCount): void;
  /** Nothing is there to be written at the moment. Tells those who wait how long, and notices those who have gone. */
  wait(outlook: string): void;
  /**
   * All is written but the end.
   * @param completion the whole answer, which tells what all of it costs; asked for once all of it counts as delivered
   * @returns whether the consumer has it all
   */
  finish(reason: FinishReason, completion: () => ChatCompletion): Promise<boolean>;
  /** The end, after it was settled. */
  end(usage: Usage): void;
  /** Waits until what was written so far was read, or never will be. */
  read(): Promise<void>;
  fail(error: AnswerError): void;
  /** Waits for the consumer no longer. */
  breakOff(why: string): void;
  /** Takes back what was written, if nothing of it has reached the consumer; returns whether that is so. */
  startOver(): boolean;
}

/** What an answer tells the Market. */
export interface AnswerEvents {
  /** The consumer has gone: nothing more reaches it. Told once. */
  gone(): void;
  /** The consumer reads more slowly than is written; later, that it caught up. */
  slow(isSlow: boolean): void;
}

const encoder = new TextEncoder();

/** Enough for the event of a token, in bytes. */
const USUAL_BYTES = 1024;

/** As long as more than this waits to be read, nothing more is asked for; in characters. */
const SLOW = 64 * 1024;
const CAUGHT_UP = 16 * 1024;

/**
 * The bytes of a response. One write is under way at a time; what comes meanwhile goes together with the next, so that a
 * quick reader gets each piece at once, and a slow one few large ones.
 *
 *     idle --write--> gathering (to the end of this turn) --> writing --read--> idle, or writing what came meanwhile
 */
export class ResponseBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #events: AnswerEvents;
  /** Nearly every write is made in here, as one at a time is under way: to make and free a buffer for each costs more. */
  readonly #buffer = new Uint8Array(USUAL_BYTES);
  #waiting = "";
  #counts: PieceCount[] = [];
  /** Of what is under way. */
  #underWay: PieceCount[] = [];
  #isBusy = false;
  /** Called when nothing waits and no write is under way. */
  #whenIdle: (() => void)[] = [];
  #slow = false;
  /** Null while it is open. */
  #over: "closed" | "gone" | null = null;

  constructor(events: AnswerEvents) {
    const { readable, writable } = new IdentityTransformStream();
    this.stream = readable;
    this.#writer = writable.getWriter();
    this.#events = events;
    this.#writer.closed.catch(() => this.gone());
  }

  write(text: string, count?: PieceCount): void {
    if (this.#over !== null) return;
    this.#waiting += text;
    if (count) this.#counts.push(count);
    if (!this.#isBusy) {
      this.#isBusy = true;
      // The promise's own queue: workerd's queueMicrotask wraps each callback, which was 6 % of a busy relay's time.
      void Promise.resolve().then(this.#send);
    }
    this.#lookAtLength();
  }

  /** Whether all that was written was read. */
  async flushed(): Promise<boolean> {
    if (this.#isBusy) await new Promise<void>((idle) => this.#whenIdle.push(idle));
    return this.#over === null;
  }

  async close(): Promise<void> {
    if (!(await this.flushed())) return;
    this.#over = "closed";
    await this.#writer.close().catch(() => undefined);
  }

  /** Breaks the connection off: whoever reads sees that this is not all. */
  async breakOff(why: string): Promise<void> {
    if (this.#over !== null) return;
    this.#over = "closed";
    await this.#writer.abort(new Error(why)).catch(() => undefined);
  }

  gone(): void {
    if (this.#over !== null) return;
    this.#over = "gone";
    this.#waiting = "";
    this.#counts = [];
    this.#events.gone();
  }

  // Callbacks made once, and not an async function: this runs for every token.

  readonly #send = (): void => {
    if (this.#waiting === "" || this.#over !== null) return this.#idle();
    const bytes = this.#encode(this.#waiting);
    this.#underWay = this.#counts;
    this.#waiting = "";
    this.#counts = [];
    this.#lookAtLength();
    this.#writer.write(bytes).then(this.#wasRead, this.#failed);
  };

  #encode(text: string): Uint8Array {
    // No character of a string is longer than three bytes.
    if (3 * text.length > this.#buffer.length) return encoder.encode(text);
    return this.#buffer.subarray(0, encoder.encodeInto(text, this.#buffer).written);
  }

  readonly #wasRead = (): void => {
    for (const { of, tokens, bytes } of this.#underWay) {
      of.deliveredTokens += tokens;
      of.deliveredBytes += bytes;
    }
    this.#send();
  };

  readonly #failed = (): void => {
    this.gone();
    this.#idle();
  };

  #idle(): void {
    this.#isBusy = false;
    for (const idle of this.#whenIdle.splice(0)) idle();
  }

  #lookAtLength(): void {
    const length = this.#waiting.length;
    if (this.#slow ? length > CAUGHT_UP : length <= SLOW) return;
    this.#slow = !this.#slow;
    this.#events.slow(this.#slow);
  }
}

/** A refusal, or a failure before anything was said. */
export function errorAnswer(job: string, { code, message, param, waitMs, headers }: AnswerError): Response {
  return new Response(JSON.stringify(openAIError(code, message, param)), {
    status: openAIErrors[code].status,
    headers: { ...answerHeaders(job, "application/json"), ...retryHeaders(code, waitMs), ...headers },
  });
}

/** What is never read: its consumer has gone. The number is nginx's, for its logs. */
export const nobodyListens = (): Response => new Response(null, { status: 499 });

export const answerHeaders = (job: string, type: string): Record<string, string> => ({
  "content-type": type,
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-request-id": job,
});

/** Who serves it and for how much, in credits per million tokens; nothing while that is not known. */
export const serverHeaders = (server: Server | null): Record<string, string> =>
  server === null
    ? {}
    : {
        "x-provider": server.provider,
        "x-price-prompt": formatCredits(server.prices?.prompt ?? 0),
        "x-price-completion": formatCredits(server.prices?.completion ?? 0),
      };
