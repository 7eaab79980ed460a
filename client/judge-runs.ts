import type { CustomRun, CustomRunResult, CustomRunTest, CustomRunView } from "../protocol/custom-run.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { ProblemView, Sample } from "../protocol/problem.ts";
import type { Source } from "../protocol/source.ts";
import { ApiError } from "./api.ts";
import { Abandoned, openRunState, type Runs } from "./runs.ts";

/** How runs on a judge are asked for and heard of; `/api/runs` and the account's socket in the page. */
export interface RunService {
  start(run: CustomRun): Promise<CustomRunView>;
  ask(id: string, stop: AbortSignal): Promise<CustomRunView>;
  /** Hears of every run of the account. @returns a function that stops listening */
  listen(listener: (run: CustomRunView) => void): () => void;
  /** How long the socket may be silent before it is asked how the run stands, in ms. */
  askEveryMs: number;
}

const isOver = ({ state }: CustomRunView): boolean => state === "done" || state === "failed";

/**
 * Follows a run to its end: by the socket, and by asking now and then, should the socket be away.
 * @throws Abandoned when stopped; ApiError when it cannot be asked
 */
export async function follow(
  service: RunService,
  run: CustomRunView,
  onChange: (run: CustomRunView) => void,
  stop: AbortSignal,
): Promise<CustomRunView> {
  if (isOver(run)) return run;
  const ended = Promise.withResolvers<CustomRunView>();
  const hear = (news: CustomRunView): void => {
    if (news.id !== run.id || stop.aborted) return;
    if (isOver(news)) ended.resolve(news);
    else onChange(news);
  };
  const ask = (): void => {
    service.ask(run.id, stop).then(hear, (thrown: unknown) => {
      // A network that is away for a moment is no reason to give the run up.
      if (!stop.aborted && !(thrown instanceof ApiError && thrown.code === "offline")) ended.reject(thrown);
    });
  };
  const silence = service.listen(hear);
  const timer = setInterval(ask, service.askEveryMs);
  const abandon = (): void => ended.reject(new Abandoned());
  stop.addEventListener("abort", abandon);
  try {
    return await ended.promise;
  } finally {
    silence();
    clearInterval(timer);
    stop.removeEventListener("abort", abandon);
  }
}

/** The entry for a sample in what the judge said; it calls samples by their path in the package. */
function testOf(result: CustomRunResult, sample: Sample): CustomRunTest | null {
  return result.tests.find(({ test }) => test === sample.name || test === `sample/${sample.name}`) ?? null;
}

/** Runs on a judge, for what no browser can run. A judge runs all samples at once, even when one was asked for. */
export function createJudgeRuns(problem: ProblemView, service: RunService): Runs {
  const state = openRunState(
    (thrown) =>
      thrown instanceof ApiError
        ? { type: "refused", error: thrown }
        : { type: "said", text: thrown instanceof Error ? thrown.message : String(thrown) },
    // The judge ends it by itself; nobody waits for it any more.
    () => undefined,
  );
  const { phase, samples, attempt } = state;

  /** What the judge found; null when the program does not compile. */
  const ask = async (
    language: LanguageId,
    source: Source,
    input: string | null,
    stop: AbortSignal,
  ): Promise<CustomRunResult | null> => {
    const form: CustomRun = { problem: problem.slug, language, ...source, input };
    if (problem.contest) form.contest = problem.contest.slug;
    const started = await service.start(form);
    if (stop.aborted) throw new Abandoned();
    const show = ({ state: at }: CustomRunView): void => {
      phase.value = { type: at === "running" ? "running" : "queued" };
    };
    show(started);
    const ended = await follow(service, started, show, stop);
    if (stop.aborted) throw new Abandoned();
    if (ended.result === null) throw new Error(ended.failure);
    state.toolchain.value = ended.result.toolchain;
    if (ended.result.compiled) return ended.result;
    const { compileErrorOf } = await import("./outcomes.ts");
    if (stop.aborted) throw new Abandoned();
    state.compileError.value = compileErrorOf(ended.result.compileOutput);
    return null;
  };

  return {
    ...state,
    runSamples: (language, source) =>
      attempt(
        { type: "sending" },
        () => {
          samples.value = problem.samples.map(() => ({ state: "waiting" }));
        },
        async (stop) => {
          const result = await ask(language, source, null, stop);
          if (result === null) return;
          const { outcomeOf } = await import("./outcomes.ts");
          samples.value = problem.samples.map((sample) => {
            const test = testOf(result, sample);
            return test === null
              ? { state: "waiting" }
              : { state: "done", outcome: outcomeOf(test, sample.answer, problem) };
          });
        },
      ),
    runOwn: (language, source, tests) =>
      attempt(
        { type: "sending" },
        () => {
          for (const { id } of tests) state.put(id, { state: "waiting" });
        },
        async (stop) => {
          const { outcomeOf } = await import("./outcomes.ts");
          // A judge takes one run of an account at a time.
          for (const { id, input, expected } of tests) {
            const result = await ask(language, source, input, stop);
            const test = result?.tests[0];
            if (!test) return;
            state.put(id, { state: "done", outcome: outcomeOf(test, expected, problem) });
          }
        },
      ),
    close: () => state.stop(),
  };
}
