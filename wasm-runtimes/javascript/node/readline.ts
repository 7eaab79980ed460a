import { EventEmitter } from "./events.ts";
import { Buffer } from "./buffer.ts";
import { Stdin } from "./stdin.ts";

interface Writable {
  write(data: unknown): unknown;
}
interface Options {
  input: Stdin;
  output?: Writable;
  prompt?: string;
}

/** Node's `readline.Interface` over standard input. */
export class Interface extends EventEmitter {
  closed = false;
  line = "";
  terminal = false;
  #output: Writable | undefined;
  #prompt: string;
  #input: Stdin;
  #rest = "";
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #questions: ((line: string) => unknown)[] = [];

  constructor({ input, output, prompt = "> " }: Options) {
    super();
    this.#input = input;
    this.#output = output;
    this.#prompt = prompt;
    input.on("data", (data) => this.#receive(data instanceof Buffer ? data : String(data)));
    input.on("end", () => this.#finish());
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#input.pause();
    this.emit("close");
  }
  pause(): this {
    this.#input.pause();
    this.emit("pause");
    return this;
  }
  resume(): this {
    this.#input.resume();
    this.emit("resume");
    return this;
  }
  setPrompt(prompt: string): void {
    this.#prompt = prompt;
  }
  getPrompt(): string {
    return this.#prompt;
  }
  prompt(): void {
    this.#output?.write(this.#prompt);
  }
  write(): void {}
  question(query: string, ...rest: unknown[]): void {
    if (this.closed) throw new Error("readline was closed");
    this.#output?.write(query);
    const callback = rest.at(-1);
    this.#questions.push(
      (line) => typeof callback === "function" && Reflect.apply(callback, undefined, [line]),
    );
  }
  /** Lines that have come before they are asked for are kept. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const lines: string[] = [];
    let wake = (): void => {};
    let over = this.closed;
    this.on("line", (line) => {
      lines.push(String(line));
      wake();
    });
    this.on("close", () => {
      over = true;
      wake();
    });
    try {
      while (true) {
        const line = lines.shift();
        if (line !== undefined) yield line;
        else if (over) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.close();
    }
  }

  #receive(data: Buffer | string): void {
    if (this.closed) return;
    const text =
      this.#rest + (typeof data === "string" ? data : this.#decoder.decode(data, { stream: true }));
    // A carriage return at the end may be half of a line's end.
    const held = text.endsWith("\r") ? 1 : 0;
    const lines = text.slice(0, text.length - held).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + (held > 0 ? "\r" : "");
    for (const line of lines) this.#line(line);
  }
  #finish(): void {
    if (this.closed) return;
    const last = this.#rest.replace(/\r$/, "");
    if (this.#rest !== "") this.#line(last);
    this.close();
  }
  #line(line: string): void {
    const answer = this.#questions.shift();
    if (answer === undefined) this.emit("line", line);
    else answer(line);
  }
}

export function createInterface(first: Options | Stdin, output?: Writable): Interface {
  return new Interface(first instanceof Stdin ? { input: first, ...(output ? { output } : {}) } : first);
}

class PromisingInterface extends Interface {
  override question(query: string): Promise<string> {
    return new Promise((resolve) => {
      super.question(query, resolve);
    });
  }
}

const promises = {
  Interface: PromisingInterface,
  createInterface: (options: Options): PromisingInterface => new PromisingInterface(options),
};

export const readline = {
  Interface,
  createInterface,
  promises,
  clearLine: (): boolean => true,
  cursorTo: (): boolean => true,
};
