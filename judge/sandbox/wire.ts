/** The supervisor's wire in TypeScript; `protocol.h` draws it. */

export const PROTOCOL_VERSION = 3;

export const requestKind = { configure: 1, run: 2 } as const;
export const replyKind = { ready: 1, result: 2, failed: 3 } as const;

/** The largest answer that is believed: two outputs of 1 GiB cannot be, one can. */
const MAX_REPLY_BYTES = 0x7fff_ffff;

/** A read-only folder of the store (or, in a configuration, of the host), and where the jail shows it. */
export interface Mount {
  from: string;
  to: string;
}

/** Bounds of one program. Everything it starts counts, not only its first process. */
export interface Limits {
  cpuMs: number;
  wallMs: number;
  memoryBytes: number;
  /** Of stdout; more ends the program. */
  outputBytes: number;
  /** Of stderr kept; more is dropped. */
  errorBytes: number;
  /** The size of the work folder. */
  workBytes: number;
  /** Files and folders in the work folder. */
  workInodes: number;
  /** Processes and threads at once. */
  processes: number;
}

/** A program to run. Paths are relative to the store. */
export interface Program {
  /** `argv[0]` is an absolute path in the jail. */
  argv: readonly string[];
  env: readonly string[];
  /** The file that is its stdin, or null for none. */
  input: string | null;
  /** The folder whose files it finds in its work folder, as its own; absent for none. */
  files?: string;
  /** The folder to which the work folder's files go once it has exited, or null to drop them. */
  collect: string | null;
  /** Folders of the store at `/box`, `/data` or `/pch`. */
  mounts: readonly Mount[];
  limits: Limits;
}

/** How a program ended and what it used. */
export interface Ending {
  /** Null when a signal or the supervisor ended it. */
  exitCode: number | null;
  signal: number | null;
  /** Stopped at the CPU limit or the wall guard. */
  timedOut: boolean;
  outputExceeded: boolean;
  /** The kernel killed it, or a process of its, for want of memory. */
  outOfMemory: boolean;
  cpuMs: number;
  wallMs: number;
  /** The most that its cgroup held. */
  memoryKiB: number;
  stdout: Uint8Array;
  stderr: Uint8Array;
  stderrCut: boolean;
  /** Why it never ran (no such file, say), else null. */
  notStarted: string | null;
  /** Why its files were not taken though it exited: it made something that nobody should have to copy. Else null. */
  notCollected: string | null;
}

/** A part of what two joined programs say. */
export interface Said {
  /** Which of the two. */
  by: 0 | 1;
  bytes: Uint8Array;
}

/** What two joined programs said to each other, in the order in which it was passed on. */
export interface Dialogue {
  /** The first MAX_DIALOGUE_BYTES of it or somewhat less, as parts have heads. */
  said: readonly Said[];
  cut: boolean;
  /** How many bytes each said in all. */
  bytes: readonly [number, number];
}

export const MAX_DIALOGUE_BYTES = 64 * 1024;

/** What a supervisor can isolate by; `enum level` in request.h. */
const levelNumber = { full: 1, userns: 2 } as const;
export type SupervisedLevel = keyof typeof levelNumber;

const ANY_PROCESSOR = 0xffff;

export interface Configuration {
  level: SupervisedLevel;
  uid: number;
  /** The processor to run on, counted from 0 among those that this process may use; null for any. */
  processor: number | null;
  /** Absolute paths on the host. */
  jail: string;
  store: string;
  /** The folder whose `usr`, `bin`, `lib` … the jail shows: `/` for the host's own. */
  root: string;
  binds: readonly Mount[];
}

type Part = number | { u64: number } | { u8: number } | string | readonly string[];

/** Concatenates parts: a plain number is a u32, a string a text, an array a list of texts. */
function encode(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map(encodePart));
}

function encodePart(part: Part): Buffer {
  if (typeof part === "number") return integer(part);
  if (typeof part === "string") {
    const bytes = Buffer.from(part, "utf8");
    return Buffer.concat([integer(bytes.length), bytes]);
  }
  if ("u8" in part) return Buffer.from([part.u8]);
  if ("u64" in part) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(Math.round(part.u64)));
    return bytes;
  }
  return Buffer.concat([integer(part.length), ...part.map(encodePart)]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Math.ceil(value));
  return bytes;
}

function mounts(list: readonly Mount[]): Part[] {
  return [list.length, ...list.flatMap(({ from, to }) => [from, to])];
}

/** Puts a payload into a frame. */
export function frame(kind: number, payload: Buffer): Buffer {
  return Buffer.concat([integer(payload.length + 2), Buffer.from([PROTOCOL_VERSION, kind]), payload]);
}

export function encodeConfiguration(configuration: Configuration): Buffer {
  const { level, uid, processor, jail, store, root, binds } = configuration;
  const parts: Part[] = [{ u8: levelNumber[level] }, uid, processor ?? ANY_PROCESSOR, jail, store, root];
  return frame(requestKind.configure, encode([...parts, ...mounts(binds)]));
}

