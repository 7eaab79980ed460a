import type { Measurement } from "../protocol/judge.ts";
import { nextStep, type TimedRun } from "../rules/near-limit.ts";
import { checkOutput } from "../rules/output-check.ts";
import type { TestCase } from "../rules/package/package.ts";
import { type RunFacts, runVerdict } from "../rules/run-verdict.ts";
import { JudgingFailure } from "./failure.ts";
import { isOverloaded, type Watched } from "./host-load.ts";
import { readValidation, type Validation, validateOutput, validatorProgram } from "./output-validator.ts";
import type { Problem } from "./problem.ts";
import type { Dialogue, Ending, Program } from "./sandbox.ts";
import type { Slot } from "./slot.ts";
import type { Submission } from "./submission.ts";

/** What stays the same in all passes of a test, and however often each is run. */
export interface Task {
  slot: Slot;
  problem: Problem;
  submission: Submission;
  test: TestCase;
  /** The submission, without its input. */
  program: Program;
  /** What the verdict goes by; the program itself is stopped later. */
  cpuLimitMs: number;
  /** Makes a folder of the store that is gone with the test. */
  newFolder(): Promise<string>;
}

/** What a pass begins with: the test's own input, or what the validator left in the pass before. */
export interface PassStart {
  /** Path in the store; null where the validator says it in a dialogue. */
  input: string | null;
  /** The folder with the feedback of earlier passes; null in the first. */
  earlier: string | null;
}

/** One time that the program ran, and what was made of it. */
interface Attempt {
  ending: Ending;
  validation: Validation | null;
  /** Where the validator's files are; null when there was none. */
  feedbackFolder: string | null;
  dialogue: Dialogue | null;
  timed: TimedRun;
}

/** One pass judged: the run that counts, and every run when there was more than one. */
export interface Pass extends Attempt {
  measurements: Measurement[];
}

/**
 * Runs the program once beside the other slots; and again, alone, as long as its time is in doubt
 * (`rules/near-limit.ts`), each time in a fresh jail.
 *
 * @throws JudgingFailure or SandboxError when no verdict can be given
 */
export async function judgePass(task: Task, start: PassStart): Promise<Pass> {
  const attempts: Attempt[] = [];
  for (;;) {
    const alone = attempts.length > 0;
    const isDialogue = task.problem.pkg.checker === "interactive";
    attempts.push(await (isDialogue ? judgeDialogue(task, start, alone) : judgeOutput(task, start, alone)));
    const timed = attempts.map((each) => each.timed);
    const step = nextStep(timed, task.cpuLimitMs);
    if (step.type === "host overloaded")
      throw new JudgingFailure(
        `the host is overloaded: in ${attempts.length} runs on ${task.test.name}, the last ones alone, the program got less than half of its CPU time before the wall guard`,
      );
    const counts = step.type === "counts" ? attempts[step.index] : undefined;
    if (counts === undefined) continue;
    return { ...counts, measurements: attempts.length > 1 ? attempts.map(measurement) : [] };
  }
}

function measurement({ ending, timed }: Attempt, index: number): Measurement {
  const { cpuMs, wallMs, memoryKiB } = ending;
  return {
    verdict: timed.verdict,
    cpuMs: Math.round(cpuMs),
    wallMs: Math.round(wallMs),
    memoryKiB,
    alone: index > 0,
  };
}

/** Runs something on the floor, and finds out how far others kept the processors from it. */
function onFloor<T>({ floor, hostLoad }: Slot, alone: boolean, work: () => Promise<T>): Promise<Watched<T>> {
  const watched = (): Promise<Watched<T>> => hostLoad.watch(work);
  return alone ? floor.alone(watched) : floor.beside(watched);
}

async function judgeOutput(task: Task, start: PassStart, alone: boolean): Promise<Attempt> {
  const { slot } = task;
  const program = { ...task.program, input: start.input };
  const { result: ending, waited } = await onFloor(slot, alone, () => slot.sandbox.run(program));
  const host = hostFacts(task, ending, waited);
  const checked = endedWell(ending, task.cpuLimitMs) ? await check(task, start, ending.stdout) : null;
  return {
    ending,
    validation: checked?.validation ?? null,
    feedbackFolder: checked?.feedbackFolder ?? null,
    dialogue: null,
    timed: timed(task, ending, host, checked?.validation ?? null, false),
  };
}

