import type { LanguageId } from "../protocol/language.ts";
import { compilerMessages } from "../rules/compiler-messages.ts";
import {
  NotPrepared,
  type CompileError,
  type Compiled,
  type Program,
  type Progress,
  type RunResult,
  type Runtime,
  type SourceFile,
  type TypeCheck,
} from "./contract.ts";
import { openBox, type Box } from "./box/box.ts";
import { openCompiler, type CompilerWorker } from "./compiler.ts";
import type { ProgramShelf } from "./programs.ts";
import { openOccupancy } from "./occupancy.ts";
import { checkOnce, runOnce, type RunJob } from "./run.ts";
import { openSession, type Session, type SnapshotShelf } from "./session.ts";
import { openSlots } from "./slots.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** What a language needs from its sandbox. */
export interface Adapter {
  /** The exact compiler or interpreter, as people know it. */
  toolchain: string;
  /** Files that are WebAssembly: compiled once, for all workers. */
  modules: readonly string[];
  /** Workers that have booted before anybody asks for them. */
  spareWorkers: number;
  /** A worker that has checked a program has not run any of it. */
  checkedWorkerIsFresh: boolean;
  /**
   * A program that is ended can stay inside of a function of the engine that the browser does not interrupt, `reverse` of an array of
   * any length for instance: its thread takes a core until its box is removed.
   */
  outlivesItsEnd?: boolean;
  /** Workers can start from the memory of one that has booted. */
  snapshot?: boolean;
  /** Programs are made by a worker of its own, whose script is "compiler.js", and not only checked. */
  compiler?: {
    language: LanguageId;
    /** What the compiler gets of the language's files; those who run programs do not. */
    files: readonly string[];
    /** What a program is to the worker that runs it. */
    makes: "module" | "blob";
    /** Programs by which the compiler gets quicker, where it does. */
    exercises?: readonly SourceFile[];
  };
  /** Types are checked when somebody asks, by a worker whose script is "checker.js" among the files that are fetched on demand. */
  checksTypes?: LanguageId;
}

/** What a language has beside its files. */
export interface Surroundings {
  /** Where it keeps what it makes here, for later visits. */
  snapshot: SnapshotShelf;
  programs: ProgramShelf;
  /** Waits for files that the site is still making, without which nothing can be compiled; null when all are there. */
  prepared: ((signal: AbortSignal) => Promise<ReadonlyMap<string, Blob>>) | null;
  /** Brings the files that are fetched only when somebody asks for them. */
  onDemand: (
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, Blob>>;
}

const CHECKER = "checker.js";

/** More programs at once than cores would take each other's time. */
const slots = openSlots(navigator.hardwareConcurrency || 1);

/**
 * Starts a language in the box that is being opened. A box that dies (a program flooded it or took the browser's memory) is replaced by a new one.
 * @param blobs the language's files by name; "boot.js" is the script of the workers that run programs
 */
export async function startRuntime(
  adapter: Adapter,
  box: Promise<Box>,
  blobs: ReadonlyMap<string, Blob>,
  surroundings: Surroundings,
  signal?: AbortSignal,
): Promise<Runtime> {
  const { snapshot, programs, prepared, onDemand } = surroundings;
  const closing = new AbortController();
  let files = blobs;
  let session = openSession(adapter, box, files, snapshot, signal);
  (await session).compiler?.warm();
  let isPrepared = prepared === null;
  async function takeWhatIsPrepared(): Promise<void> {
    const further = await prepared?.(closing.signal);
    if (further === undefined) return;
    isPrepared = true;
    files = new Map([...files, ...further]);
    (await session).compiler?.give(further);
  }
  // It was closed before anything came, or its box is gone: the next one has it.
  takeWhatIsPrepared().catch(() => {});

  async function current(): Promise<Session> {
    closing.signal.throwIfAborted();
    const known = await session.catch(() => null);
    if (known?.box.open) return known;
    session = openSession(adapter, openBox(closing.signal), files, snapshot, closing.signal);
    return session;
  }

  const replace = async (): Promise<void> => (await current()).compiler?.warm();
  const occupancy = openOccupancy(() => {
    // Before anybody waits for it; whoever needs it hears of a failure.
    if (!closing.signal.aborted) replace().catch(() => {});
  });
  async function inBox<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const opened = await current();
    return occupancy.during(opened.box, () => work(opened));
  }

