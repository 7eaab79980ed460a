import type { SourceFile } from "./box/messages.ts";
import { checkOnce, runOnce, type RunJob } from "./run.ts";
import { openSession, type Session, type SnapshotShelf } from "./session.ts";

/** Bytes, over all files of the language. */
export interface Progress {
  phase: "downloading" | "starting";
  loaded: number;
  total: number;
}

export interface RunLimits {
  wallMs: number;
  outputBytes: number;
}

export interface RunResult {
  /** "crash": the sandbox itself died. */
  ended: "exit" | "timeout" | "output" | "crash";
  /** Null unless the program ended by itself. */
  exitCode: number | null;
  stdout: Uint8Array;
  stderr: string;
  wallMs: number;
}

export interface Program {
  /** Runs the program in a worker that nothing has run in before. `onOutput` hears what it writes to stdout as it comes. */
  run(stdin: Uint8Array, limits: RunLimits, onOutput?: (text: string) => void): Promise<RunResult>;
}

export interface Runtime {
  /** The first file is the program's entry. A message is what the language says about its first error. */
  compile(
    files: readonly SourceFile[],
  ): Promise<{ ok: true; program: Program } | { ok: false; message: string }>;
  /** Kills whatever runs. */
  close(): void;
}

/** What a language needs from its sandbox. */
export interface Adapter {
  /** Files that are WebAssembly: compiled once, for all workers. */
  modules: readonly string[];
  /** Workers that have booted before anybody asks for them. */
  spareWorkers: number;
  /** A worker that has checked a program has not run any of it. */
  checkedWorkerIsFresh: boolean;
  /** Workers can start from the memory of one that has booted. */
  snapshot?: boolean;
}

/**
 * Starts a language in a box. A box that dies (a program flooded it or took the browser's memory) is replaced by a new one.
 * @param blobs the language's files by name; "boot.js" is the script of its workers
 * @param shelf where the language's memory snapshot is kept, if it makes one
 */
export async function startRuntime(
  adapter: Adapter,
  blobs: ReadonlyMap<string, Blob>,
  shelf: SnapshotShelf,
  signal?: AbortSignal,
): Promise<Runtime> {
  const closing = new AbortController();
  let session = openSession(adapter, blobs, shelf, signal);
  await session;

  async function current(): Promise<Session> {
    closing.signal.throwIfAborted();
    const known = await session.catch(() => null);
    if (known?.box.open) return known;
    session = openSession(adapter, blobs, shelf, closing.signal);
    return session;
  }

  async function check(files: readonly SourceFile[]): Promise<string | null> {
    const { pool } = await current();
    const worker = await pool.take();
    const { message, fresh } = await checkOnce(worker, files);
    if (fresh && adapter.checkedWorkerIsFresh) pool.giveBack(worker);
    else pool.refill();
    return message;
  }

  async function run(job: RunJob): Promise<RunResult> {
    for (let attempt = 1; ; attempt += 1) {
      const { pool } = await current();
      const worker = await pool.take();
      const result = await runOnce(worker, job);
      // Not earlier: a language that boots beside a program takes its time.
      pool.refill();
      // The boxes of all tabs of a site share one process: one that died before the program said a word may not be its fault.
      const again = result.ended === "crash" && result.stdout.length === 0 && attempt === 1;
      if (!again || closing.signal.aborted) return result;
    }
  }

  const inTurn = queue();
  return {
    async compile(files) {
      if (files.length === 0) return { ok: false, message: "There is no program." };
      const message = await inTurn(() => check(files));
      if (message !== null) return { ok: false, message };
      const program: Program = {
        run: (stdin, limits, onOutput = () => {}) => inTurn(() => run({ files, stdin, limits, onOutput })),
      };
      return { ok: true, program };
    },
    close() {
      closing.abort(new DOMException("The runtime was closed.", "AbortError"));
      session.then(
        ({ box }) => box.close(),
        () => {},
      );
    },
  };
}

/** One at a time: programs that ran side by side would take each other's time. */
function queue(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const turn = last.then(act, act);
    last = turn;
    return turn;
  };
}
