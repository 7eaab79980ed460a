/* oxlint-disable no-var, no-underscore-dangle, typescript/no-explicit-any, typescript/no-unsafe-declaration-merging, typescript/no-extraneous-class --
   Declarations say what is there: globals that programs may declare anew, values of which nobody knows the type, Node's names. */

/**
 * Node as programs find it in the browser, for checking their types: every global and every export that ../javascript/program.ts and
 * ../javascript/node/ offer, and nothing else. The tests compare the two.
 */

type BufferEncoding = "utf8" | "utf-8" | "ascii" | "latin1" | "binary" | "hex" | "base64";

interface Buffer extends Uint8Array<ArrayBuffer> {
  toString(encoding?: BufferEncoding, start?: number, end?: number): string;
  slice(start?: number, end?: number): Buffer;
  subarray(start?: number, end?: number): Buffer;
  fill(value: number | string, start?: number, end?: number): this;
  write(text: string, offset?: number, length?: number, encoding?: BufferEncoding): number;
  equals(other: Uint8Array): boolean;
  readUInt8(offset?: number): number;
  toJSON(): { type: "Buffer"; data: number[] };
}
interface BufferConstructor {
  readonly prototype: Buffer;
  from(text: string, encoding?: BufferEncoding): Buffer;
  from(bytes: ArrayBuffer, offset?: number, length?: number): Buffer;
  from(bytes: ArrayLike<number> | Iterable<number>): Buffer;
  alloc(size: number, fill?: number | string): Buffer;
  allocUnsafe(size: number): Buffer;
  isBuffer(value: unknown): value is Buffer;
  byteLength(value: string | ArrayBufferView | ArrayBuffer, encoding?: BufferEncoding): number;
  concat(buffers: readonly Uint8Array[], totalLength?: number): Buffer;
}
declare var Buffer: BufferConstructor;

interface Console {
  log(...values: any[]): void;
  info(...values: any[]): void;
  debug(...values: any[]): void;
  error(...values: any[]): void;
  warn(...values: any[]): void;
  trace(...values: any[]): void;
  dir(value: any, options?: { depth?: number | null }): void;
  assert(condition?: unknown, ...values: any[]): void;
  table(rows: any): void;
  group(...values: any[]): void;
  groupEnd(): void;
  time(label?: string): void;
  timeLog(label?: string, ...values: any[]): void;
  timeEnd(label?: string): void;
  count(label?: string): void;
  countReset(label?: string): void;
}
declare var console: Console;

interface Performance {
  now(): number;
  readonly timeOrigin: number;
}
declare var performance: Performance;

declare namespace NodeJS {
  interface ErrnoException extends Error {
    code?: string;
    syscall?: string;
  }

  interface EventEmitter {
    on(event: string | symbol, listener: (...values: any[]) => void): this;
    addListener(event: string | symbol, listener: (...values: any[]) => void): this;
    once(event: string | symbol, listener: (...values: any[]) => void): this;
    prependListener(event: string | symbol, listener: (...values: any[]) => void): this;
    off(event: string | symbol, listener: (...values: any[]) => void): this;
    removeListener(event: string | symbol, listener: (...values: any[]) => void): this;
    removeAllListeners(event?: string | symbol): this;
    listeners(event: string | symbol): Function[];
    listenerCount(event: string | symbol): number;
    eventNames(): (string | symbol)[];
    setMaxListeners(count: number): this;
    emit(event: string | symbol, ...values: any[]): boolean;
  }

  /** What is read is text after `setEncoding`, and else a Buffer. */
  interface ReadStream extends EventEmitter {
    readonly fd: 0;
    readonly isTTY: boolean;
    readonly readable: boolean;
    setEncoding(encoding?: BufferEncoding): this;
    on(event: "data", listener: (chunk: any) => void): this;
    on(event: "readable" | "end" | "close", listener: () => void): this;
    on(event: string | symbol, listener: (...values: any[]) => void): this;
    once(event: "data", listener: (chunk: any) => void): this;
    once(event: "readable" | "end" | "close", listener: () => void): this;
    once(event: string | symbol, listener: (...values: any[]) => void): this;
    resume(): this;
    pause(): this;
    isPaused(): boolean;
    read(): any;
    pipe<Target extends { write(data: any): unknown; end?(): unknown }>(target: Target): Target;
    ref(): this;
    unref(): this;
    destroy(): this;
    [Symbol.asyncIterator](): AsyncIterableIterator<any>;
  }
  type ReadableStream = ReadStream;

