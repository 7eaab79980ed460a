import type { LanguageId } from "../protocol/language.ts";
import type { CompilerMessage } from "../rules/compiler-messages.ts";

/**
 * What a language that runs in the browser is to the page, whichever language it is:
 *
 *     openRuntime(language) -> Runtime.compile(files) -> Program.run(stdin, limits) -> RunResult
 *                                       '-> CompileError
 *
 * Nothing here gives a verdict: what a program wrote is compared outside, by the page.
 */

/** Bytes that travel, over all files of the language, since the page asked for it. */
export interface Progress {
  phase: "downloading" | "starting";
  loaded: number;
  total: number;
}

export interface SourceFile {
  name: string;
  text: string;
}

/** Why there is no program. */
export interface CompileError {
  /** All that the compiler said, as it said it. */
  text: string;
  /** The places that it speaks of, with their line numbers; empty where it speaks of none. */
  messages: readonly CompilerMessage[];
}

export type Compiled = { ok: true; program: Program } | { ok: false; error: CompileError };

export interface RunLimits {
  wallMs: number;
  outputBytes: number;
  /** Held to where the engine can be told (C, C++, Python); elsewhere a program may take what the browser gives. */
  memoryBytes: number;
}

export interface RunResult {
  /**
   * - `exit`    the program ended by itself; `exitCode` tells how
   * - `timeout` `output` it was ended at that limit
   * - `memory`  it asked for more than it may have, or than the browser gives, and ended of that
   * - `stack`   it recursed more deeply than the browser allows: a run-time error, which the judge might not give
   * - `crash`   the sandbox itself died, which says nothing of the program
   */
  ended: "exit" | "timeout" | "output" | "memory" | "stack" | "crash";
  /** Null unless the program ended by itself. */
  exitCode: number | null;
  stdout: Uint8Array;
  stderr: string;
  /** From the moment that the program could run until it ended, on this machine's clock. */
  wallMs: number;
  /** The most memory it held, where the engine tells; else null. */
  memoryBytes: number | null;
}

export interface Program {
  /**
   * Runs the program in a worker that nothing has run in before. Several runs may be asked for at once: as many as the machine has
   * cores go side by side, the others wait their turn.
   * @param onOutput hears what it writes to stdout as it comes
   * @param signal ends this run, and nothing else
   * @throws what `signal` was aborted with, once nothing of the run is left
   */
  run(
    stdin: Uint8Array,
    limits: RunLimits,
    onOutput?: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<RunResult>;
}

/**
 * Says what is wrong with the types of a program, which runs whatever they are. What checks them is downloaded when it is first asked
 * for, and stays for as long as the runtime.
 * @param files the first is the program's entry
 * @param onProgress hears of that download; nothing when the checker is at work already
 * @param signal ends it, in the middle of whatever it is doing
 * @returns null when the types fit
 * @throws Error that says what could not be loaded or started; what `signal` was aborted with when it fired
 */
export type TypeCheck = (
  files: readonly SourceFile[],
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<CompileError | null>;

/** Why nothing is compiled yet: the site is still making what the language needs (`Readiness.prepared`). It will be taken when it is there. */
export class NotPrepared extends Error {
  constructor() {
    super("The site is still preparing this language for browsers.");
  }
}

export interface Runtime {
  /** The exact compiler or interpreter, as people know it: "CPython 3.14.2", "Clang 22.0.0". */
  readonly toolchain: string;
  /**
   * The first file is the program's entry.
   * @param signal ends this compilation, and nothing else
   * @throws what `signal` was aborted with; NotPrepared
   */
  compile(files: readonly SourceFile[], signal?: AbortSignal): Promise<Compiled>;
  /** Null where the language has no types, or compiling looks at them anyway. */
  readonly checkTypes: TypeCheck | null;
  /** Kills whatever runs and gives the memory back. */
  close(): void;
}

/** Whether a language can run here at once, and what it takes until it can. */
export interface Readiness {
  language: LanguageId;
  /** All bytes that travel for it. */
  bytes: number;
  /** Of those, the bytes that are on this machine already; a download that was broken off goes on from there. */
  cachedBytes: number;
  /**
   * Whether the site has made what it makes after its start (the support of C++ programs, and the C++ library's precompiled header).
   * Until then the language can be loaded, and refuses to compile.
   */
  prepared: boolean;
}
