import type { LanguageId } from "../protocol/language.ts";
import type { ProblemView, Sample } from "../protocol/problem.ts";
import type { Source } from "../protocol/source.ts";
import { checkOutput } from "../rules/output-check.ts";
import { runVerdict } from "../rules/run-verdict.ts";
import type { Program, Progress, RunLimits, RunResult, Runtime } from "../wasm-runtimes/contract.ts";
import { Abandoned, openRunState, type RunOutcome, type Runs } from "./runs.ts";
import { entryFirst } from "./source-files.ts";

/** Browsers run programs more slowly than the judge, so a run here may take longer before it counts as too slow. */
export const BROWSER_FACTOR = 3;
const LEAST_WALL_MS = 2000;
/** While a time limit is still being worked out, in a draft, programs get what most problems give. */
const UNKNOWN_LIMIT_MS = 2000;
const MIB = 1024 * 1024;

/** The limits of a run in the browser, from those of the problem. */
export function browserLimits(limits: ProblemView["limits"]): RunLimits {
  return {
    wallMs: Math.max(LEAST_WALL_MS, (limits.timeMs ?? UNKNOWN_LIMIT_MS) * BROWSER_FACTOR),
    outputBytes: limits.outputMiB * MIB,
    memoryBytes: limits.memoryMiB * MIB,
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
    cutBytes: 0,
    errors: result.stderr,
    exitCode: result.exitCode,
    signal: null,
    wallMs: result.wallMs,
    measured: null,
    message: "",
  };
  if (result.ended === "crash") return { ...said, verdict: "crash", line: null };
  const verdict = runVerdict({
    exitCode: result.exitCode,
    signal: null,
    cpuMs: result.wallMs,
    wallMs: result.wallMs,
    cpuLimitMs: browserLimits(problem.limits).wallMs,
    timedOut: result.ended === "timeout",
    outOfMemory: result.ended === "memory",
    outputExceeded: result.ended === "output",
    check: check === null || check.accepted ? "accepted" : "rejected",
    validatorEndedFirst: false,
  });
  if (verdict === "AC" && check === null) return { ...said, verdict: "ran", line: null };
  return { ...said, verdict, line: check && !check.accepted && verdict === "WA" ? check.line : null };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Runs on this machine, in the browser's sandbox.
 * @param open opens a language's runtime; the real one is `openRuntime` of wasm-runtimes
 */
export function createPractice(
  problem: ProblemView,
  open: (
    language: LanguageId,
    onProgress: (progress: Progress) => void,
    stop: AbortSignal,
  ) => Promise<Runtime>,
): Runs {
  const limits = browserLimits(problem.limits);
  let kept: { language: LanguageId; runtime: Runtime } | null = null;
  // A runtime in the middle of something is killed; the next run opens a new one, from the cache.
  const drop = (): void => {
    kept?.runtime.close();
    kept = null;
  };
  const state = openRunState(
    (thrown) => ({ type: "said", text: thrown instanceof Error ? thrown.message : String(thrown) }),
    drop,
  );
  const { phase, samples, own, put, attempt } = state;

  const runtimeFor = async (language: LanguageId, stop: AbortSignal): Promise<Runtime> => {
    if (kept?.language === language) return kept.runtime;
    drop();
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
    source: Source,
    stop: AbortSignal,
  ): Promise<Program | null> => {
    const runtime = await runtimeFor(language, stop);
    phase.value = { type: "compiling" };
    const compiled = await runtime.compile(entryFirst(source, language));
    if (stop.aborted) throw new Abandoned();
    if (compiled.ok) return compiled.program;
    state.compileError.value = compiled.error;
    return null;
  };

  const run = async (program: Program, input: string, stop: AbortSignal): Promise<RunResult> => {
    phase.value = { type: "running" };
    const result = await program.run(encode(input), limits);
    if (stop.aborted) throw new Abandoned();
    return result;
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
    ...state,
    runSamples: (language, source, only) =>
      attempt(
        { type: "starting" },
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
        { type: "starting" },
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
    close() {
      state.stop();
      drop();
    },
  };
}
