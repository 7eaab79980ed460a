import { openBox, type Box } from "./box/box.ts";
import type { SourceFile } from "./box/messages.ts";
import { openPool, type Pool } from "./pool.ts";
import { checkOnce, runOnce, type RunJob } from "./run.ts";

const SCRIPT = "boot.js";
const SNAPSHOT = "snapshot";

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

interface Session {
  box: Box;
  pool: Pool;
}

/**
 * Starts a language in a box. A box that dies (a program flooded it or took the browser's memory) is replaced by a new one.
 * @param blobs the language's files by name; "boot.js" is the script of its workers
 */
export async function startRuntime(
  adapter: Adapter,
  blobs: ReadonlyMap<string, Blob>,
  signal?: AbortSignal,
): Promise<Runtime> {
  const closing = new AbortController();
  let session = openSession(adapter, blobs, signal);
  await session;

  async function current(): Promise<Session> {
    closing.signal.throwIfAborted();
    const known = await session.catch(() => null);
    if (known?.box.open) return known;
    session = openSession(adapter, blobs, closing.signal);
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

async function openSession(
  adapter: Adapter,
  blobs: ReadonlyMap<string, Blob>,
  signal?: AbortSignal,
): Promise<Session> {
  const box = await openBox(signal);
  const onAbort = (): void => box.close();
  signal?.addEventListener("abort", onAbort);
  try {
    const resources = [...blobs].map(([name, blob]) => ({
      name,
      blob,
      as: adapter.modules.includes(name) ? ("module" as const) : ("blob" as const),
    }));
    await Promise.all(resources.map((resource) => box.store(resource)));
    const uses = [...blobs.keys()].filter((name) => name !== SCRIPT);
    if (adapter.snapshot === true && (await makeSnapshot(box, uses))) uses.push(SNAPSHOT);
    const pool = openPool(() => box.spawn(SCRIPT, uses), adapter.spareWorkers);
    await pool.ready();
    return { box, pool };
  } catch (error) {
    box.close();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Without a snapshot everything works, only slower; that it could not be made is reported as an error of the page. */
async function makeSnapshot(box: Box, uses: readonly string[]): Promise<boolean> {
  try {
    await box.produce(SNAPSHOT, SCRIPT, uses);
    return true;
  } catch (error) {
    if (box.open) reportError(error);
    return false;
  }
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
