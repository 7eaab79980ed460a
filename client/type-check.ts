import { signal, type ReadonlySignal } from "@preact/signals";
import type { LanguageId } from "../protocol/language.ts";
import type { Source } from "../protocol/source.ts";
import type { CompileError, Progress, Runtime } from "../wasm-runtimes/contract.ts";
import type { Runtimes } from "./runtimes.ts";
import { entryFirst } from "./source-files.ts";

/**
 * Programs run without their types, so these are checked only when somebody asks.
 *
 *     idle -> checking <-> downloading -> done | failed         stopped: idle
 */
export type TypeCheckState =
  | { type: "idle" }
  /** Bytes: of what checks types, or of the language itself where that was not here. */
  | { type: "downloading"; loaded: number; total: number }
  | { type: "checking" }
  /** Null when the types fit. */
  | { type: "done"; error: CompileError | null }
  | { type: "failed"; text: string };

export interface TypeCheck {
  state: ReadonlySignal<TypeCheckState>;
  /** A newer check ends an older one. */
  start(source: Source): Promise<void>;
  /** Ends it, or puts away what it found. */
  stop(): void;
  /** Ends whatever it is doing and gives the memory back. */
  close(): void;
}

/**
 * Has a runtime of its own, so that runs and checks do not end one another.
 * @param source where that comes from
 */
export function createTypeCheck(language: LanguageId, source: Pick<Runtimes, "runtimeFor">): TypeCheck {
  const state = signal<TypeCheckState>({ type: "idle" });
  let current = new AbortController();
  let kept: Runtime | null = null;

  const onProgressUntil =
    (stop: AbortSignal) =>
    ({ phase, loaded, total }: Progress): void => {
      if (stop.aborted) return;
      state.value = phase === "downloading" ? { type: phase, loaded, total } : { type: "checking" };
    };

  async function runtimeFor(stop: AbortSignal): Promise<Runtime> {
    if (kept !== null) return kept;
    const runtime = await source.runtimeFor(language, onProgressUntil(stop), stop);
    if (stop.aborted) {
      runtime.close();
      throw stop.reason;
    }
    kept = runtime;
    return runtime;
  }

  async function check(program: Source, stop: AbortSignal): Promise<CompileError | null> {
    const { checkTypes, toolchain } = await runtimeFor(stop);
    if (checkTypes === null) throw new Error(`${toolchain} checks no types.`);
    return checkTypes(entryFirst(program, language), onProgressUntil(stop), stop);
  }

  function stop(): void {
    current.abort();
    state.value = { type: "idle" };
  }
  return {
    state,
    async start(program) {
      current.abort();
      const mine = new AbortController();
      current = mine;
      state.value = { type: "checking" };
      try {
        const error = await check(program, mine.signal);
        if (!mine.signal.aborted) state.value = { type: "done", error };
      } catch (thrown) {
        if (mine.signal.aborted) return;
        state.value = { type: "failed", text: thrown instanceof Error ? thrown.message : String(thrown) };
      }
    },
    stop,
    close() {
      stop();
      kept?.close();
      kept = null;
    },
  };
}
