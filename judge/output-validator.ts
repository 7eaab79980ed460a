import { readdir, readFile } from "node:fs/promises";
import type { TestCase } from "../rules/package/package.ts";
import type { Compiled } from "./compile.ts";
import { JudgingFailure } from "./failure.ts";
import { environment, programLimits } from "./limits.ts";
import type { Problem } from "./problem.ts";
import type { Ending, Program } from "./sandbox.ts";
import type { Slot } from "./slot.ts";

/** What an output validator says of a test. */
export interface Validation {
  check: "accepted" | "rejected";
  /** Its feedback files by name: `judgemessage.txt`, `score.txt`. */
  feedback: ReadonlyMap<string, string>;
}

/** Exit codes of an output validator (2025-09, "Output validator"); every other one means that it failed. */
const ACCEPTED = 42;
const REJECTED = 43;

/** Feedback is kept for people, not as a store of data. */
const MAX_FEEDBACK_BYTES = 64 * 1024;

/**
 * The package's validator as a program: `validator input answer feedback_dir args < output`. It sees the test's files
 * at /data and writes feedback into its own work folder.
 *
 * @param output - path in the store of what the submission wrote; null when the two are joined by pipes
 * @param wallMs - how long it may wait for the submission in a dialogue, beyond its own time
 */
export async function validatorProgram(
  slot: Slot,
  problem: Problem,
  compiled: Compiled,
  test: TestCase,
  output: string | null,
  wallMs = 0,
): Promise<Program & { collect: string }> {
  const { validationTimeS, validationMemoryMiB, validationOutputMiB } = problem.pkg.limits;
  const { language } = compiled.toolchain;
  const memoryMiB = validationMemoryMiB + language.allowance.memoryMiB;
  const limits = programLimits(validationTimeS * 1000, memoryMiB, validationOutputMiB);
  return {
    argv: [
      ...language.run(compiled.entry, validationMemoryMiB),
      "/data/input",
      "/data/answer",
      "/scratch/",
      ...test.validatorArgs,
    ],
    env: environment,
    input: output,
    collect: await slot.store.newFolder(),
    mounts: [
      { from: compiled.box, to: "/box" },
      { from: await problem.data(test), to: "/data" },
    ],
    limits: { ...limits, wallMs: limits.wallMs + wallMs },
  };
}

/** Runs the validator on what a submission wrote. */
export async function validateOutput(
  slot: Slot,
  problem: Problem,
  test: TestCase,
  output: Uint8Array,
): Promise<Validation> {
  const compiled = await problem.validator(slot);
  const folder = await slot.store.newFolder();
  const file = `${folder}/output`;
  await slot.store.write(file, output);
  const program = await validatorProgram(slot, problem, compiled, test, file);
  try {
    const ending = await slot.floor.beside(() => slot.sandbox.run(program));
    return await readValidation(slot, test, ending, program.collect);
  } finally {
    await slot.store.remove(folder);
    await slot.store.remove(program.collect);
  }
}

/** @throws JudgingFailure when the validator did not say accepted or rejected: that is no verdict on the submission */
export async function readValidation(
  slot: Slot,
  test: TestCase,
  ending: Ending,
  collected: string,
): Promise<Validation> {
  const check = ending.exitCode === ACCEPTED ? "accepted" : ending.exitCode === REJECTED ? "rejected" : null;
  if (
    check === null ||
    ending.notCollected !== null ||
    ending.timedOut ||
    ending.outOfMemory ||
    ending.outputExceeded
  )
    throw new JudgingFailure(`the output validator failed on ${test.name}: ${howItFailed(ending)}`);
  return { check, feedback: await readFeedback(slot.store.absolute(collected)) };
}

function howItFailed(ending: Ending): string {
  const said = new TextDecoder().decode(ending.stderr).trim().split("\n").slice(-1)[0] ?? "";
  const how =
    ending.notStarted ??
    ending.notCollected ??
    (ending.timedOut
      ? "it took too long"
      : ending.outOfMemory
        ? "it ran out of memory"
        : ending.outputExceeded
          ? "it wrote too much"
          : ending.signal === null
            ? `it ended with exit code ${ending.exitCode} (42 accepts, 43 rejects)`
            : `signal ${ending.signal} ended it`);
  return said === "" ? how : `${how}: ${said.slice(0, 500)}`;
}

async function readFeedback(folder: string): Promise<Map<string, string>> {
  const feedback = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".txt")) continue;
    const bytes = await readFile(`${folder}/${entry.name}`);
    feedback.set(entry.name, bytes.subarray(0, MAX_FEEDBACK_BYTES).toString("utf8"));
  }
  return feedback;
}
