import type { LanguageId } from "../protocol/language.ts";
import type { ProblemView } from "../protocol/problem.ts";
import type { Source } from "../protocol/source.ts";
import { NotPrepared, type Program, type Progress, type Runtime } from "../wasm-runtimes/contract.ts";
import { t } from "./i18n.ts";
import type { Runtimes } from "./runtimes.ts";
import { Abandoned, openRunState, type RunOutcome, type Runs } from "./runs.ts";
import { entryFirst } from "./source-files.ts";
import { compareTimes } from "./yardstick.ts";

/** Why a problem's samples cannot be run in the browser, or null when they can. */
export function runObstacle(problem: ProblemView): "interactive" | "multi-pass" | "submit-answer" | null {
  if (problem.checker === "interactive" || problem.types.includes("interactive")) return "interactive";
  if (problem.types.includes("multi-pass")) return "multi-pass";
  return problem.types.includes("submit-answer") ? "submit-answer" : null;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What of `runtimes` runs need: a runtime of their own, and whether a newer one would be better. */
export type RuntimeSource = Pick<Runtimes, "runtimeFor" | "isOutdated">;

const outcomes = () => import("./outcomes.ts");

/** One test of a run. */
interface Test {
  /** A sample by its place, one of the reader's own by its id. */
  key: number | string;
  input: string;
  /** Null when there is nothing to compare the output with. */
  answer: string | null;
}

/**
 * Runs on this machine, in the browser's sandbox.
 * @param source where a language's runtime comes from
 * @param yardstick a solution of the jury's in a language, whose times on this device are put beside the reader's; null when there is none
 */
export function createPractice(
  problem: ProblemView,
  source: RuntimeSource,
  yardstick: (language: LanguageId, stop: AbortSignal) => Promise<Source | null>,
): Runs {
  let kept: { language: LanguageId; runtime: Runtime } | null = null;
  const drop = (): void => {
    kept?.runtime.close();
    kept = null;
  };
  // A run that is stopped ends by its signal; the runtime stays for the next one.
  const state = openRunState((thrown) => ({
    type: thrown instanceof DOMException && thrown.name === "AbortError" ? "cancelled" : "said",
    text: textOf(thrown),
  }));
  const { phase, samples, own, put, attempt } = state;

  const runtimeFor = async (language: LanguageId, stop: AbortSignal): Promise<Runtime> => {
    if (kept?.language === language && !source.isOutdated(language, kept.runtime)) return kept.runtime;
    drop();
    const onProgress = ({ phase: type, loaded, total }: Progress): void => {
      if (!stop.aborted) phase.value = type === "downloading" ? { type, loaded, total } : { type };
    };
    const runtime = await source.runtimeFor(language, onProgress, stop);
    if (stop.aborted) {
      runtime.close();
      throw new Abandoned();
    }
    kept = { language, runtime };
    state.toolchain.value = runtime.toolchain;
    return runtime;
  };

  /** As many at once as the runtime allows, which knows this machine's cores. @returns how the tests ended, in their order */
  const runTests = async (
    program: Program,
    tests: readonly Test[],
    stop: AbortSignal,
  ): Promise<TestResult[]> => {
    const { judgeRun, limitsHere } = await outcomes();
    const limits = limitsHere(problem.limits);
    phase.value = { type: "running" };
    return Promise.all(
      tests.map(async (test) => {
        put(test.key, { state: "running" });
        const result = await program.run(encode(test.input), limits, undefined, stop);
        if (stop.aborted) throw new Abandoned();
        const outcome = judgeRun(result, problem.checker === "default" ? test.answer : null, problem);
        put(test.key, { state: "done", outcome });
        return { test, outcome };
      }),
    );
  };

  const stick = createYardstick(problem, yardstick);

  const runAll = async (
    language: LanguageId,
    program: Source,
    tests: readonly Test[],
    stop: AbortSignal,
  ): Promise<void> => {
    const runtime = await runtimeFor(language, stop);
    phase.value = { type: "compiling" };
    const compiled = await runtime.compile(entryFirst(program, language), stop);
    if (stop.aborted) throw new Abandoned();
    if (!compiled.ok) {
      state.compileError.value = compiled.error;
      return;
    }
    const results = await runTests(compiled.program, tests, stop);
    // Times of a program that is wrong mean nothing.
    if (!problem.yardsticks.includes(language) || !results.every(endedWell)) return;
    phase.value = { type: "comparing" };
    const inputs = results.map(({ test }) => test.input);
    // The results are there: that there is nothing to compare them with is no failure.
    const times = await stick(runtime, language, inputs, stop).catch(() => []);
    if (stop.aborted) throw new Abandoned();
    state.comparison.value = compareTimes(
      results.flatMap(({ outcome }, index) => {
        const juryMs = times[index] ?? null;
        return juryMs === null ? [] : [{ mineMs: outcome.wallMs, juryMs }];
      }),
    );
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
        (stop) => {
          const all = problem.samples.map(({ input, answer }, key): Test => ({ key, input, answer }));
          return runAll(language, source, only === undefined ? all : all.slice(only, only + 1), stop);
        },
      ),
    runOwn: (language, source, tests) =>
      attempt(
        { type: "starting" },
        () => {
          own.value = new Map([...own.value, ...tests.map(({ id }) => [id, { state: "waiting" }] as const)]);
        },
        (stop) =>
          runAll(
            language,
            source,
            tests.map(({ id, input, expected }): Test => ({ key: id, input, answer: expected })),
            stop,
          ),
      ),
    close() {
      state.stop();
      drop();
    },
  };
}

function textOf(thrown: unknown): string {
  if (thrown instanceof NotPrepared) return t("runtime.notPrepared");
  return thrown instanceof Error ? thrown.message : String(thrown);
}

interface TestResult {
  test: Test;
  outcome: RunOutcome;
}

const endedWell = ({ outcome: { verdict } }: TestResult): boolean => verdict === "AC" || verdict === "ran";

/** Runs the jury's solution; what it took on an input is measured once. */
function createYardstick(
  problem: ProblemView,
  ask: (language: LanguageId, stop: AbortSignal) => Promise<Source | null>,
) {
  const known = new Map<string, number | null>();
  /** @returns for each input the time in ms, or null where the jury's solution did not end well or could not be had */
  return async (
    runtime: Runtime,
    language: LanguageId,
    inputs: readonly string[],
    stop: AbortSignal,
  ): Promise<(number | null)[]> => {
    const keyOf = (input: string): string => `${language}\n${input}`;
    const unknown = inputs.filter((input) => !known.has(keyOf(input)));
    if (unknown.length > 0) {
      const solution = await ask(language, stop);
      const compiled = solution && (await runtime.compile(entryFirst(solution, language), stop));
      if (!compiled?.ok) return [];
      const limits = (await outcomes()).limitsHere(problem.limits);
      const measure = async (input: string): Promise<void> => {
        const run = compiled.program.run(encode(input), limits, undefined, stop);
        const { ended, exitCode, wallMs } = await run;
        known.set(keyOf(input), ended === "exit" && exitCode === 0 ? wallMs : null);
      };
      await Promise.all(unknown.map(measure));
    }
    return inputs.map((input) => known.get(keyOf(input)) ?? null);
  };
}