  interface WriteStream extends EventEmitter {
    readonly fd: 1 | 2;
    readonly isTTY: boolean;
    readonly writable: boolean;
    write(data: string | Uint8Array, callback?: () => void): boolean;
    write(data: string | Uint8Array, encoding?: BufferEncoding, callback?: () => void): boolean;
    end(data?: string | Uint8Array): this;
    cork(): void;
    uncork(): void;
  }
  type WritableStream = WriteStream;

  interface Timeout {
    ref(): this;
    unref(): this;
    close(): this;
  }
  type Timer = Timeout;
  type Immediate = Timeout;

  interface Process extends EventEmitter {
    readonly stdin: ReadStream;
    readonly stdout: WriteStream;
    readonly stderr: WriteStream;
    readonly argv: string[];
    readonly argv0: string;
    readonly env: Record<string, string | undefined>;
    readonly platform: string;
    readonly pid: number;
    readonly version: string;
    readonly versions: { readonly node: string };
    exitCode: number | string | undefined;
    nextTick<Values extends any[]>(callback: (...values: Values) => void, ...values: Values): void;
    readonly hrtime: { (since?: readonly [number, number]): [number, number]; bigint(): bigint };
    cwd(): string;
    uptime(): number;
    memoryUsage(): { rss: number; heapTotal: number; heapUsed: number };
    exit(code?: number | string): never;
    abort(): never;
    on(event: "exit" | "beforeExit", listener: (code: number) => void): this;
    on(event: "uncaughtException", listener: (error: Error, origin: string) => void): this;
    on(event: string | symbol, listener: (...values: any[]) => void): this;
    once(event: "exit" | "beforeExit", listener: (code: number) => void): this;
    once(event: "uncaughtException", listener: (error: Error, origin: string) => void): this;
    once(event: string | symbol, listener: (...values: any[]) => void): this;
  }

  interface Module {
    exports: any;
    readonly id: string;
    readonly filename: string;
    readonly loaded: boolean;
  }

  /** Those of which `require` knows the types. Functions that assert have to be imported to be known as such. */
  interface Modules {
    fs: typeof import("fs");
    "fs/promises": typeof import("fs/promises");
    readline: typeof import("readline");
    "readline/promises": typeof import("readline/promises");
    events: typeof import("events");
    process: Process;
    buffer: typeof import("buffer");
    os: typeof import("os");
    util: typeof import("util");
    perf_hooks: typeof import("perf_hooks");
    timers: typeof import("timers");
    "timers/promises": typeof import("timers/promises");
    path: typeof import("path");
  }
  interface Require {
    <Name extends keyof Modules>(name: Name): Modules[Name];
    <Name extends keyof Modules>(name: `node:${Name}`): Modules[Name];
    (name: string): any;
    readonly main: Module | undefined;
  }
}

declare var process: NodeJS.Process;
declare var global: typeof globalThis;
declare var require: NodeJS.Require;
declare var module: NodeJS.Module;
declare var exports: any;
declare var __filename: string;
declare var __dirname: string;
interface ImportMeta {
  readonly url: string;
  readonly filename: string;
  readonly dirname: string;
}

declare function setTimeout(callback: (nothing: void) => void, delay?: number): NodeJS.Timeout;
declare function setTimeout<Values extends any[]>(
  callback: (...values: Values) => void,
  delay?: number,
  ...values: Values
): NodeJS.Timeout;
declare function setInterval(callback: (nothing: void) => void, delay?: number): NodeJS.Timeout;
declare function setInterval<Values extends any[]>(
  callback: (...values: Values) => void,
  delay?: number,
  ...values: Values
): NodeJS.Timeout;
declare function setImmediate(callback: (nothing: void) => void): NodeJS.Timeout;
declare function setImmediate<Values extends any[]>(
  callback: (...values: Values) => void,
  ...values: Values
): NodeJS.Timeout;
declare function clearTimeout(timeout: NodeJS.Timeout | undefined | null): void;
declare function clearInterval(timeout: NodeJS.Timeout | undefined | null): void;
declare function clearImmediate(timeout: NodeJS.Timeout | undefined | null): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<Value>(value: Value, options?: { transfer?: ArrayBuffer[] }): Value;
declare function atob(text: string): string;
declare function btoa(text: string): string;

interface TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
declare var TextEncoder: { readonly prototype: TextEncoder; new (): TextEncoder };
interface TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}
declare var TextDecoder: {
  readonly prototype: TextDecoder;
  new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder;
};

