import type { CustomRunResult, CustomRunTest } from "../protocol/custom-run.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { TestCase } from "../rules/package/package.ts";
import { runVerdict } from "../rules/run-verdict.ts";
import { compile, type Compiled } from "./compile.ts";
import { JudgingFailure } from "./failure.ts";
import type { SubmittedSource } from "./judge-submission.ts";
import { judgeTest } from "./judge-test.ts";
import { environment, submissionLimits } from "./limits.ts";
import type { Problem } from "./problem.ts";
import type { Ending } from "./sandbox.ts";
import { type Slot, toolchainName } from "./slot.ts";

export interface CustomRunToDo {
  problem: Problem;
  language: LanguageId;
  source: SubmittedSource;
  /** The time limit where the package leaves it to be inferred, else null. */
  timeMs: number | null;
  /** What the program reads; null for the samples. */
  input: string | null;
}

/** Of each output so much is shown … */
const MAX_OUTPUT_BYTES = 64 * 1024;

/** … and of all outputs together so much, since they travel in one message. */
const MAX_TOTAL_BYTES = 512 * 1024;

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
  const toolchain = slot.toolchains.get(language);
  if (toolchain === undefined) throw new JudgingFailure(`this judge does not have the language ${language}`);
  const { limits, samples } = problem.pkg;
  const limitMs = timeMs ?? limits.timeMs;
  if (limitMs === null) throw new JudgingFailure("the time limit of the package is not known yet");
  const [first = ""] = source.files.values();
  const text = typeof first === "string" ? first : new TextDecoder().decode(first);
  const entry = toolchain.language.entry(text);
  const compiled = await compile(slot, toolchain, entry, new Map([[entry.file, first]]), {
    cpuMs: limits.compilationTimeS * 1000,
    memoryMiB: limits.compilationMemoryMiB,
  });
  const common = {
    compiled: compiled.ok,
    compileOutput: compiled.output,
    toolchain: toolchainName(toolchain),
  };
  if (!compiled.ok) return { ...common, tests: [] };
  try {
    if (input !== null)
      return { ...common, tests: [await runOnInput(slot, problem, compiled, limitMs, input)] };
    const tests: CustomRunTest[] = [];
    const outputBytes = Math.min(MAX_OUTPUT_BYTES, Math.floor(MAX_TOTAL_BYTES / samples.length));
    for (const sample of samples) {
      onProgress(tests.length, samples.length);
      tests.push(await runOnSample(slot, problem, compiled, limitMs, sample, outputBytes));
    }
    return { ...common, tests };
  } finally {
    await slot.store.remove(compiled.folder);
  }
}

async function runOnSample(
  slot: Slot,
  problem: Problem,
  compiled: Compiled,
  limitMs: number,
  sample: TestCase,
  outputBytes: number,
): Promise<CustomRunTest> {
  const { verdict, ending, feedback } = await judgeTest(slot, problem, compiled, sample, limitMs);
  const message = feedback.get("judgemessage.txt") ?? "";
  return { test: sample.name, verdict, ...told(ending, outputBytes), message };
}

async function runOnInput(
  slot: Slot,
  { pkg: { limits } }: Problem,
  compiled: Compiled,
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
    const ending = await floor.beside(() =>
      sandbox.run({
        argv: language.run(compiled.entry, limits.memoryMiB),
        env: environment,
        input: `${folder}/input`,
        collect: null,
        mounts: [{ from: compiled.box, to: "/box" }],
        limits: submissionLimits(cpuLimitMs, memoryMiB, limits.outputMiB),
      }),
    );
    if (ending.notStarted !== null) throw new JudgingFailure(ending.notStarted);
    const verdict = runVerdict({
      ...ending,
      outOfMemory: ending.outOfMemory || language.ranOutOfMemory(ending),
      cpuLimitMs,
      check: "accepted",
      validatorEndedFirst: false,
    });
    return {
      test: null,
      verdict: verdict === "AC" ? null : verdict,
      ...told(ending, MAX_OUTPUT_BYTES),
      message: "",
    };
  } finally {
    await store.remove(folder);
  }
}

/** How a program ended, as its author is told. */
function told(ending: Ending, maxBytes: number): Omit<CustomRunTest, "test" | "verdict" | "message"> {
  const { exitCode, signal, cpuMs, wallMs, memoryKiB, stdout, stderr } = ending;
  return {
    exitCode,
    signal,
    cpuMs: Math.round(cpuMs),
    wallMs: Math.round(wallMs),
    memoryKiB,
    output: textOf(stdout.subarray(0, maxBytes)),
    outputBytes: stdout.length,
    stderr: textOf(stderr),
  };
}

/** As a text; of a letter that a cut went through, nothing. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes, { stream: true });
}