/** One program, or two of which each one's stdout is the other's stdin. */
export function encodeRun(programs: readonly Program[]): Buffer {
  const parts = programs.flatMap((program): Part[] => {
    const { limits } = program;
    return [
      program.argv,
      program.env,
      program.input ?? "",
      program.files ?? "",
      program.collect ?? "",
      ...mounts(program.mounts),
      limits.cpuMs,
      limits.wallMs,
      { u64: limits.memoryBytes },
      { u64: limits.outputBytes },
      { u64: limits.errorBytes },
      { u64: limits.workBytes },
      limits.workInodes,
      limits.processes,
    ];
  });
  return frame(requestKind.run, encode([{ u8: programs.length }, ...parts]));
}

export type Reply =
  | { type: "ready"; reason: string }
  /** `dialogue`: of two programs, else null. */
  | { type: "result"; first: number; endings: Ending[]; dialogue: Dialogue | null }
  | { type: "failed"; message: string };

/** A reply that is not of this protocol: the other side is no supervisor of ours. */
export class WireError extends Error {}

/** Collects bytes as they come and gives each frame once it is whole. */
export function frameReader(): (bytes: Buffer) => Reply[] {
  let pending: Buffer[] = [];
  let length = 0;
  return (bytes) => {
    pending.push(bytes);
    length += bytes.length;
    const replies: Reply[] = [];
    while (length >= 4) {
      // Joining is costly while a large output arrives in many small pieces: only the head is needed to know.
      const head = pending[0];
      if (head === undefined || head.length < 4) pending = [Buffer.concat(pending)];
      const size = pending[0]?.readUInt32LE(0) ?? 0;
      if (size < 2 || size > MAX_REPLY_BYTES) throw new WireError(`a reply of ${size} bytes`);
      if (length < 4 + size) break;
      const all = Buffer.concat(pending);
      replies.push(decodeReply(all.subarray(4, 4 + size)));
      pending = [all.subarray(4 + size)];
      length -= 4 + size;
    }
    return replies;
  };
}

/** Parses a frame without its length. */
export function decodeReply(bytes: Buffer): Reply {
  const reader = new Reader(bytes);
  const version = reader.u8();
  if (version !== PROTOCOL_VERSION) throw new WireError(`protocol version ${version}`);
  const kind = reader.u8();
  const reply = decodeBody(kind, reader);
  reader.finish();
  return reply;
}

function decodeBody(kind: number, reader: Reader): Reply {
  switch (kind) {
    case replyKind.ready:
      return { type: "ready", reason: reader.text() };
    case replyKind.failed:
      return { type: "failed", message: reader.text() };
    case replyKind.result: {
      const count = reader.u8();
      const first = reader.u8();
      if (first >= count) throw new WireError(`the first to end was number ${first} of ${count}`);
      const endings = Array.from({ length: count }, () => decodeEnding(reader));
      return { type: "result", first, endings, dialogue: count === 2 ? decodeDialogue(reader) : null };
    }
    default:
      throw new WireError(`a reply of kind ${kind}`);
  }
}

function decodeDialogue(reader: Reader): Dialogue {
  const bytes = [reader.u64(), reader.u64()] as const;
  const cut = reader.u8() !== 0;
  const parts = new Reader(Buffer.from(reader.bytes()));
  const said: Said[] = [];
  while (!parts.ended()) said.push({ by: parts.u8() === 0 ? 0 : 1, bytes: parts.bytes() });
  return { said, cut, bytes };
}

const STOPPED_BY_TIME = 1 | 2;
const STOPPED_BY_OUTPUT = 4;

function decodeEnding(reader: Reader): Ending {
  const exitCode = reader.i32();
  const signal = reader.i32();
  const stopped = reader.u8();
  const outOfMemory = reader.u8() !== 0;
  const cpuMs = reader.u64() / 1e6;
  const wallMs = reader.u64() / 1e6;
  const memoryKiB = Math.ceil(reader.u64() / 1024);
  const notStarted = reader.text();
  const notCollected = reader.text();
  const stdout = reader.bytes();
  const stderr = reader.bytes();
  return {
    exitCode: exitCode < 0 ? null : exitCode,
    signal: signal === 0 ? null : signal,
    timedOut: (stopped & STOPPED_BY_TIME) !== 0,
    outputExceeded: (stopped & STOPPED_BY_OUTPUT) !== 0,
    outOfMemory,
    cpuMs,
    wallMs,
    memoryKiB,
    stdout,
    stderr,
    stderrCut: reader.u8() !== 0,
    notStarted: notStarted === "" ? null : notStarted,
    notCollected: notCollected === "" ? null : notCollected,
  };
}

/** A cursor that refuses to pass the end. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  #take(length: number): Buffer {
    if (this.#bytes.length - this.#at < length) throw new WireError("a reply that ends too early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  u8 = (): number => this.#take(1).readUInt8();
  u32 = (): number => this.#take(4).readUInt32LE();
  i32 = (): number => this.#take(4).readInt32LE();
  u64 = (): number => Number(this.#take(8).readBigUInt64LE());
  bytes = (): Uint8Array => this.#take(this.u32());
  text = (): string => this.#take(this.u32()).toString("utf8");

  ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  finish(): void {
    if (!this.ended()) throw new WireError("a reply with bytes left over");
  }
}
