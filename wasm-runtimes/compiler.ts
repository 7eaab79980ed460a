import type { LanguageId } from "../protocol/language.ts";
import type { Box, BoxWorker } from "./box/box.ts";
import type { SourceFile } from "./contract.ts";
import { booted } from "./pool.ts";

/** A program's bytes, or null when there is none, and all that the compiler said. */
export interface Compilation {
  program: Blob | null;
  text: string;
}

/**
 * A worker that turns files into programs for as long as it lives:
 *
 *     (none) -- the first compilation, or warm() --> booting --> idle <--> compiling
 *        ^------- out of time, broken, stopped, or given more files ------'
 *
 * Until somebody asks it for something it compiles programs of ours, to be quicker then.
 *
 * It runs no code of people, but it reads it; what it makes is checked where it is run.
 */
export interface CompilerWorker {
  /** Boots it before it is needed; whoever compiles hears of a failure. */
  warm(): void;
  /** @throws Error when the compiler itself fails, or does not come to an end; what `signal` was aborted with when it fired */
  compile(files: readonly SourceFile[], signal?: AbortSignal): Promise<Compilation>;
  /** Files that it lacked; it boots again with them when it has nothing to do. */
  give(files: ReadonlyMap<string, Blob>): void;
}

export interface CompilerParts {
  script: string;
  language: LanguageId;
  /** The script, and what its worker is given. They come into the box when it boots. */
  files: ReadonlyMap<string, Blob>;
  /** Files that are WebAssembly. */
  modules: readonly string[];
  /** Needs all of its files, of which some may come later. */
  exercises?: { programs: readonly SourceFile[]; need: readonly string[] };
}

/** A slow machine takes long for much C++. */
const COMPILE_LIMIT_MS = 150_000;
const LARGEST_PROGRAM = 64 * 1024 * 1024;

export function openCompiler(
  box: Box,
  { script, language, files, modules, exercises }: CompilerParts,
): CompilerWorker {
  const missing = new Map(files);
  const uses = new Set([...files.keys()].filter((name) => name !== script));
  let worker: Promise<BoxWorker> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isAsked = false;

  async function boot(): Promise<BoxWorker> {
    const stores = [...missing].map(async ([name, blob]) => {
      await box.store({ name, blob, as: modules.includes(name) ? "module" : "blob" });
      missing.delete(name);
    });
    await Promise.all(stores);
    return booted(box.spawn(script, [...uses]));
  }
  async function living(): Promise<BoxWorker> {
    const known = await worker?.catch(() => null);
    if (known?.alive) return known;
    worker = boot();
    return worker;
  }
  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  }
  async function compileNow(sources: readonly SourceFile[], signal?: AbortSignal): Promise<Compilation> {
    signal?.throwIfAborted();
    const ready = await living();
    signal?.throwIfAborted();
    try {
      return await compileIn(ready, language, sources, signal);
    } catch (error) {
      // It was killed, also where the box has not said so yet.
      worker = null;
      throw error;
    }
  }
  async function exercise(): Promise<void> {
    await inTurn(living);
    for (const program of exercises?.programs ?? []) {
      if (isAsked || exercises?.need.some((name) => !uses.has(name))) return;
      await inTurn(() => compileNow([program]));
    }
  }
  const warm = (): void => void exercise().catch(() => {});
  return {
    warm,
    compile(sources, signal) {
      isAsked = true;
      const compilation = inTurn(() => compileNow(sources, signal));
      // Whoever stops one is going to ask for another.
      compilation.catch(() => signal?.aborted && warm());
      return compilation;
    },
    give(further) {
      const restart = async (): Promise<void> => {
        for (const [name, blob] of further) {
          missing.set(name, blob);
          uses.add(name);
        }
        (await worker?.catch(() => null))?.kill();
        worker = null;
        isAsked = false;
      };
      inTurn(restart)
        .then(exercise, () => {})
        .catch(() => {});
    },
  };
}

function compileIn(
  worker: BoxWorker,
  language: LanguageId,
  files: readonly SourceFile[],
  signal?: AbortSignal,
): Promise<Compilation> {
  return new Promise((resolve, reject) => {
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abandon);
    };
    const failed = (reason: unknown): void => {
      settled();
      worker.kill();
      reject(reason);
    };
    const abandon = (): void => failed(signal?.reason);
    signal?.addEventListener("abort", abandon);
    const timer = setTimeout(
      () => failed(new Error(`The compiler was stopped after ${COMPILE_LIMIT_MS / 1000} seconds.`)),
      COMPILE_LIMIT_MS,
    );
    worker.listener = (event) => {
      if (event.type === "broken" || event.type === "gone")
        return failed(new Error(`The compiler failed: ${event.reason}`));
      if (event.type !== "compiled") return;
      settled();
      worker.listener = () => {};
      resolve({ program: event.program && new Blob([event.program]), text: event.text });
    };
    worker.send({ type: "compile", language, files }, LARGEST_PROGRAM);
  });
}
