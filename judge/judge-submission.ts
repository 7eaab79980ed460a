import type { Outcome, RunResult } from "../protocol/judge.ts";
import type { LanguageId } from "../protocol/language.ts";
import { isDecided, judgingPlan, type PlannedTest, scoreSubmission } from "../rules/submission-verdict.ts";
import { testScore } from "../rules/test-score.ts";
import { compile, type Compiled } from "./compile.ts";
import { JudgingFailure } from "./failure.ts";
import { judgeTest, type TestJudgement } from "./judge-test.ts";
import type { Problem } from "./problem.ts";
import { SandboxError } from "./sandbox.ts";
import { type Slot, toolchainName } from "./slot.ts";

export interface SubmissionToJudge {
  problem: Problem;
  language: LanguageId;
  source: string | Uint8Array;
}

/**
 * Compiles a submission and runs it on the tests, in order, until its verdict is decided.
 *
 * @param onProgress - told how many tests are done, before the first and after each
 * @returns a verdict; or a failure with a sentence for the jury, when the judge could not do its work
 */
export async function judgeSubmission(
  slot: Slot,
  submission: SubmissionToJudge,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Outcome> {
  try {
    return await judge(slot, submission, onProgress);
  } catch (error) {
    if (error instanceof JudgingFailure) return { type: "failure", message: error.message };
    if (error instanceof SandboxError)
      return { type: "failure", message: `the sandbox failed: ${error.message}` };
    console.error(error);
    const said = error instanceof Error ? error.message : String(error);
    return { type: "failure", message: `the judge failed: ${said}` };
  }
}

async function judge(
  slot: Slot,
  { problem, language, source }: SubmissionToJudge,
  onProgress: (done: number, total: number) => void,
): Promise<Outcome> {
  const toolchain = slot.toolchains.get(language);
  if (toolchain === undefined) throw new JudgingFailure(`this judge does not have the language ${language}`);
  const { limits } = problem.pkg;
  const text = typeof source === "string" ? source : new TextDecoder().decode(source);
  const entry = toolchain.language.entry(text);
  const compiled = await compile(slot, toolchain, entry, new Map([[entry.file, source]]), {
    cpuMs: limits.compilationTimeS * 1000,
    memoryMiB: limits.compilationMemoryMiB,
  });
  const common = { type: "verdict", toolchain: toolchainName(toolchain), level: slot.sandbox.level } as const;
  if (!compiled.ok)
    return { ...common, verdict: "CE", score: null, compileOutput: compiled.output, runs: [] };
  try {
    const runs = await runTests(slot, problem, compiled, onProgress);
    const { verdict, score } = scoreSubmission(problem.pkg, runs);
    return { ...common, verdict, score, compileOutput: compiled.output, runs };
  } finally {
    await slot.store.remove(compiled.folder);
  }
}

async function runTests(
  slot: Slot,
  problem: Problem,
  compiled: Compiled,
  onProgress: (done: number, total: number) => void,
): Promise<RunResult[]> {
  const plan = judgingPlan(problem.pkg);
  const runs: RunResult[] = [];
  for (const [done, step] of plan.entries()) {
    onProgress(done, plan.length);
    if (isDecided(problem.pkg, step, runs)) continue;
    runs.push(result(step, await judgeTest(slot, problem, compiled, step.test)));
  }
  onProgress(plan.length, plan.length);
  return runs;
}

/** @throws JudgingFailure when the validator gave points that it may not */
function result(
  { test, group }: PlannedTest,
  { verdict, ending, feedback, measurements }: TestJudgement,
): RunResult {
  const scored = testScore(group, verdict === "AC", {
    score: feedback.get("score.txt") ?? null,
    multiplier: feedback.get("score_multiplier.txt") ?? null,
  });
  if (scored.type === "judge error") throw new JudgingFailure(`${test.name}: ${scored.message}`);
  return {
    name: test.name,
    verdict,
    score: scored.score,
    cpuMs: Math.round(ending.cpuMs),
    wallMs: Math.round(ending.wallMs),
    memoryKiB: ending.memoryKiB,
    measurements,
  };
}
