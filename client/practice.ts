import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import type { LanguageId } from "../protocol/language.ts";
import type { ProblemView, Sample } from "../protocol/problem.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import { checkOutput } from "../rules/output-check.ts";
import { runVerdict } from "../rules/run-verdict.ts";
import type { Program, Progress, RunLimits, RunResult, Runtime } from "../wasm-runtimes/host.ts";
import { sourceNames } from "./starters.ts";

/**
 * Runs of a program on this machine, in the browser's sandbox. Nothing here is official.
 *
 *     idle -> downloading -> starting -> compiling -> running -> idle
 *                                            \-> idle, with the compiler's message
 *
 * Stopping, or a new run, goes back to idle from everywhere; what an abandoned run still says is ignored.
 */
export type Phase =
  | { type: "idle" }
  | { type: "downloading"; loaded: number; total: number }
  | { type: "starting" }
  | { type: "compiling" }
  | { type: "running" };

/** What one run gave. `crash` and `ran` are no verdicts: the sandbox died; or nobody here can say whether it is right. */
export interface RunOutcome {
  verdict: RunVerdict | "crash" | "ran";
  /** The output's line that the checker objects to; null unless the verdict is WA. */
  line: number | null;
  output: string;
  errors: string;
  exitCode: number | null;
  wallMs: number;
}

export type SampleRun = { state: "waiting" } | { state: "running" } | { state: "done"; outcome: RunOutcome };

export interface Practice {
  phase: ReadonlySignal<Phase>;
  /** One for each sample, in the problem's order; empty before the first run. */
  samples: ReadonlySignal<readonly SampleRun[]>;
  /** The run on the reader's own input, once there was one. */
  own: ReadonlySignal<SampleRun | null>;
  compileMessage: ReadonlySignal<string | null>;
  /** Why the last run could not be made at all, e.g. a download that broke; null when it could. */
  failure: ReadonlySignal<string | null>;
  /** @param only run just one sample, by its place; all of them when left out */
  runSamples(language: LanguageId, source: string, only?: number): Promise<void>;
  runOwn(language: LanguageId, source: string, input: string): Promise<void>;
  stop(): void;
  /** Ends whatever runs and gives the memory back. */
  close(): void;
}

/** Browsers run programs more slowly than the judge, so a run here may take longer before it counts as too slow. */
export const BROWSER_FACTOR = 3;
const LEAST_WALL_MS = 2000;
/** While a time limit is still being worked out, in a draft, programs get what most problems give. */
const UNKNOWN_LIMIT_MS = 2000;

/** The limits of a run in the browser, from those of the problem. */
export function browserLimits(limits: ProblemView["limits"]): RunLimits {
  return {
    wallMs: Math.max(LEAST_WALL_MS, (limits.timeMs ?? UNKNOWN_LIMIT_MS) * BROWSER_FACTOR),
    outputBytes: limits.outputMiB * 1024 * 1024,
  };
}

/** Why a problem's samples cannot be run in the browser, or null when they can. */
export function runObstacle(problem: ProblemView): "interactive" | "multi-pass" | "submit-answer" | null {
  if (problem.checker === "interactive" || problem.types.includes("interactive")) return "interactive";
  if (problem.types.includes("multi-pass")) return "multi-pass";
  return problem.types.includes("submit-answer") ? "submit-answer" : null;
}

/**
 * What a run's result means for a sample.
 * @param answer the expected output; null when there is none, or only the problem's own checker could compare it
 */