interface URLSearchParams extends Iterable<[string, string]> {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  forEach(callback: (value: string, name: string, all: URLSearchParams) => void): void;
  toString(): string;
}
declare var URLSearchParams: {
  readonly prototype: URLSearchParams;
  new (
    init?: string | Iterable<readonly [string, string]> | Readonly<Record<string, string>>,
  ): URLSearchParams;
};
interface URL {
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  readonly searchParams: URLSearchParams;
  hash: string;
  toString(): string;
  toJSON(): string;
}
declare var URL: {
  readonly prototype: URL;
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string | URL, base?: string | URL): boolean;
};

declare module "fs" {
  type Text = BufferEncoding | { encoding: BufferEncoding; flag?: string };
  type Bytes = { encoding?: null; flag?: string } | null;
  type File = string | number | URL;
  type Read<Content> = (error: NodeJS.ErrnoException | null, content: Content) => void;
  type Done = (error: NodeJS.ErrnoException | null) => void;

  function readFileSync(path: File, options?: Bytes): Buffer;
  function readFileSync(path: File, options: Text): string;
  function readSync(
    fd: number,
    buffer: Uint8Array,
    offset?: number | null,
    length?: number | null,
    position?: number | bigint | null,
  ): number;
  function readSync(
    fd: number,
    buffer: Uint8Array,
    options?: { offset?: number; length?: number; position?: number | bigint | null },
  ): number;
  function writeSync(fd: number, data: string | Uint8Array): number;
  function writeFileSync(path: File, data: string | Uint8Array, options?: BufferEncoding | object): void;
  function appendFileSync(path: File, data: string | Uint8Array, options?: BufferEncoding | object): void;
  function existsSync(path: string): boolean;
  function openSync(path: string, flags?: string): number;
  function closeSync(fd: number): void;
  function readFile(path: File, callback: Read<Buffer>): void;
  function readFile(path: File, options: Text, callback: Read<string>): void;
  function readFile(path: File, options: Bytes, callback: Read<Buffer>): void;
  function writeFile(path: File, data: string | Uint8Array, callback: Done): void;
  function writeFile(
    path: File,
    data: string | Uint8Array,
    options: BufferEncoding | object,
    callback: Done,
  ): void;
  function write(fd: number, data: string | Uint8Array, callback: Read<number>): void;
  function createReadStream(
    path: File,
    options?: BufferEncoding | { encoding?: BufferEncoding },
  ): NodeJS.ReadStream;
  function createWriteStream(path: File): NodeJS.WriteStream;
  namespace promises {
    function readFile(path: File, options?: Bytes): Promise<Buffer>;
    function readFile(path: File, options: Text): Promise<string>;
    function writeFile(
      path: File,
      data: string | Uint8Array,
      options?: BufferEncoding | object,
    ): Promise<void>;
  }
  export {
    readFileSync,
    readSync,
    writeSync,
    writeFileSync,
    appendFileSync,
    existsSync,
    openSync,
    closeSync,
    readFile,
    writeFile,
    write,
    createReadStream,
    createWriteStream,
    promises,
  };
}
declare module "fs/promises" {
  import { promises } from "fs";
  export import readFile = promises.readFile;
  export import writeFile = promises.writeFile;
}

declare module "readline" {
  interface Writable {
    write(data: string): unknown;
  }
  export interface ReadLineOptions {
    input: NodeJS.ReadStream;
    output?: Writable;
    prompt?: string;
    terminal?: boolean;
    crlfDelay?: number;
    historySize?: number;
  }
  export interface Lines extends NodeJS.EventEmitter {
    readonly closed: boolean;
    readonly line: string;
    readonly terminal: boolean;
    close(): void;
    pause(): this;
    resume(): this;
    setPrompt(prompt: string): void;
    getPrompt(): string;
    prompt(preserveCursor?: boolean): void;
    write(data: string): void;
    on(event: "line", listener: (line: string) => void): this;
    on(event: "close" | "pause" | "resume", listener: () => void): this;
    on(event: string | symbol, listener: (...values: any[]) => void): this;
    once(event: "line", listener: (line: string) => void): this;
    once(event: "close" | "pause" | "resume", listener: () => void): this;
    once(event: string | symbol, listener: (...values: any[]) => void): this;
    /** After the last line the value is undefined; programs read as many lines as they were told that there are. */
    [Symbol.asyncIterator](): AsyncIterableIterator<string, any>;
  }
  export class Interface {
    constructor(options: ReadLineOptions);
    question(query: string, callback: (answer: string) => void): void;
    question(query: string, options: object, callback: (answer: string) => void): void;
  }
  export interface Interface extends Lines {}
  export type ReadLine = Interface;
  export function createInterface(options: ReadLineOptions): Interface;
  export function createInterface(input: NodeJS.ReadStream, output?: Writable): Interface;
  export function clearLine(stream?: unknown, direction?: number): boolean;
  export function cursorTo(stream?: unknown, x?: number, y?: number): boolean;
  export * as promises from "readline/promises";
}
declare module "readline/promises" {
  import { type Lines, type ReadLineOptions } from "readline";
  export class Interface {
    constructor(options: ReadLineOptions);
    question(query: string): Promise<string>;
  }
  export interface Interface extends Lines {}
  export function createInterface(options: ReadLineOptions): Interface;
}

