import type { Evidence } from "../protocol/evidence.ts";
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

/** What a contestant handed in. */
export interface SubmittedSource {
  /** By their names: one, or several. */
  files: ReadonlyMap<string, Uint8Array | string>;
  /** Which of several files (in Java: which class) starts the program; null where the language has a rule for it. */
  entryPoint: string | null;
}

export interface SubmissionToJudge {
  problem: Problem;
  language: LanguageId;
  source: SubmittedSource;
  /** The time limit where the package leaves it to be inferred, else null. */
  timeMs: number | null;
  /** Whether every test is run, or only those that can still change the outcome. */
  extent: "deciding" | "all";
}

/** What came of it, and what it left behind; its hash is not in the outcome yet, since it is not stored yet. */
export interface SubmissionJudgement {
  outcome: Extract<Outcome, { type: "verdict" | "failure" }>;
  evidence: Evidence | null;
}

/**
 * Compiles a submission and runs it on the tests, in order.
 *
 * @param onProgress - told how many tests are done, before the first and after each
 * @returns a verdict; or a failure with a sentence for the jury, when the judge could not do its work
 */
export async function judgeSubmission(
  slot: Slot,
  submission: SubmissionToJudge,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<SubmissionJudgement> {
  try {
    return await judge(slot, submission, onProgress);
  } catch (error) {
    return { outcome: { type: "failure", message: whatFailed(error) }, evidence: null };
  }
}

function whatFailed(error: unknown): string {
  if (error instanceof JudgingFailure) return error.message;
  if (error instanceof SandboxError) return `the sandbox failed: ${error.message}`;
  console.error(error);
  return `the judge failed: ${error instanceof Error ? error.message : String(error)}`;
}

async function judge(
  slot: Slot,
  { problem, language, source, timeMs, extent }: SubmissionToJudge,
  onProgress: (done: number, total: number) => void,
): Promise<SubmissionJudgement> {
  const toolchain = slot.toolchains.get(language);
  if (toolchain === undefined) throw new JudgingFailure(`this judge does not have the language ${language}`);
  const { limits } = problem.pkg;
  const [first = ""] = source.files.values();
  const text = typeof first === "string" ? first : new TextDecoder().decode(first);
  const entry = toolchain.language.entry(text);
  const compiled = await compile(slot, toolchain, entry, new Map([[entry.file, first]]), {
    cpuMs: limits.compilationTimeS * 1000,
    memoryMiB: limits.compilationMemoryMiB,
  });
  const common = {
    type: "verdict",
    toolchain: toolchainName(toolchain),
    level: slot.sandbox.level,
    compileOutput: compiled.output,
    evidence: null,
  } as const;
  if (!compiled.ok) return { outcome: { ...common, verdict: "CE", score: null, runs: [] }, evidence: null };
  const runLimit = timeMs ?? limits.timeMs;
  if (runLimit === null) throw new JudgingFailure("the package has no time limit");
  try {
    const runs = await runTests(slot, problem, compiled, runLimit, extent, onProgress);
    const { verdict, score } = scoreSubmission(problem.pkg, runs);
    return { outcome: { ...common, verdict, score, runs }, evidence: null };
  } finally {
    await slot.store.remove(compiled.folder);
  }
}

async function runTests(
  slot: Slot,
  problem: Problem,
  compiled: Compiled,
  timeMs: number,
  extent: "deciding" | "all",
  onProgress: (done: number, total: number) => void,
): Promise<RunResult[]> {
  const plan = judgingPlan(problem.pkg);
  const runs: RunResult[] = [];
  for (const [done, step] of plan.entries()) {
    onProgress(done, plan.length);
    if (extent === "deciding" && isDecided(problem.pkg, step, runs)) continue;
    runs.push(result(step, await judgeTest(slot, problem, compiled, step.test, timeMs)));
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
    outputBytes: ending.stdout.length,
    message: "",
    teamMessage: "",
    measurements,
  };
}
