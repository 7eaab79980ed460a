import type { OutputStream } from "../worker/output.ts";
import { refusedCalls } from "./imports.ts";

/**
 * What a compiled program finds of an operating system: the calls of WASI preview 1 (wasi_snapshot_preview1.witx) that reading
 * standard input, writing, the clock and chance need. There are no files: every call about them is refused.
 */

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const INVALID = 28;
const NOT_SUPPORTED = 52;
const NOT_SEEKABLE = 70;
/** No terminal, as under a judge: the C library then writes when its buffer is full. */
const UNKNOWN_TYPE = 0;
const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;
const CLOCK_EVENT = 0;
const ABSOLUTE = 1;
/** Offsets in `subscription` and `event`, both with a clock. */
const SUBSCRIPTION = { bytes: 48, type: 8, timeout: 24, flags: 40 };
const EVENT = { bytes: 32, error: 8, type: 10 };

export interface Surroundings {
  /** Of the program, from the moment that it runs. */
  memory: WebAssembly.Memory;
  stdin: Uint8Array;
  stdout: OutputStream;
  stderr: OutputStream;
  /** Called once; must not return, as nothing of the program may run after its end, not even what tidies up on the way out. */
  exit(code: number): never;
}

/** The program's own name, as it finds it in `argv[0]`. */
const NAME = new TextEncoder().encode("main\0");

const now = performance.now.bind(performance);
const fillRandom = crypto.getRandomValues.bind(crypto);
const today = Date.now;

/** Nobody rings it. Made when it is needed, since every memory takes gigabytes of addresses, and a hundred of them were all that a browser had. */
let bell: Int32Array | null = null;

function sleep(milliseconds: number): void {
  bell ??= new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
  Atomics.wait(bell, 0, 0, milliseconds);
}

type Call = (...values: never[]) => number;

/** @returns the calls by name; an object without a prototype, so that a program finds nothing else by asking for it */
export function wasiCalls({ memory, stdin, stdout, stderr, exit }: Surroundings): Record<string, Call> {
  // Growing replaces the buffer.
  const view = (): DataView => new DataView(memory.buffer);
  const bytes = (at: number, length: number): Uint8Array<ArrayBuffer> => {
    return new Uint8Array(memory.buffer, at >>> 0, length >>> 0);
  };
  const open = new Set([0, 1, 2]);
  let read = 0;

  function eachVector(vectors: number, count: number, act: (part: Uint8Array<ArrayBuffer>) => boolean): void {
    const table = view();
    for (let index = 0; index < count; index += 1) {
      const at = (vectors >>> 0) + 8 * index;
      if (!act(bytes(table.getUint32(at, true), table.getUint32(at + 4, true)))) return;
    }
  }
  const nanoseconds = (clock: number): bigint => BigInt(Math.round((clock === 0 ? today() : now()) * 1e6));

  const calls: Record<string, Call> = {
    __proto__: null as never,
    args_sizes_get: (count: number, size: number) => {
      view().setUint32(count >>> 0, 1, true);
      view().setUint32(size >>> 0, NAME.length, true);
      return SUCCESS;
    },
    args_get: (pointers: number, text: number) => {
      view().setUint32(pointers >>> 0, text, true);
      bytes(text, NAME.length).set(NAME);
      return SUCCESS;
    },
    environ_sizes_get: (count: number, size: number) => {
      view().setUint32(count >>> 0, 0, true);
      view().setUint32(size >>> 0, 0, true);
      return SUCCESS;
    },
    environ_get: () => SUCCESS,
    clock_res_get: (_clock: number, at: number) => {
      view().setBigUint64(at >>> 0, 100_000n, true);
      return SUCCESS;
    },
    clock_time_get: (clock: number, _precision: bigint, at: number) => {
      view().setBigUint64(at >>> 0, nanoseconds(clock), true);
      return SUCCESS;
    },
    fd_read: (descriptor: number, vectors: number, count: number, done: number) => {
      if (descriptor !== 0 || !open.has(0)) return BAD_DESCRIPTOR;
      const before = read;
      eachVector(vectors, count, (part) => {
        const block = stdin.subarray(read, read + part.length);
        part.set(block);
        read += block.length;
        return block.length === part.length;
      });
      view().setUint32(done >>> 0, read - before, true);
      return SUCCESS;
    },
    fd_write: (descriptor: number, vectors: number, count: number, done: number) => {
      if (descriptor === 0 || !open.has(descriptor)) return BAD_DESCRIPTOR;
      const stream = descriptor === 1 ? stdout : stderr;
      let written = 0;
      eachVector(vectors, count, (part) => {
        stream.write(part);
        written += part.length;
        return true;
      });
      view().setUint32(done >>> 0, written, true);
      return SUCCESS;
    },
    fd_close: (descriptor: number) => (open.delete(descriptor) ? SUCCESS : BAD_DESCRIPTOR),
    // Not seekable, as pipes are: the C library then reads and writes in blocks.
    fd_seek: (descriptor: number) => (open.has(descriptor) ? NOT_SEEKABLE : BAD_DESCRIPTOR),
    fd_tell: (descriptor: number) => (open.has(descriptor) ? NOT_SEEKABLE : BAD_DESCRIPTOR),
    fd_fdstat_get: (descriptor: number, at: number) => {
      if (!open.has(descriptor)) return BAD_DESCRIPTOR;
      bytes(at, 24).fill(0);
      view().setUint8(at >>> 0, UNKNOWN_TYPE);
      view().setBigUint64((at >>> 0) + 8, ALL_RIGHTS, true);
      return SUCCESS;
    },
    fd_fdstat_set_flags: () => SUCCESS,
    fd_filestat_get: (descriptor: number, at: number) => {
      if (!open.has(descriptor)) return BAD_DESCRIPTOR;
      bytes(at, 64).fill(0);
      view().setUint8((at >>> 0) + 16, UNKNOWN_TYPE);
      return SUCCESS;
    },
    // How the C library finds the folders that were opened for it: the first that does not exist ends the search.
    fd_prestat_get: () => BAD_DESCRIPTOR,
    poll_oneoff: (subscriptions: number, events: number, count: number, done: number) => {
      if (count !== 1) return count === 0 ? INVALID : NOT_SUPPORTED;
      const asked = new DataView(memory.buffer, subscriptions >>> 0, SUBSCRIPTION.bytes);
      if (asked.getUint8(SUBSCRIPTION.type) !== CLOCK_EVENT) return NOT_SUPPORTED;
      const clock = asked.getUint32(16, true);
      const timeout = asked.getBigUint64(SUBSCRIPTION.timeout, true);
      const absolute = (asked.getUint16(SUBSCRIPTION.flags, true) & ABSOLUTE) !== 0;
      const left = absolute ? timeout - nanoseconds(clock) : timeout;
      sleep(Number(left) / 1e6);
      bytes(events, EVENT.bytes).set(bytes(subscriptions, 8));
      bytes((events >>> 0) + 8, EVENT.bytes - 8).fill(0);
      view().setUint32(done >>> 0, 1, true);
      return SUCCESS;
    },
    proc_exit: (code: number) => exit(code),
    random_get: (at: number, length: number) => {
      const wanted = bytes(at, length);
      // So much at once is all that browsers give.
      for (let from = 0; from < wanted.length; from += 65_536)
        fillRandom(wanted.subarray(from, from + 65_536));
      return SUCCESS;
    },
    sched_yield: () => SUCCESS,
  };
  for (const name of refusedCalls) calls[name] = () => NOT_SUPPORTED;
  return Object.freeze(calls);
}