declare module "events" {
  class EventEmitter {}
  interface EventEmitter extends NodeJS.EventEmitter {}
  import self = require("events");
  namespace EventEmitter {
    export { self as EventEmitter };
    export function once(emitter: NodeJS.EventEmitter, event: string | symbol): Promise<any[]>;
  }
  export = EventEmitter;
}

declare module "process" {
  export = process;
}

declare module "buffer" {
  const constructor: BufferConstructor;
  type constructor = Buffer;
  export { constructor as Buffer };
}

declare module "os" {
  export const EOL: string;
  export function platform(): string;
  export function cpus(): object[];
}

declare module "util" {
  export function format(...values: any[]): string;
  export function inspect(value: any, options?: { depth?: number | null }): string;
  type Callback<Result> = (error: any, result: Result) => void;
  export function promisify<Result, Values extends any[]>(
    act: (...values: [...Values, Callback<Result>]) => void,
  ): (...values: Values) => Promise<Result>;
  export const types: {};
  const encoder: typeof TextEncoder;
  type encoder = TextEncoder;
  const decoder: typeof TextDecoder;
  type decoder = TextDecoder;
  export { encoder as TextEncoder, decoder as TextDecoder };
}

declare module "assert" {
  function assert(value: unknown, message?: string | Error): asserts value;
  namespace assert {
    class AssertionError extends Error {
      readonly code: "ERR_ASSERTION";
    }
    function ok(value: unknown, message?: string | Error): asserts value;
    function equal(actual: unknown, expected: unknown, message?: string | Error): void;
    function strictEqual<Value>(
      actual: unknown,
      expected: Value,
      message?: string | Error,
    ): asserts actual is Value;
    function deepEqual(actual: unknown, expected: unknown, message?: string | Error): void;
    function deepStrictEqual<Value>(
      actual: unknown,
      expected: Value,
      message?: string | Error,
    ): asserts actual is Value;
  }
  export = assert;
}

declare module "perf_hooks" {
  const timing: Performance;
  export { timing as performance };
}

declare module "timers" {
  export * as promises from "timers/promises";
  const timeout: typeof setTimeout;
  const interval: typeof setInterval;
  const immediate: typeof setImmediate;
  const clear: typeof clearTimeout;
  export { timeout as setTimeout, interval as setInterval, immediate as setImmediate };
  export { clear as clearTimeout, clear as clearInterval, clear as clearImmediate };
}
declare module "timers/promises" {
  export function setTimeout(delay?: number): Promise<void>;
  export function setTimeout<Value>(delay: number | undefined, value: Value): Promise<Value>;
  export function setImmediate(): Promise<void>;
}

declare module "path" {
  export const sep: string;
  export function basename(name: string, ending?: string): string;
  export function dirname(name: string): string;
  export function extname(name: string): string;
  export function join(...parts: string[]): string;
  export function resolve(...parts: string[]): string;
}

declare module "node:fs" {
  export * from "fs";
}
declare module "node:fs/promises" {
  export * from "fs/promises";
}
declare module "node:readline" {
  export * from "readline";
}
declare module "node:readline/promises" {
  export * from "readline/promises";
}
declare module "node:events" {
  import events = require("events");
  export = events;
}
declare module "node:process" {
  import process = require("process");
  export = process;
}
declare module "node:buffer" {
  export * from "buffer";
}
declare module "node:os" {
  export * from "os";
}
declare module "node:util" {
  export * from "util";
}
declare module "node:assert" {
  import assert = require("assert");
  export = assert;
}
declare module "node:perf_hooks" {
  export * from "perf_hooks";
}
declare module "node:timers" {
  export * from "timers";
}
declare module "node:timers/promises" {
  export * from "timers/promises";
}
declare module "node:path" {
  export * from "path";
}
