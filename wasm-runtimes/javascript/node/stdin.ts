import { Buffer } from "./buffer.ts";
import { EventEmitter } from "./events.ts";
import { soon } from "./event-loop.ts";

/** What Node reads from a pipe at a time; programs that take the first chunk for everything must fail here as they do there. */
const CHUNK_BYTES = 65_536;

/** The bytes of standard input and how far they have been read; one, whichever way a program reads. */
export class InputSource {
  #bytes: Uint8Array<ArrayBuffer>;
  #offset = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
  }
  take(length = Infinity): Buffer {
    const end = Math.min(this.#bytes.length, this.#offset + length);
    const taken = Buffer.view(this.#bytes.subarray(this.#offset, end));
    this.#offset = end;
    return taken;
  }
  get ended(): boolean {
    return this.#offset >= this.#bytes.length;
  }
}

type Mode = "paused" | "flowing" | "readable";

/** `process.stdin`: a readable stream with the events data, readable, end and close, and async iteration. */
export class Stdin extends EventEmitter {
  readonly fd = 0;
  readonly isTTY = false;
  readable = true;
  #source: InputSource;
  #decoder: TextDecoder | null = null;
  #mode: Mode = "paused";
  #pumping = false;
  #ready: Buffer[] = [];

  constructor(source: InputSource) {
    super();
    this.#source = source;
  }

  setEncoding(encoding = "utf8"): this {
    const label = /^(latin1|binary|ascii)$/i.test(encoding) ? "latin1" : "utf-8";
    this.#decoder = new TextDecoder(label, { ignoreBOM: true });
    return this;
  }
  override on(event: PropertyKey, listener: (...values: unknown[]) => unknown): this {
    super.on(event, listener);
    return this.#listenedTo(event);
  }
  override once(event: PropertyKey, listener: (...values: unknown[]) => unknown): this {
    super.once(event, listener);
    return this.#listenedTo(event);
  }
  resume(): this {
    return this.#enter("flowing");
  }
  pause(): this {
    this.#mode = "paused";
    return this;
  }
  isPaused(): boolean {
    return this.#mode === "paused";
  }
  /** In "readable" mode: everything that has arrived, or null. */
  read(): Buffer | string | null {
    if (this.#ready.length === 0) return null;
    return this.#decoded(Buffer.concat(this.#ready.splice(0)));
  }
  pipe<Target extends { write(data: unknown): unknown; end?(): unknown }>(target: Target): Target {
    this.on("data", (data) => target.write(data));
    this.on("end", () => target.end?.());
    return target;
  }
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  destroy(): this {
    this.readable = false;
    return this.pause();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer | string> {
    while (!this.#source.ended) {
      await new Promise<void>((resolve) => soon(resolve));
      yield this.#decoded(this.#source.take(CHUNK_BYTES));
    }
    this.readable = false;
  }

  #listenedTo(event: PropertyKey): this {
    if (event === "readable") return this.#enter("readable");
    // Adding a listener for data lets a stream flow, unless somebody reads it by hand.
    return event === "data" && this.#mode === "paused" ? this.#enter("flowing") : this;
  }
  #enter(mode: Mode): this {
    this.#mode = mode;
    if (!this.#pumping && this.readable) this.#next();
    return this;
  }
  #next(): void {
    this.#pumping = true;
    soon(() => this.#pump());
  }
  #pump(): void {
    this.#pumping = false;
    if (this.#mode === "paused") return;
    if (this.#source.ended) return this.#end();
    const chunk = this.#source.take(CHUNK_BYTES);
    if (this.#mode === "flowing") {
      this.emit("data", this.#decoded(chunk));
    } else {
      this.#ready.push(chunk);
      this.emit("readable");
    }
    if (!this.#pumping) this.#next();
  }
  #end(): void {
    this.readable = false;
    if (this.#mode === "readable") this.emit("readable");
    this.emit("end");
    this.emit("close");
  }
  #decoded(chunk: Buffer): Buffer | string {
    return this.#decoder === null ? chunk : this.#decoder.decode(chunk, { stream: !this.#source.ended });
  }
}
