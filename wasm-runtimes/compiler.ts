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
 *        ^------------- out of time, or broken ---------------------------'
 *
 * It runs no code of people, but it reads it; what it makes is checked where it is run.
 */
export interface CompilerWorker {
  /** Boots it before it is needed; whoever compiles hears of a failure. */
  warm(): void;
  /** @throws Error when the compiler itself fails, or does not come to an end */
  compile(files: readonly SourceFile[]): Promise<Compilation>;
}

/** Without the precompiled header, on a slow machine, C++ takes a minute. */
const COMPILE_LIMIT_MS = 150_000;
const LARGEST_PROGRAM = 64 * 1024 * 1024;

export function openCompiler(
  box: Box,
  script: string,
  uses: readonly string[],
  language: LanguageId,
): CompilerWorker {
  let worker: Promise<BoxWorker> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function living(): Promise<BoxWorker> {
    const known = await worker?.catch(() => null);
    if (known?.alive) return known;
    worker = booted(box.spawn(script, uses));
    return worker;
  }
  const compile = async (files: readonly SourceFile[]): Promise<Compilation> =>
    compileIn(await living(), language, files);

  return {
    warm: () => void living().catch(() => {}),
    compile(files) {
      const turn = last.then(() => compile(files));
      last = turn.catch(() => {});
      return turn;
    },
  };
}

function compileIn(
  worker: BoxWorker,
  language: LanguageId,
  files: readonly SourceFile[],
): Promise<Compilation> {
  return new Promise((resolve, reject) => {
    const failed = (reason: string): void => {
      clearTimeout(timer);
      worker.kill();
      reject(new Error(reason));
    };
    const timer = setTimeout(
      () => failed(`The compiler was stopped after ${COMPILE_LIMIT_MS / 1000} seconds.`),
      COMPILE_LIMIT_MS,
    );
    worker.listener = (event) => {
      if (event.type === "broken" || event.type === "gone")
        return failed(`The compiler failed: ${event.reason}`);
      if (event.type !== "compiled") return;
      clearTimeout(timer);
      worker.listener = () => {};
      resolve({ program: event.program && new Blob([event.program]), text: event.text });
    };
    worker.send({ type: "compile", language, files }, LARGEST_PROGRAM);
  });
}
