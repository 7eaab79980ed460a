import { batch, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { LanguageId } from "../protocol/language.ts";
import type { Source } from "../protocol/source.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import type { CompilerMessage } from "../rules/compiler-messages.ts";
import type { CompileError, RunResult } from "../wasm-runtimes/contract.ts";
import type { ApiError } from "./api.ts";
import type { Comparison } from "./yardstick.ts";

/**
 * Runs of a program on samples or on the reader's own input: in the browser (practice.ts) or on a judge
 * (judge-runs.ts). Nothing here is official.
 *
 *     idle -> downloading -> starting -> compiling -> running [-> comparing] -> idle      in the browser
 *     idle -> sending -> queued -> running -> idle                         on a judge
 *
 * Stopping, or a new run, goes back to idle from everywhere; what an abandoned run still says is ignored.
 */
export type Phase =
  | { type: "idle" }
  | { type: "downloading"; loaded: number; total: number }
  | { type: "starting" }
  | { type: "compiling" }
  | { type: "sending" }
  | { type: "queued" }
  | { type: "running" }
  /** All results are there; the jury's solution is run, to compare times with. */
  | { type: "comparing" };

/** What one run gave. `crash` and `ran` are no verdicts: the sandbox died; or nobody here can say whether it is right. */
export interface RunOutcome {
  verdict: RunVerdict | "crash" | "ran";
  /** The output's line that the checker objects to; null unless the verdict is WA and the line is known. */
  line: number | null;
  output: string;
  /** How many bytes of the output are not in `output`. */
  cutBytes: number;
  errors: string;
  /** The places that `errors` speaks of. */
  places: readonly CompilerMessage[];
  exitCode: number | null;
  signal: number | null;
  wallMs: number;
  /** What only a judge can measure; null in the browser. */
  measured: { cpuMs: number; memoryKiB: number } | null;
  /** How it ended in the browser, and the most memory that it held there, in bytes, if the engine tells; null on a judge. */
  here: { ended: RunResult["ended"]; memoryBytes: number | null } | null;
  /** What the problem's checker said; "" for nothing. */
  message: string;
}

export type TestRun = { state: "waiting" } | { state: "running" } | { state: "done"; outcome: RunOutcome };

/** An input of the reader's own, and what the program should write, if that was said. */
export interface OwnTest {
  id: string;
  input: string;
  expected: string | null;
}

/** Why a run could not be made: what the runtime or the judge said, or how the site refused. */
export type RunFailure =
  | { type: "said"; text: string }
  /** The reader ended what the run waited for. */
  | { type: "cancelled"; text: string }
  | { type: "refused"; error: ApiError };

export interface Runs {
  phase: ReadonlySignal<Phase>;
  /** One for each sample, in the problem's order; empty before the first run. */
  samples: ReadonlySignal<readonly TestRun[]>;
  /** Runs on the reader's own inputs, by their ids. */
  own: ReadonlySignal<ReadonlyMap<string, TestRun>>;
  /** The times of the last run beside the jury's solution's; null where there is nothing to compare. */
  comparison: ReadonlySignal<Comparison | null>;
  /** Why the program of the last run does not compile, with the places that are meant. */
  compileError: ReadonlySignal<CompileError | null>;
  /** Why the last run could not be made at all, e.g. a download that broke; null when it could. */
  failure: ReadonlySignal<RunFailure | null>;
  /** The exact compiler or interpreter of the last run, where that is known; else "". */
  toolchain: ReadonlySignal<string>;
  /** @param only the one sample that was asked for, by its place; all of them when left out */
  runSamples(language: LanguageId, source: Source, only?: number): Promise<void>;
  runOwn(language: LanguageId, source: Source, tests: readonly OwnTest[]): Promise<void>;
  /** The reader changed an input: what its run gave says nothing any more. */
  forgetOwn(id: string): void;
  stop(): void;
  /** Ends whatever runs and gives the memory back. */
  close(): void;
}

/** A run that was stopped, or overtaken by a newer one. */
export class Abandoned extends Error {}

/** What every kind of run keeps, and how one run follows another. */
export interface RunState {
  phase: Signal<Phase>;
  samples: Signal<readonly TestRun[]>;
  own: Signal<ReadonlyMap<string, TestRun>>;
  comparison: Signal<Comparison | null>;
  compileError: Signal<CompileError | null>;
  failure: Signal<RunFailure | null>;
  toolchain: Signal<string>;
  /** Says how far one sample is, by its place, or one of the reader's own inputs, by its id. */
  put(test: number | string, run: TestRun): void;
  forgetOwn(id: string): void;
  /** One run from beginning to end; a newer one makes an older one's end mean nothing. */
  attempt(first: Phase, prepare: () => void, work: (stop: AbortSignal) => Promise<void>): Promise<void>;
  stop(): void;
}

/**
 * @param describe what a thrown value tells the reader
 * @param onStop ends what is under way when a run is stopped in the middle
 */
export function openRunState(
  describe: (thrown: unknown) => RunFailure,
  onStop: () => void = () => {},
): RunState {
  const phase = signal<Phase>({ type: "idle" });
  const samples = signal<readonly TestRun[]>([]);
  const own = signal<ReadonlyMap<string, TestRun>>(new Map());
  const comparison = signal<Comparison | null>(null);
  const compileError = signal<CompileError | null>(null);
  const failure = signal<RunFailure | null>(null);
  let current = new AbortController();

  const forgetUnfinished = (): void => {
    batch(() => {
      phase.value = { type: "idle" };
      if (samples.value.every((one) => one.state !== "done")) samples.value = [];
      else samples.value = samples.value.map((one) => (one.state === "running" ? { state: "waiting" } : one));
      own.value = new Map([...own.value].filter(([, one]) => one.state === "done"));
    });
  };
  const stop = (): void => {
    if (phase.value.type === "idle") return;
    current.abort();
    onStop();
    forgetUnfinished();
  };

  return {
    phase,
    samples,
    own,
    comparison,
    compileError,
    failure,
    toolchain: signal(""),
    stop,
    put: (test, run) => {
      if (typeof test === "string") own.value = new Map(own.value).set(test, run);
      else samples.value = samples.value.map((before, at) => (at === test ? run : before));
    },
    forgetOwn: (id) => {
      if (own.value.has(id)) own.value = new Map([...own.value].filter(([kept]) => kept !== id));
    },
    async attempt(first, prepare, work) {
      stop();
      const mine = new AbortController();
      current = mine;
      batch(() => {
        compileError.value = null;
        failure.value = null;
        comparison.value = null;
        phase.value = first;
        prepare();
      });
      try {
        await work(mine.signal);
      } catch (thrown) {
        if (!mine.signal.aborted) failure.value = describe(thrown);
      }
      if (current !== mine || mine.signal.aborted) return;
      // Tests run side by side: when one could not be run, the others are not waited for.
      mine.abort();
      forgetUnfinished();
    },
  };
}

/** How many samples were run, and how many of those passed. */
export function samplesPassed(runs: readonly TestRun[]): { passed: number; run: number } {
  const done = runs.filter((one) => one.state === "done");
  return { passed: done.filter((one) => one.outcome.verdict === "AC").length, run: done.length };
}
