import type { OutputStream } from "../../worker/output.ts";
import { EventEmitter } from "./events.ts";
import { nextTick, runTask } from "./event-loop.ts";
import type { Stdin } from "./stdin.ts";

/** `process.stdout` and `process.stderr`: written at once, so that there is never anything to wait for. */
export class Stdout extends EventEmitter {
  readonly fd: 1 | 2;
  readonly isTTY = false;
  readonly writable = true;
  #output: OutputStream;

  constructor(fd: 1 | 2, output: OutputStream) {
    super();
    this.fd = fd;
    this.#output = output;
  }
  write(data: unknown, ...rest: unknown[]): boolean {
    if (typeof data !== "string" && !(data instanceof Uint8Array)) {
      throw new TypeError(
        `The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${describe(data)}`,
      );
    }
    this.#output.write(data);
    const callback = rest.at(-1);
    if (typeof callback === "function") nextTick(() => Reflect.apply(callback, undefined, []));
    return true;
  }
  end(data?: unknown): this {
    if (data !== undefined) this.write(data);
    return this;
  }
  cork(): void {}
  uncork(): void {}
}

function describe(value: unknown): string {
  return value === null || value === undefined ? String(value) : `type ${typeof value} (${String(value)})`;
}

const now = performance.now.bind(performance);

export interface ProcessParts {
  stdin: Stdin;
  stdout: Stdout;
  stderr: Stdout;
  entry: string;
  /** Ends the program for good; does not return. */
  /** Ends the program, of which nothing runs any more, though it is on the stack. */
  halt: (code: number) => never;
  /** Ends the program when nothing of it is on the stack. */
  finish: (code: number) => void;
}

export class Process extends EventEmitter {
  readonly stdin: Stdin;
  readonly stdout: Stdout;
  readonly stderr: Stdout;
  readonly argv: string[];
  readonly argv0 = "node";
  readonly env: Record<string, string> = {};
  readonly platform = "linux";
  readonly pid = 1;
  readonly version = "v24.0.0";
  readonly versions = { node: "24.0.0" };
  readonly nextTick = nextTick;
  exitCode: number | string | undefined = undefined;
  #halt: (code: number) => never;
  #finish: (code: number) => void;
  #exiting = false;

  constructor({ stdin, stdout, stderr, entry, halt, finish }: ProcessParts) {
    super();
    this.stdin = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
    this.argv = ["node", `/program/${entry}`];
    this.#halt = halt;
    this.#finish = finish;
    // As functions of their own too: `const { exit } = process`.
    for (const method of ["exit", "cwd", "uptime", "memoryUsage", "abort", "on", "once", "emit"] as const) {
      Object.defineProperty(this, method, {
        value: this[method].bind(this),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    this.hrtime = Object.assign(hrtime, { bigint: (): bigint => BigInt(Math.round(now() * 1e6)) });
  }

  readonly hrtime: typeof hrtime & { bigint(): bigint };

  cwd(): string {
    return "/program";
  }
  uptime(): number {
    return now() / 1000;
  }
  memoryUsage(): { rss: number; heapTotal: number; heapUsed: number } {
    return { rss: 0, heapTotal: 0, heapUsed: 0 };
  }
  exit(code?: number | string): never {
    if (code !== undefined) this.exitCode = code;
    this.#announce();
    return this.#halt(this.#code());
  }
  abort(): never {
    return this.#halt(134);
  }
  /** The loop is empty: unless somebody has more to do, the program is over. */
  idle(): void {
    let more = false;
    if (this.listenerCount("beforeExit") > 0) runTask(() => (more = this.emit("beforeExit", this.#code())));
    if (!more || this.#exiting) return this.finish();
    this.removeAllListeners("beforeExit");
  }
  /** As `exit`, from outside of the program. */
  finish(): void {
    this.#announce();
    this.#finish(this.#code());
  }
  #announce(): void {
    if (this.#exiting) return;
    this.#exiting = true;
    this.emit("exit", this.#code());
  }
  #code(): number {
    return Number(this.exitCode ?? 0) & 255;
  }
}

function hrtime(since: readonly [number, number] = [0, 0]): [number, number] {
  const nanoseconds = Math.round(now() * 1e6) - since[0] * 1e9 - since[1];
  return [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9];
}
