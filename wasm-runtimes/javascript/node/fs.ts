import type { OutputStream } from "../../worker/output.ts";
import { Buffer, decode } from "./buffer.ts";
import { soon } from "./event-loop.ts";
import type { InputSource, Stdin } from "./stdin.ts";
import type { Stdout } from "./process.ts";

/** What Node's `fs` can reach here: standard input and output, and the files of the submission. */
export interface Streams {
  source: InputSource;
  stdin: Stdin;
  stdout: Stdout;
  stderr: Stdout;
  outputs: { 1: OutputStream; 2: OutputStream };
  files: ReadonlyMap<string, string>;
}

type Path = string | number | URL;

class FileError extends Error {
  readonly code: string;
  readonly syscall: string;
  constructor(code: string, text: string, syscall: string, path: string) {
    super(`${code}: ${text}, ${syscall}${path === "" ? "" : ` '${path}'`}`);
    this.code = code;
    this.syscall = syscall;
  }
}

const standardFiles: Readonly<Record<string, 0 | 1 | 2>> = {
  "/dev/stdin": 0,
  "/dev/fd/0": 0,
  "/proc/self/fd/0": 0,
  "/dev/stdout": 1,
  "/dev/fd/1": 1,
  "/proc/self/fd/1": 1,
  "/dev/stderr": 2,
  "/dev/fd/2": 2,
};

function descriptor(path: unknown): 0 | 1 | 2 | null {
  if (path === 0 || path === 1 || path === 2) return path;
  return typeof path === "string" ? (standardFiles[path] ?? null) : null;
}

function encodingOf(options: unknown): unknown {
  return typeof options === "object" && options !== null && "encoding" in options
    ? options.encoding
    : options;
}

export function fileSystem({ source, stdin, stdout, stderr, outputs, files }: Streams): object {
  function readFileSync(path: Path, options?: unknown): Buffer | string {
    const encoding = encodingOf(options) ?? null;
    const bytes = contentOf(path);
    return encoding === null ? bytes : decode(bytes, encoding);
  }

  function contentOf(path: Path): Buffer {
    const fd = descriptor(path);
    if (fd === 0) return source.take();
    if (fd !== null || typeof path === "number")
      throw new FileError("EBADF", "bad file descriptor", "read", "");
    const text = files.get(String(path).replace(/^(\.\/|\/program\/)/, ""));
    if (text === undefined) throw new FileError("ENOENT", "no such file or directory", "open", String(path));
    return Buffer.from(text);
  }

  function readSync(fd: number, buffer: Uint8Array, ...rest: unknown[]): number {
    if (fd !== 0) throw new FileError("EBADF", "bad file descriptor", "read", "");
    const [first, second] = rest;
    const given: { offset?: unknown; length?: unknown } =
      typeof first === "object" && first !== null ? first : { offset: first, length: second };
    const offset = Number(given.offset ?? 0);
    const taken = source.take(Math.min(Number(given.length ?? Infinity), buffer.byteLength - offset));
    buffer.set(taken, offset);
    return taken.length;
  }

  function writeSync(fd: unknown, data: unknown): number {
    const output = fd === 1 || fd === 2 ? outputs[fd] : null;
    if (output === null) throw new FileError("EBADF", "bad file descriptor", "write", "");
    const bytes = data instanceof Uint8Array ? data : Buffer.from(String(data));
    output.write(bytes);
    return bytes.length;
  }

  function writeFileSync(path: Path, data: unknown): void {
    const fd = descriptor(path);
    if (fd === null) throw new FileError("EACCES", "programs cannot write files", "open", String(path));
    writeSync(fd, data);
  }

  /** The form with a callback, from the form without: errors come as the first argument. */
  const calledBack =
    (act: (...values: never[]) => unknown) =>
    (...values: unknown[]): void => {
      const callback = values.pop();
      if (typeof callback !== "function") throw new TypeError('The "cb" argument must be of type function.');
      let outcome: unknown[];
      try {
        outcome = [null, Reflect.apply(act, undefined, values)];
      } catch (error) {
        outcome = [error];
      }
      soon(() => Reflect.apply(callback, undefined, outcome));
    };

  const promised =
    (act: (...values: never[]) => unknown) =>
    (...values: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        calledBack(act)(...values, (error: unknown, result: unknown) =>
          error === null ? resolve(result) : reject(error),
        );
      });

  return {
    readFileSync,
    readSync,
    writeSync,
    writeFileSync,
    appendFileSync: writeFileSync,
    existsSync: (path: string): boolean => descriptor(path) !== null || files.has(path.replace(/^\.\//, "")),
    openSync: (path: string): number => descriptor(path) ?? -1,
    closeSync: (): void => {},
    readFile: calledBack(readFileSync),
    writeFile: calledBack(writeFileSync),
    write: calledBack(writeSync),
    createReadStream: (path: Path, options?: unknown): Stdin => {
      if (descriptor(path) !== 0)
        throw new FileError("ENOENT", "no such file or directory", "open", String(path));
      const encoding = encodingOf(options);
      return typeof encoding === "string" ? stdin.setEncoding(encoding) : stdin;
    },
    createWriteStream: (path: Path): Stdout => (descriptor(path) === 2 ? stderr : stdout),
    promises: { readFile: promised(readFileSync), writeFile: promised(writeFileSync) },
  };
}