export function judgeRun(result: RunResult, answer: string | null, problem: ProblemView): RunOutcome {
  const check = answer === null ? null : checkOutput(result.stdout, encode(answer), problem.checkerOptions);
  const said = {
    output: new TextDecoder().decode(result.stdout),
    errors: result.stderr,
    exitCode: result.exitCode,
    wallMs: result.wallMs,
  };
  if (result.ended === "crash") return { ...said, verdict: "crash", line: null };
  const verdict = runVerdict({
    exitCode: result.exitCode,
    signal: null,
    cpuMs: result.wallMs,
    wallMs: result.wallMs,
    cpuLimitMs: browserLimits(problem.limits).wallMs,
    timedOut: result.ended === "timeout",
    outOfMemory: false,
    outputExceeded: result.ended === "output",
    check: check === null || check.accepted ? "accepted" : "rejected",
    validatorEndedFirst: false,
  });
  if (verdict === "AC" && check === null) return { ...said, verdict: "ran", line: null };
  return { ...said, verdict, line: check && !check.accepted && verdict === "WA" ? check.line : null };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A run that was stopped, or overtaken by a newer one. */
class Abandoned extends Error {}

/** @param open opens a language's runtime; the real one is `openRuntime` of wasm-runtimes */
export function createPractice(
  problem: ProblemView,
  open: (
    language: LanguageId,
    onProgress: (progress: Progress) => void,
    stop: AbortSignal,
  ) => Promise<Runtime>,
): Practice {
  const phase = signal<Phase>({ type: "idle" });
  const samples = signal<readonly SampleRun[]>([]);
  const own = signal<SampleRun | null>(null);
  const compileMessage = signal<string | null>(null);
  const failure = signal<string | null>(null);
  const limits = browserLimits(problem.limits);
  let kept: { language: LanguageId; runtime: Runtime } | null = null;
  let current = new AbortController();

  const put = (index: number, run: SampleRun): void => {
    samples.value = samples.value.map((before, at) => (at === index ? run : before));
  };

  const runtimeFor = async (language: LanguageId, stop: AbortSignal): Promise<Runtime> => {
    if (kept?.language === language) return kept.runtime;
    kept?.runtime.close();
    kept = null;
    const onProgress = ({ phase: type, loaded, total }: Progress): void => {
      if (!stop.aborted) phase.value = type === "downloading" ? { type, loaded, total } : { type };
    };
    const runtime = await open(language, onProgress, stop);
    if (stop.aborted) {
      runtime.close();
      throw new Abandoned();
    }
    kept = { language, runtime };
    return runtime;
  };

  /** Compiles, or says why not; null when there is nothing to run. */
  const compile = async (
    language: LanguageId,
    source: string,
    stop: AbortSignal,
  ): Promise<Program | null> => {
    const runtime = await runtimeFor(language, stop);
    phase.value = { type: "compiling" };
    const compiled = await runtime.compile([{ name: sourceNames[language], text: source }]);
    if (stop.aborted) throw new Abandoned();
    if (compiled.ok) return compiled.program;
    compileMessage.value = compiled.message;
    return null;
  };

  const run = async (program: Program, input: string, stop: AbortSignal): Promise<RunResult> => {
    phase.value = { type: "running" };
    const result = await program.run(encode(input), limits);
    if (stop.aborted) throw new Abandoned();
    return result;
  };

  /** One run from beginning to end; a newer one makes an older one's end mean nothing. */
  const attempt = async (prepare: () => void, work: (stop: AbortSignal) => Promise<void>): Promise<void> => {
    stopNow();
    const mine = new AbortController();
    current = mine;
    batch(() => {
      compileMessage.value = null;
      failure.value = null;
      phase.value = { type: "starting" };
      prepare();
    });
    try {
      await work(mine.signal);
    } catch (thrown) {
      if (!mine.signal.aborted) failure.value = thrown instanceof Error ? thrown.message : String(thrown);
    }
    if (current === mine && !mine.signal.aborted) forgetUnfinished();
  };

  const forgetUnfinished = (): void => {
    batch(() => {
      phase.value = { type: "idle" };
      if (samples.value.every((one) => one.state !== "done")) samples.value = [];
      else samples.value = samples.value.map((one) => (one.state === "running" ? { state: "waiting" } : one));
      if (own.value?.state !== "done") own.value = null;
    });
  };

  const stopNow = (): void => {
    if (phase.value.type === "idle") return;
    current.abort();
    // A runtime in the middle of something is killed; the next run opens a new one, from the cache.
    kept?.runtime.close();
    kept = null;
    forgetUnfinished();
  };

  const runSample = async (
    program: Program,
    index: number,
    sample: Sample,
    stop: AbortSignal,
  ): Promise<void> => {
    put(index, { state: "running" });
    const result = await run(program, sample.input, stop);
    const answer = problem.checker === "default" ? sample.answer : null;
    put(index, { state: "done", outcome: judgeRun(result, answer, problem) });
  };

  return {
    phase,
    samples,
    own,
    compileMessage,
    failure,
    runSamples: (language, source, only) =>
      attempt(
        () => {
          const before = samples.value;
          samples.value = problem.samples.map((_, at) =>
            only === undefined || only === at ? { state: "waiting" } : (before[at] ?? { state: "waiting" }),
          );
        },
        async (stop) => {
          const program = await compile(language, source, stop);
          if (program === null) return;
          for (const [index, sample] of problem.samples.entries()) {
            if (only === undefined || only === index) await runSample(program, index, sample, stop);
          }
        },
      ),
    runOwn: (language, source, input) =>
      attempt(
        () => {
          own.value = { state: "waiting" };
        },
        async (stop) => {
          const program = await compile(language, source, stop);
          if (program === null) return;
          own.value = { state: "running" };
          const result = await run(program, input, stop);
          own.value = { state: "done", outcome: judgeRun(result, null, problem) };
        },
      ),
    stop: stopNow,
    close() {
      stopNow();
      kept?.runtime.close();
      kept = null;
    },
  };
}

/** How many samples were run, and how many of those passed. */
export function samplesPassed(runs: readonly SampleRun[]): { passed: number; run: number } {
  const done = runs.filter((one) => one.state === "done");
  return { passed: done.filter((one) => one.outcome.verdict === "AC").length, run: done.length };
}

/** Whether anything is under way. */
export const isBusy = (practice: Practice): ReadonlySignal<boolean> =>
  computed(() => practice.phase.value.type !== "idle");
