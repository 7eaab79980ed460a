import type { Measurement } from "../protocol/judge.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import type { TestCase } from "../rules/package/package.ts";
import { environment, submissionLimits } from "./limits.ts";
import { judgePasses } from "./multi-pass.ts";
import { check, type Pass, type Task } from "./pass.ts";
import type { Problem } from "./problem.ts";
import type { Ending, Limits, Program } from "./sandbox.ts";
import type { Slot } from "./slot.ts";
import type { Submission } from "./submission.ts";
import { submittedAnswer } from "./submitted-answer.ts";
import { transcriptOf } from "./transcript.ts";

/** One test judged: its verdict, what the program used, and what the validator left for the jury. */
export interface TestJudgement {
  verdict: RunVerdict;
  /** Of the last pass, with the most that any pass used. */
  ending: Ending;
  /** What it wrote in all passes. */
  outputBytes: number;
  /** The validator's texts by name: `judgemessage.txt`. The default checker leaves one of that name. */
  feedback: ReadonlyMap<string, string>;
  /** What was said in a dialogue, as `transcriptOf` writes it; null where there was none. */
  transcript: string | null;
  /** Every time that the program ran in a pass where that was more than once, in order; else empty. */
  measurements: Measurement[];
}

/**
 * Runs a submission on one test, each time in a fresh jail that holds the program and nothing of the test but its input
 * and its files.
 *
 * @param timeMs - the problem's time limit, to which the language's allowance is added
 * @throws JudgingFailure or SandboxError when no verdict can be given
 */
export async function judgeTest(
  slot: Slot,
  problem: Problem,
  submission: Submission,
  test: TestCase,
  timeMs: number,
): Promise<TestJudgement> {
  const scratch = openScratch(slot);
  try {
    const { newFolder } = scratch;
    const { cpuLimitMs, program } = await submissionProgram(
      slot,
      problem,
      submission,
      test,
      timeMs,
      newFolder,
    );
    const task: Task = { slot, problem, submission, test, program, cpuLimitMs, newFolder };
    const input = problem.pkg.checker === "interactive" ? null : `${await problem.data(test)}/input`;
    return judgementOf(await judgePasses(task, input));
  } finally {
    await scratch.close();
  }
}

/** Folders that are gone with a test. */
function openScratch({ store }: Slot): { newFolder(): Promise<string>; close(): Promise<void> } {
  const folders: string[] = [];
  return {
    newFolder: async () => {
      const folder = await store.newFolder();
      folders.push(folder);
      return folder;
    },
    close: async () => {
      await Promise.all(folders.map((folder) => store.remove(folder)));
    },
  };
}

async function submissionProgram(
  slot: Slot,
  problem: Problem,
  { compiled, files }: Submission,
  test: TestCase,
  timeMs: number,
  newFolder: () => Promise<string>,
): Promise<{ cpuLimitMs: number; program: Program }> {
  const { limits } = problem.pkg;
  const { language } = compiled.toolchain;
  const cpuLimitMs = timeMs + language.allowance.cpuMs;
  const memoryMiB = limits.memoryMiB + language.allowance.memoryMiB;
  const own = submissionLimits(cpuLimitMs, memoryMiB, limits.outputMiB);
  const workFiles = await filesFor(slot, files, test, newFolder);
  const program = {
    argv: language.run(compiled.entry, limits.memoryMiB, test.args),
    env: environment,
    input: null,
    ...(workFiles === null ? {} : { files: workFiles }),
    collect: null,
    mounts: [{ from: compiled.box, to: "/box" }],
    limits: withRoomFor(own, test),
  };
  return { cpuLimitMs, program };
}

/**
 * The folder of what a program finds where it runs: the submitted files, and the test's over them. They are its own
 * copies, gone with the run, and it may write there whether or not the package says so (2025-09, "Allow file writing"):
 * run-times need such a folder, and nothing written there reaches another test.
 */
async function filesFor(
  { store }: Slot,
  submitted: Submission["files"],
  test: TestCase,
  newFolder: () => Promise<string>,
): Promise<string | null> {
  if (test.files.size === 0) return submitted?.folder ?? null;
  const folder = await newFolder();
  for (const [name, content] of [...(submitted?.contents ?? []), ...test.files])
    await store.write(`${folder}/${name}`, content);
  return folder;
}

/** The test's files may be as large as tests are. */
function withRoomFor(limits: Limits, { files }: TestCase): Limits {
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  // A file takes whole pages, and its folders take their places.
  const pages = files.size * 4096;
  return {
    ...limits,
    workBytes: limits.workBytes + bytes + pages,
    workInodes: limits.workInodes + 2 * files.size,
  };
}

function judgementOf(passes: readonly [Pass, ...Pass[]]): TestJudgement {
  const last = passes.at(-1) ?? passes[0];
  const most = (of: (ending: Ending) => number): number =>
    Math.max(...passes.map(({ ending }) => of(ending)));
  const dialogues = passes.flatMap(({ dialogue }) => dialogue ?? []);
  return {
    verdict: last.timed.verdict,
    ending: {
      ...last.ending,
      cpuMs: most(({ cpuMs }) => cpuMs),
      wallMs: most(({ wallMs }) => wallMs),
      memoryKiB: most(({ memoryKiB }) => memoryKiB),
    },
    outputBytes: passes.reduce(
      (sum, { ending, dialogue }) => sum + (dialogue?.bytes[0] ?? ending.stdout.length),
      0,
    ),
    feedback: last.validation?.feedback ?? new Map(),
    transcript: dialogues.length > 0 ? transcriptOf(dialogues) : null,
    measurements: passes.flatMap(({ measurements }) => measurements),
  };
}

/** What is said of a program that was none: it used nothing. */
const nothingRan: Ending = {
  exitCode: 0,
  signal: null,
  timedOut: false,
  outputExceeded: false,
  outOfMemory: false,
  cpuMs: 0,
  wallMs: 0,
  memoryKiB: 0,
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  stderrCut: false,
  notStarted: null,
  notCollected: null,
};

/**
 * Checks what was submitted as a test's output; nothing runs but the validator, if there is one.
 *
 * @param files - the submitted files by name
 * @throws JudgingFailure or SandboxError when no verdict can be given
 */
export async function judgeAnswer(
  slot: Slot,
  problem: Problem,
  files: ReadonlyMap<string, Uint8Array | string>,
  test: TestCase,
): Promise<TestJudgement> {
  const answer = submittedAnswer(problem.pkg, test, files);
  const common = { transcript: null, measurements: [] };
  if (!answer.found) {
    const feedback = new Map([["judgemessage.txt", answer.message]]);
    return { ...common, verdict: "WA", ending: nothingRan, outputBytes: 0, feedback };
  }
  const scratch = openScratch(slot);
  try {
    const { newFolder } = scratch;
    const { validation } = await check({ slot, problem, test, newFolder }, { earlier: null }, answer.output);
    return {
      ...common,
      verdict: validation.check === "accepted" ? "AC" : "WA",
      ending: { ...nothingRan, stdout: answer.output },
      outputBytes: answer.output.length,
      feedback: validation.feedback,
    };
  } finally {
    await scratch.close();
  }
}