  async function check(
    files: readonly SourceFile[],
    { pool }: Session,
    signal?: AbortSignal,
  ): Promise<Compiled> {
    signal?.throwIfAborted();
    const worker = await pool.take();
    const { message, fresh } = await checkOnce(worker, files);
    if (fresh && adapter.checkedWorkerIsFresh) pool.giveBack(worker);
    else pool.refill();
    return message === null ? runnable(files, null) : { ok: false, error: errorOf(message) };
  }

  async function make(files: readonly SourceFile[], signal?: AbortSignal): Promise<Compiled> {
    const kept = await programs.get(files);
    if (kept !== null) return runnable([], kept);
    if (!isPrepared) throw new NotPrepared();
    const { program, text } = await inBox(({ compiler }) => {
      if (compiler === null) throw new Error(`${adapter.toolchain} has no compiler.`);
      return compiler.compile(files, signal);
    });
    if (program === null) return { ok: false, error: errorOf(text) };
    await programs.put(files, program);
    return runnable([], program);
  }

  const checkers = new WeakMap<Box, CompilerWorker>();
  const typeCheck =
    (language: LanguageId): TypeCheck =>
    async (files, onProgress, signal) => {
      const stop = AbortSignal.any([signal, closing.signal]);
      const { box } = await unlessAborted(current(), stop);
      let checker = checkers.get(box);
      if (checker === undefined) {
        const parts = await onDemand(onProgress, stop);
        checker =
          checkers.get(box) ?? openCompiler(box, { script: CHECKER, language, files: parts, modules: [] });
        checkers.set(box, checker);
      }
      const compilation = occupancy.during(box, () => checker.compile(files, stop));
      const { text } = await unlessAborted(compilation, stop);
      return text === "" ? null : errorOf(text);
    };

  async function attempt(
    job: RunJob,
    program: Blob | null,
    { box, pool, place }: Session,
  ): Promise<RunResult> {
    job.signal?.throwIfAborted();
    const uses = program === null ? [] : [await place(program)];
    const worker = await pool.take();
    let ended: RunResult["ended"] | "stopped" = "stopped";
    try {
      const result = await runOnce(worker, { ...job, uses });
      ended = result.ended;
      return result;
    } finally {
      if (adapter.outlivesItsEnd && (ended === "timeout" || ended === "stopped")) occupancy.retire(box);
      // Not earlier: a language that boots beside a program takes its time.
      else pool.refill();
    }
  }

  /**
   * The boxes of all tabs of a site share one process, so one that died while a program ran may have died of another program: it is
   * run again, with no other of this page beside it.
   */
  async function run(job: RunJob, program: Blob | null): Promise<RunResult> {
    let heard = 0;
    const hear = (text: string): void => {
      heard += text.length;
      job.onOutput(text);
    };
    const result = await slots.take(() =>
      inBox((opened) => attempt({ ...job, onOutput: hear }, program, opened)),
    );
    if (result.ended !== "crash" || closing.signal.aborted) return result;
    const again = { ...job, onOutput: beyond(heard, job.onOutput) };
    return slots.take(() => inBox((opened) => attempt(again, program, opened)), "all");
  }

  const runnable = (files: readonly SourceFile[], compiled: Blob | null): Compiled => {
    const program: Program = {
      run: (stdin, limits, onOutput = () => {}, signal) =>
        run({ files, uses: [], stdin, limits, onOutput, signal }, compiled),
    };
    return { ok: true, program };
  };

  return {
    toolchain: adapter.toolchain,
    async compile(files, signal) {
      if (files.length === 0) return { ok: false, error: errorOf("There is no program.") };
      // A check is short, and its worker can be used again.
      return adapter.compiler
        ? make(files, signal)
        : unlessAborted(
            slots.take(() => inBox((opened) => check(files, opened, signal))),
            signal,
          );
    },
    checkTypes: adapter.checksTypes === undefined ? null : typeCheck(adapter.checksTypes),
    close() {
      closing.abort(new DOMException("The runtime was closed.", "AbortError"));
      session.then(
        ({ box }) => box.close(),
        () => {},
      );
    },
  };
}

const errorOf = (text: string): CompileError => ({ text, messages: compilerMessages(text) });

/** Tells only what comes after the text that was heard before. */
function beyond(heard: number, tell: (text: string) => void): (text: string) => void {
  let known = heard;
  return (text) => {
    const news = text.slice(known);
    known = Math.max(0, known - text.length);
    if (news !== "") tell(news);
  };
}
