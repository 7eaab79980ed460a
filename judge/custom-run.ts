import type { CustomRunResult, CustomRunTest } from "../protocol/custom-run.ts";
import type { LanguageId } from "../protocol/language.ts";
import { runVerdict } from "../rules/run-verdict.ts";
import { JudgingFailure } from "./failure.ts";
import { judgeTest } from "./judge-test.ts";
import { environment, submissionLimits } from "./limits.ts";
import type { Problem } from "./problem.ts";
import type { Ending, Program } from "./sandbox.ts";
import { type Slot, toolchainName } from "./slot.ts";
import { prepareSubmission, type Submission, type SubmittedSource } from "./submission.ts";

export interface CustomRunToDo {
  problem: Problem;
  language: LanguageId;
  source: SubmittedSource;
  /** The time limit where it is not the package's, else null. */
  timeMs: number | null;
  /** What the program reads; null for the samples. */
  input: string | null;
}

/** Of each output so much is shown … */
const MAX_OUTPUT_BYTES = 64 * 1024;

/** … and of all outputs together so much, since they travel in one message. */
const MAX_TOTAL_BYTES = 512 * 1024;

/** As much of a message as a verdict has of it. */
const MAX_MESSAGE_CHARACTERS = 1000;

/**
 * Runs a program for its author: on the samples, judged as a submission would be; or on input of the author's own, where
 * nothing is right or wrong. Of the package it uses the samples and the limits, never the secret tests.
 *
 * @throws JudgingFailure or SandboxError when the judge cannot do that
 */
export async function runCustom(
  slot: Slot,
  { problem, language, source, timeMs, input }: CustomRunToDo,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<CustomRunResult> {
  const limitMs = timeMs ?? problem.pkg.limits.timeMs;
  if (limitMs === null) throw new JudgingFailure("the time limit of the package is not known yet");
  if (language === "answers") throw new JudgingFailure("there is nothing to run in a submission of answers");
  const submission = await prepareSubmission(slot, problem, language, source);
  if (!submission.ok) {
    const { toolchain, output } = submission;
    return { compiled: false, compileOutput: output, toolchain: toolchainName(toolchain), tests: [] };
  }
  const { compiled, release } = submission;
  try {
    const tests =
      input === null
        ? await runOnSamples(slot, problem, submission, limitMs, onProgress)
        : [await runOnInput(slot, problem, submission, limitMs, input)];
    const toolchain = toolchainName(compiled.toolchain);
    return { compiled: true, compileOutput: compiled.output, toolchain, tests };
  } finally {
    await release();
  }
}

async function runOnSamples(
  slot: Slot,
  problem: Problem,
  submission: Submission,
  limitMs: number,
  onProgress: (done: number, total: number) => void,
): Promise<CustomRunTest[]> {
  const { samples } = problem.pkg;
  const shownBytes = Math.min(MAX_OUTPUT_BYTES, Math.floor(MAX_TOTAL_BYTES / samples.length));
  const tests: CustomRunTest[] = [];
  for (const sample of samples) {
    onProgress(tests.length, samples.length);
    const judged = await judgeTest(slot, problem, submission, sample, limitMs);
    const { verdict, ending, outputBytes, feedback } = judged;
    const message = (feedback.get("judgemessage.txt") ?? "").slice(0, MAX_MESSAGE_CHARACTERS);
    tests.push({ test: sample.name, verdict, ...told(ending, shownBytes), outputBytes, message });
  }
  return tests;
}

async function runOnInput(
  slot: Slot,
  { pkg: { limits } }: Problem,
  { compiled, files }: Submission,
  limitMs: number,
  input: string,
): Promise<CustomRunTest> {
  const { store, sandbox, floor } = slot;
  const { language } = compiled.toolchain;
  const cpuLimitMs = limitMs + language.allowance.cpuMs;
  const memoryMiB = limits.memoryMiB + language.allowance.memoryMiB;
  const folder = await store.newFolder();
  try {
    await store.write(`${folder}/input`, input);
    const program: Program = {
      argv: language.run(compiled.entry, limits.memoryMiB, []),
      env: environment,
      input: `${folder}/input`,
      ...(files !== null && { files: files.folder }),
      collect: null,
      mounts: [{ from: compiled.box, to: "/box" }],
      limits: submissionLimits(cpuLimitMs, memoryMiB, limits.outputMiB),
    };
    const ending = await floor.beside(() => sandbox.run(program));
    if (ending.notStarted !== null) throw new JudgingFailure(ending.notStarted);
    const verdict = runVerdict({
      ...ending,
      outOfMemory: ending.outOfMemory || language.ranOutOfMemory(ending),
      cpuLimitMs,
      check: "accepted",
      validatorEndedFirst: false,
    });
    const outputBytes = ending.stdout.length;
    return {
      test: null,
      verdict: verdict === "AC" ? null : verdict,
      ...told(ending, MAX_OUTPUT_BYTES),
      outputBytes,
      message: "",
    };
  } finally {
    await store.remove(folder);
  }
}

/** How a program ended, as its author is told. */
function told(
  ending: Ending,
  shownBytes: number,
): Omit<CustomRunTest, "test" | "verdict" | "outputBytes" | "message"> {
  const { exitCode, signal, cpuMs, wallMs, memoryKiB, stdout, stderr } = ending;
  return {
    exitCode,
    signal,
    cpuMs: Math.round(cpuMs),
    wallMs: Math.round(wallMs),
    memoryKiB,
    output: textOf(stdout.subarray(0, shownBytes)),
    stderr: textOf(stderr),
  };
}

/** As a text; of a letter that a cut went through, nothing. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes, { stream: true });
}
