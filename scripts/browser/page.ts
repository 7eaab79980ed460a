import type { LanguageId } from "../../protocol/language.ts";
import type {
  CompileError,
  Program,
  Progress,
  Readiness,
  RunLimits,
  RunResult,
  Runtime,
  SourceFile,
} from "../../wasm-runtimes/contract.ts";

/**
 * What runs in the page. Only the text of `install` gets there, so it uses nothing from outside of itself; and it hands out numbers in
 * the place of runtimes and programs, since those cannot leave the page.
 */

/** What the client's engine script leaves in the page (wasm-runtimes/engine.ts). */
export interface PageEngine {
  browserLanguages: readonly LanguageId[];
  openRuntime(
    language: LanguageId,
    onProgress: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<Runtime>;
  readiness(language: LanguageId): Promise<Readiness>;
}

/** How long the page waited, by its own clock. */
export interface Took {
  tookMs: number;
}

/** A result whose output went its own way, as bytes. */
export type TakenResult = Omit<RunResult, "stdout"> &
  Took & {
    /** From when the run was asked for until its first output; null when there was none. */
    firstOutputMs: number | null;
  };

export interface PageDriver {
  browserLanguages: readonly LanguageId[];
  cores: number;
  readiness(language: LanguageId): Promise<Readiness>;
  open(language: LanguageId): Promise<{ runtime: number; toolchain: string } & Took>;
  compile(
    runtime: number,
    files: readonly SourceFile[],
  ): Promise<({ ok: true; program: number } | { ok: false; error: CompileError }) & Took>;
  /**
   * @param stdin - where its bytes can be fetched
   * @param taker - where its output is to be posted
   */
  run(program: number, stdin: string, taker: string, limits: RunLimits): Promise<TakenResult>;
  /** Runs a program many times, so many at once, on no input: how long each took, and all together. */
  repeat(
    program: number,
    times: number,
    atOnce: number,
    limits: RunLimits,
  ): Promise<{ eachMs: number[] } & Took>;
  release(program: number): void;
  close(runtime: number): void;
}

declare global {
  var tabarenaEngine: PageEngine;
  var driver: PageDriver;
}

/** Puts `driver` beside the engine. */
export function install(): void {
  const { tabarenaEngine: engine } = globalThis;
  const runtimes: Runtime[] = [];
  const programs = new Map<number, Program>();
  let last = 0;

  const found = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("there is none of this number");
    return thing;
  };

  globalThis.driver = {
    browserLanguages: engine.browserLanguages,
    cores: navigator.hardwareConcurrency,
    readiness: (language) => engine.readiness(language),
    open: async (language) => {
      const began = performance.now();
      const runtime = await engine.openRuntime(language, () => {});
      const tookMs = performance.now() - began;
      return { runtime: runtimes.push(runtime) - 1, toolchain: runtime.toolchain, tookMs };
    },
    compile: async (runtime, files) => {
      const began = performance.now();
      const compiled = await found(runtimes[runtime]).compile(files);
      const tookMs = performance.now() - began;
      if (!compiled.ok) return { ...compiled, tookMs };
      programs.set(++last, compiled.program);
      return { ok: true, program: last, tookMs };
    },
    run: async (program, stdin, taker, limits) => {
      const input = new Uint8Array(await (await fetch(stdin)).arrayBuffer());
      let firstOutputMs: number | null = null;
      const began = performance.now();
      const { stdout, ...result } = await found(programs.get(program)).run(input, limits, () => {
        firstOutputMs ??= performance.now() - began;
      });
      const tookMs = performance.now() - began;
      // A copy, in case that it is a view of something larger.
      await fetch(taker, { method: "POST", body: new Blob([new Uint8Array(stdout)]) });
      return { ...result, tookMs, firstOutputMs };
    },
    repeat: async (program, times, atOnce, limits) => {
      const eachMs: number[] = [];
      const began = performance.now();
      let left = times;
      const drive = async (): Promise<void> => {
        while (left-- > 0) {
          const start = performance.now();
          const { ended } = await found(programs.get(program)).run(new Uint8Array(), limits);
          if (ended !== "exit") throw new Error(`the program ended by ${ended}`);
          eachMs.push(performance.now() - start);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, drive));
      return { eachMs, tookMs: performance.now() - began };
    },
    release: (program) => void programs.delete(program),
    close: (runtime) => found(runtimes[runtime]).close(),
  };
}
