import { lstat, open, readdir } from "node:fs/promises";
import * as v from "valibot";
import { FileName } from "../protocol/source.ts";
import type { Package, TestCase } from "../rules/package/package.ts";
import { JudgingFailure } from "./failure.ts";
import { environment, MIB, programLimits } from "./limits.ts";
import type { Problem } from "./problem.ts";
import type { Ending, Program } from "./sandbox.ts";
import type { Slot } from "./slot.ts";
import type { Store } from "./store.ts";
import { readTestlib, type Said, testlibWords } from "./testlib.ts";

/** What an output validator says of a test. */
export interface Validation {
  check: "accepted" | "rejected";
  /** Its feedback files by name: `judgemessage.txt`, `score.txt`. */
  feedback: ReadonlyMap<string, string>;
}

/** What a validator is to look at. */
export interface ValidatorTask {
  slot: Slot;
  problem: Problem;
  test: TestCase;
  /** An empty folder of the store, for its feedback. */
  collect: string;
  /** The folder with the feedback of earlier passes; null in the first. */
  earlier: string | null;
}

/** Feedback is kept for people, not as a store of data. */
const MAX_FEEDBACK_BYTES = 64 * 1024;
const MAX_FEEDBACK_FILES = 16;

/** Those that mean something (2025-09, "Reporting additional feedback"), kept before all others. */
const KNOWN_FILES = ["score.txt", "score_multiplier.txt", "judgemessage.txt", "teammessage.txt"] as const;

export const NEXT_PASS = "nextpass.in";

/**
 * The package's validator as a program. It sees the test's files at /data and writes feedback into its own work folder,
 * where it finds that of earlier passes.
 *
 * @param output - path in the store of what the submission wrote; null when the two are joined by pipes
 * @param wallMs - how long it may wait for the submission in a dialogue, beyond its own time
 */
export async function validatorProgram(
  { slot, problem, test, collect, earlier }: ValidatorTask,
  output: string | null,
  wallMs = 0,
): Promise<Program> {
  const { limits, validatorInterface } = problem.pkg;
  const compiled = await problem.validator(slot);
  const { language } = compiled.toolchain;
  const memoryMiB = limits.validationMemoryMiB + language.allowance.memoryMiB;
  const own = programLimits(limits.validationTimeS * 1000, memoryMiB, limits.validationOutputMiB);
  const words = validatorInterface === "testlib" ? testlibWords(test, output === null) : icpcWords(test);
  return {
    argv: language.run(compiled.entry, limits.validationMemoryMiB, words),
    env: environment,
    input: output,
    ...(earlier === null ? {} : { files: earlier }),
    collect,
    mounts: [
      { from: compiled.box, to: "/box" },
      { from: await problem.data(test), to: "/data" },
    ],
    limits: {
      ...own,
      wallMs: own.wallMs + wallMs,
      // The next pass's input is as much an output as what goes to the standard one.
      workBytes: Math.max(own.workBytes, 2 * limits.validationOutputMiB * MIB),
    },
  };
}

/** `validator input answer feedback_dir args < output` (2025-09, "Invocation"). */
function icpcWords(test: TestCase): string[] {
  return ["/data/input", "/data/answer", "/scratch/", ...test.validatorArgs];
}

/**
 * Runs the validator on what a submission wrote.
 *
 * @param output - path in the store
 */
export async function validateOutput(task: ValidatorTask, output: string): Promise<Validation> {
  const program = await validatorProgram(task, output);
  const { floor, sandbox } = task.slot;
  return readValidation(task, await floor.beside(() => sandbox.run(program)));
}

/** @throws JudgingFailure when the validator did not say accepted or rejected: that is no verdict on the submission */
export async function readValidation(
  { slot, problem: { pkg }, test, collect }: ValidatorTask,
  ending: Ending,
): Promise<Validation> {
  const said = whatStopped(ending) ?? whatItSaid(pkg, ending);
  if (said.check === null) throw fault(test, withLastWords(said.fault, ending));
  const folder = slot.store.absolute(collect);
  const feedback = new Map([...(await readFeedback(folder)), ...said.feedback]);
  if (
    pkg.types.includes("multi-pass") &&
    said.check === "rejected" &&
    (await hasNextPass(slot.store, collect))
  )
    throw fault(test, `it wrote ${NEXT_PASS} for another pass, and rejected`);
  return { check: said.check, feedback };
}

function fault(test: TestCase, what: string): JudgingFailure {
  return new JudgingFailure(`the output validator failed on ${test.name}: ${what}`);
}

/** Why a validator cannot have said what it wanted; null when it could. */
function whatStopped(ending: Ending): (Said & { check: null }) | null {
  const stopped =
    ending.notStarted ??
    (ending.timedOut
      ? "it took too long"
      : ending.outOfMemory
        ? "it ran out of memory"
        : ending.outputExceeded
          ? "it wrote too much"
          : ending.signal !== null
            ? `signal ${ending.signal} ended it`
            : ending.notCollected);
  return stopped === null ? null : { check: null, fault: stopped };
}

function whatItSaid(pkg: Package, ending: Ending): Said {
  return pkg.validatorInterface === "testlib"
    ? readTestlib(ending, pkg.types.includes("scoring"))
    : readIcpc(ending);
}

/** Exit codes of an output validator (2025-09, "Reporting a judgement"); every other one means that it failed. */
const exitCodes: Readonly<Record<number, Validation["check"]>> = { 42: "accepted", 43: "rejected" };

function readIcpc({ exitCode }: Ending): Said {
  const check = exitCode === null ? undefined : exitCodes[exitCode];
  return check === undefined
    ? { check: null, fault: `it ended with exit code ${exitCode} (42 accepts, 43 rejects)` }
    : { check, feedback: new Map() };
}

function withLastWords(how: string, ending: Ending): string {
  const said = new TextDecoder().decode(ending.stderr).trim().split("\n").at(-1) ?? "";
  return said === "" ? how : `${how}: ${said.slice(0, 500)}`;
}

/** Texts among the feedback files. Others (images, notes for another pass) are of no use to a reader. */
async function readFeedback(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const texts = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".txt"));
  // A name of bytes that are no text could not be opened again.
  const names = texts.map((entry) => entry.name).filter((name) => v.is(FileName, name));
  const known = KNOWN_FILES.filter((name) => names.includes(name));
  const others = names.filter((name) => !known.some((one) => one === name)).sort();
  const feedback = new Map<string, string>();
  for (const name of [...known, ...others].slice(0, MAX_FEEDBACK_FILES)) {
    feedback.set(name, new TextDecoder().decode(await startOf(`${folder}/${name}`, MAX_FEEDBACK_BYTES)));
  }
  return feedback;
}

async function startOf(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Whether a validator wrote the input of another pass. */
export async function hasNextPass(store: Store, collected: string): Promise<boolean> {
  const found = await lstat(store.absolute(`${collected}/${NEXT_PASS}`)).catch(() => null);
  return found?.isFile() ?? false;
}
