import type { Evidence } from "../protocol/evidence.ts";
import type { Outcome, RunResult } from "../protocol/judge.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { SandboxLevel } from "../protocol/submission.ts";
import type { TestCase } from "../rules/package/package.ts";
import {
  isDecided,
  judgingPlan,
  type PlannedTest,
  scoreSubmission,
  summedGroups,
} from "../rules/submission-verdict.ts";
import { testScore } from "../rules/test-score.ts";
import { evidenceOf, type Leftover, leftoverOf } from "./evidence.ts";
import { JudgingFailure } from "./failure.ts";
import { judgeAnswer, judgeTest, type TestJudgement } from "./judge-test.ts";
import type { Problem } from "./problem.ts";
import { SandboxError } from "./sandbox.ts";
import { type Slot, toolchainName } from "./slot.ts";
import { prepareSubmission, type SubmittedSource } from "./submission.ts";

export type { SubmittedSource } from "./submission.ts";

export interface SubmissionToJudge {
  problem: Problem;
  language: LanguageId;
  source: SubmittedSource;
  /** The time limit where it is not the package's, else null. */
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

/** Why there is no outcome but a failure, in a sentence for the jury. What nobody foresaw goes to the log as well. */
export function whatFailed(error: unknown): string {
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
  const { types, limits } = problem.pkg;
  const asksForAnswers = types.includes("submit-answer");
  if (asksForAnswers !== (language === "answers"))
    throw new JudgingFailure(
      asksForAnswers ? "the problem asks for answers, not for a program" : "the problem asks for a program",
    );
  const { level } = slot.sandbox;
  if (asksForAnswers) {
    const judgeOne = (test: TestCase): Promise<TestJudgement> =>
      judgeAnswer(slot, problem, source.files, test);
    const judged = await runTests(problem, judgeOne, extent, onProgress);
    return verdictOf(problem, judged, { toolchain: "", level, compileOutput: "" });
  }
  const submission = await prepareSubmission(slot, problem, language, source);
  const compileOutput = submission.ok ? submission.compiled.output : submission.output;
  const common = { toolchain: toolchainName(submission.toolchain), level, compileOutput };
  if (!submission.ok) {
    const nothing = { score: null, groups: [], runs: [], evidence: null };
    return { outcome: { type: "verdict", verdict: "CE", ...common, ...nothing }, evidence: null };
  }
  try {
    const limitMs = timeMs ?? limits.timeMs;
    if (limitMs === null) throw new JudgingFailure("the time limit of the package is not known yet");
    const judgeOne = (test: TestCase): Promise<TestJudgement> =>
      judgeTest(slot, problem, submission, test, limitMs);
    return verdictOf(problem, await runTests(problem, judgeOne, extent, onProgress), common);
  } finally {
    await submission.release();
  }
}

/** A test's part of the outcome, and of the evidence. */
interface JudgedRun {
  run: RunResult;
  leftover: Leftover;
}

function verdictOf(
  { pkg }: Problem,
  judged: readonly JudgedRun[],
  common: { toolchain: string; level: SandboxLevel; compileOutput: string },
): SubmissionJudgement {
  const runs = judged.map(({ run }) => run);
  const { verdict, score, groups } = scoreSubmission(pkg, runs);
  return {
    outcome: {
      type: "verdict",
      verdict,
      score,
      groups: summedGroups(pkg, groups),
      ...common,
      runs,
      evidence: null,
    },
    evidence: evidenceOf(judged.map(({ leftover }) => leftover)),
  };
}

async function runTests(
  { pkg }: Problem,
  judgeOne: (test: TestCase) => Promise<TestJudgement>,
  extent: "deciding" | "all",
  onProgress: (done: number, total: number) => void,
): Promise<JudgedRun[]> {
  const plan = judgingPlan(pkg);
  const judged: JudgedRun[] = [];
  const runs: RunResult[] = [];
  for (const [done, step] of plan.entries()) {
    onProgress(done, plan.length);
    if (extent === "deciding" && isDecided(pkg, step, runs)) continue;
    const judgement = await judgeOne(step.test);
    const run = result(step, judgement);
    runs.push(run);
    judged.push({ run, leftover: leftoverOf(step.test.name, judgement) });
  }
  onProgress(plan.length, plan.length);
  return judged;
}

/** @throws JudgingFailure when the validator gave points that it may not */
function result({ test, group }: PlannedTest, judgement: TestJudgement): RunResult {
  const { verdict, ending, outputBytes, feedback, measurements } = judgement;
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
    outputBytes,
    message: bounded(lastLine(feedback.get("judgemessage.txt") ?? "")),
    teamMessage: bounded((feedback.get("teammessage.txt") ?? "").trim()),
    measurements,
  };
}

/** The longest message that the protocol takes. */
const MAX_MESSAGE = 1000;

/** A cut may go through a character of two halves, and files may hold anything. */
function bounded(text: string): string {
  return text.slice(0, MAX_MESSAGE).toWellFormed();
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
