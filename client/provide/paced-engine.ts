import { EngineError, type LanguageEngine } from "../../provider/engine.ts";
import { restAfter } from "../../rules/tab-limits.ts";
import { EngineFault } from "./engine-fault.ts";

export interface Pace {
  /** The part of the time in which it may compute, from 0 to 1. */
  share(): number;
  /** It can't go on at all; what it was working on fails. */
  onFault(fault: EngineFault): void;
  /** Some clock, in milliseconds. */
  now(): number;
  /** Fulfilled after so many milliseconds, or when the signal is aborted. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * The same engine, which rests after each piece of an answer as long as its share of the time asks for: reading a prompt counts
 * as the work before the first piece. So the device stays cool within an answer too, and the consumer sees a steady, slower one.
 */
export function pacedEngine(engine: LanguageEngine, { share, onFault, now, rest }: Pace): LanguageEngine {
  let owedMs = 0;
  const guarded = <Result>(work: Promise<Result>): Promise<Result> =>
    work.catch((error: unknown) => {
      if (!(error instanceof EngineFault)) throw error;
      onFault(error);
      throw new EngineError("engine", error.message, { cause: error });
    });
  return {
    facts: engine.facts,
    close: () => engine.close(),
    async prepare(request) {
      const { promptTokens, write } = await guarded(engine.prepare(request));
      return {
        promptTokens,
        write(onPiece, signal) {
          let since = now();
          const paced: typeof onPiece = (piece) => {
            const due = restAfter(owedMs, now() - since, share());
            owedMs = due.owedMs;
            const wanted = onPiece(piece);
            const goOn = (): void => void (since = now());
            if (due.nowMs > 0) return Promise.all([wanted, rest(due.nowMs, signal)]).then(goOn);
            return wanted === undefined ? goOn() : wanted.then(goOn);
          };
          return guarded(write(paced, signal));
        },
      };
    },
  };
}

/** By a timer. */
export function restFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    if (signal.aborted) over();
    else signal.addEventListener("abort", over);
  });
}