/** What the checker or the validator says of an output. */
export async function check(
  task: Pick<Task, "slot" | "problem" | "test" | "newFolder">,
  { earlier }: Pick<PassStart, "earlier">,
  output: Uint8Array,
): Promise<{ validation: Validation; feedbackFolder: string | null }> {
  const { slot, problem, test } = task;
  if (problem.pkg.checker === "default")
    return { validation: compareWithAnswer(test, output), feedbackFolder: null };
  const collect = await task.newFolder();
  const file = `${await task.newFolder()}/output`;
  await slot.store.write(file, output);
  const validation = await validateOutput({ slot, problem, test, collect, earlier }, file);
  await slot.store.remove(file);
  return { validation, feedbackFolder: collect };
}

function compareWithAnswer(test: TestCase, output: Uint8Array): Validation {
  const result = checkOutput(output, test.answer, test.checkerOptions);
  return result.accepted
    ? { check: "accepted", feedback: new Map() }
    : { check: "rejected", feedback: new Map([["judgemessage.txt", result.reason]]) };
}

/** The submission and the validator, each in a jail of its own, talk to each other; the validator says how it went. */
async function judgeDialogue(task: Task, { earlier }: PassStart, alone: boolean): Promise<Attempt> {
  const { slot, problem, test, program } = task;
  const collect = await task.newFolder();
  const validator = { slot, problem, test, collect, earlier };
  const partner = await validatorProgram(validator, null, program.limits.wallMs);
  const { result, waited } = await onFloor(slot, alone, () => slot.sandbox.runPair(program, partner));
  const [ending, its] = result.endings;
  if (ending.notStarted !== null) throw new JudgingFailure(ending.notStarted);
  const host = hostFacts(task, ending, (ownCpuMs) => waited(ownCpuMs + its.cpuMs));
  const validation = await readValidation(validator, its);
  return {
    ending,
    validation,
    feedbackFolder: collect,
    dialogue: result.dialogue,
    timed: timed(task, ending, host, validation, result.first === 1),
  };
}

/** What stopped a program for time, and whether others may have been the reason that it took too long. */
function hostFacts(
  { program: { limits }, cpuLimitMs }: Task,
  ending: Ending,
  waited: (ownCpuMs: number) => number,
): Pick<TimedRun, "stopped" | "hostOverloaded"> {
  if (!ending.timedOut && ending.cpuMs <= cpuLimitMs) return { stopped: null, hostOverloaded: false };
  const byWall = ending.wallMs >= limits.wallMs && ending.cpuMs < limits.cpuMs;
  const stopped = !ending.timedOut ? null : byWall ? "wall" : "cpu";
  return { stopped, hostOverloaded: isOverloaded(waited(ending.cpuMs)) };
}

/** Whether there is an output to look at. */
function endedWell(ending: Ending, cpuLimitMs: number): boolean {
  return (
    ending.exitCode === 0 &&
    ending.cpuMs <= cpuLimitMs &&
    !(ending.timedOut || ending.outOfMemory || ending.outputExceeded)
  );
}

function timed(
  { cpuLimitMs, submission }: Task,
  ending: Ending,
  host: Pick<TimedRun, "stopped" | "hostOverloaded">,
  validation: Validation | null,
  validatorEndedFirst: boolean,
): TimedRun {
  if (ending.notStarted !== null) throw new JudgingFailure(ending.notStarted);
  const facts: RunFacts = {
    ...ending,
    outOfMemory: ending.outOfMemory || submission.compiled.toolchain.language.ranOutOfMemory(ending),
    cpuLimitMs,
    check: validation?.check ?? null,
    validatorEndedFirst,
  };
  return { verdict: runVerdict(facts), cpuMs: ending.cpuMs, ...host };
}
