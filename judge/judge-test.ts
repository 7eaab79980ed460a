import { checkOutput } from "../rules/output-check.ts";
import { nextStep, type TimedRun } from "../rules/near-limit.ts";
import { type RunFacts, runVerdict } from "../rules/run-verdict.ts";
import type { TestCase } from "../rules/package/package.ts";
import type { Measurement } from "../protocol/judge.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import type { Compiled } from "./compile.ts";
import { JudgingFailure } from "./failure.ts";
import { isOverloaded, type Watched } from "./host-load.ts";
import { environment, submissionLimits } from "./limits.ts";
import { readValidation, type Validation, validateOutput, validatorProgram } from "./output-validator.ts";
import type { Problem } from "./problem.ts";
import type { Ending, Program } from "./sandbox.ts";
import type { Slot } from "./slot.ts";

/** One test judged: its verdict, what the program used, and what the validator left for the jury. */
export interface TestJudgement {
  verdict: RunVerdict;
  ending: Ending;
  feedback: Validation["feedback"];
  /** Every time that the program ran, in order, when that was more than once; else empty. */
  measurements: Measurement[];
}

/** What stays the same however often a test is run. */
interface Task {
  slot: Slot;
  problem: Problem;
  submission: Compiled;
  test: TestCase;
  program: Program;
  /** What the verdict goes by; the program itself is stopped later. */
  cpuLimitMs: number;
}

/** One time that the program ran, and what was made of it. */
interface Attempt {
  ending: Ending;
  feedback: Validation["feedback"];
  timed: TimedRun;
}

/**
 * Runs a submission on one test, each time in a fresh jail that holds the program and nothing of the test but its input:
 * once beside the other slots; and again, alone, as long as its time is in doubt (`rules/near-limit.ts`).
 *
 * @param timeMs - the problem's time limit, to which the language's allowance is added
 * @throws JudgingFailure or SandboxError when no verdict can be given
 */
export async function judgeTest(
  slot: Slot,
  problem: Problem,
  submission: Compiled,
  test: TestCase,
  timeMs: number,
): Promise<TestJudgement> {
  const { cpuLimitMs, program } = await submissionProgram(problem, submission, test, timeMs);
  const task: Task = { slot, problem, submission, test, program, cpuLimitMs };
  const attempts: Attempt[] = [];
  for (;;) {
    attempts.push(await attempt(task, attempts.length > 0));
    const timed = attempts.map((each) => each.timed);
    const step = nextStep(timed, cpuLimitMs);
    if (step.type === "host overloaded")
      throw new JudgingFailure(
        `the host is overloaded: in ${attempts.length} runs on ${test.name}, the last ones alone, the program got less than half of its CPU time before the wall guard`,
      );
    const counts = step.type === "counts" ? attempts[step.index] : undefined;
    if (counts === undefined) continue;
    const { ending, feedback } = counts;
    const measurements = attempts.length > 1 ? attempts.map(measurement) : [];
    return { verdict: counts.timed.verdict, ending, feedback, measurements };
  }
}

async function submissionProgram(
  problem: Problem,
  submission: Compiled,
  test: TestCase,
  timeMs: number,
): Promise<{ cpuLimitMs: number; program: Program }> {
  const { limits, checker } = problem.pkg;
  const { language } = submission.toolchain;
  const cpuLimitMs = timeMs + language.allowance.cpuMs;
  const memoryMiB = limits.memoryMiB + language.allowance.memoryMiB;
  const program = {
    argv: language.run(submission.entry, limits.memoryMiB),
    env: environment,
    input: checker === "interactive" ? null : `${await problem.data(test)}/input`,
    collect: null,
    mounts: [{ from: submission.box, to: "/box" }],
    limits: submissionLimits(cpuLimitMs, memoryMiB, limits.outputMiB),
  };
  return { cpuLimitMs, program };
}

function attempt(task: Task, alone: boolean): Promise<Attempt> {
  return task.problem.pkg.checker === "interactive" ? judgeDialogue(task, alone) : judgeOutput(task, alone);
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

async function judgeOutput(task: Task, alone: boolean): Promise<Attempt> {
  const { slot, program } = task;
  const { result: ending, waited } = await onFloor(slot, alone, () => slot.sandbox.run(program));
  const host = hostFacts(task, ending, waited);
  const validation = endedWell(ending, task.cpuLimitMs) ? await check(task, ending.stdout) : null;
  return conclude(task, ending, host, validation, false);
}

async function check({ slot, problem, test }: Task, output: Uint8Array): Promise<Validation> {
  if (problem.pkg.checker === "custom") return validateOutput(slot, problem, test, output);
  const result = checkOutput(output, test.answer, test.checkerOptions);
  return result.accepted
    ? { check: "accepted", feedback: new Map() }
    : { check: "rejected", feedback: new Map([["judgemessage.txt", result.reason]]) };
}

/** The submission and the validator, each in a jail of its own, talk to each other; the validator says how it went. */
async function judgeDialogue(task: Task, alone: boolean): Promise<Attempt> {
  const { slot, problem, test, program } = task;
  const compiled = await problem.validator(slot);
  const partner = await validatorProgram(slot, problem, compiled, test, null, program.limits.wallMs);
  try {
    const { result, waited } = await onFloor(slot, alone, () => slot.sandbox.runPair(program, partner));
    const [ending, its] = result.endings;
    const host = hostFacts(task, ending, (ownCpuMs) => waited(ownCpuMs + its.cpuMs));
    const validation = await readValidation(slot, test, its, partner.collect);
    return conclude(task, ending, host, validation, result.first === 1);
  } finally {
    await slot.store.remove(partner.collect);
  }
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

function conclude(
  { cpuLimitMs, submission }: Task,
  ending: Ending,
  host: Pick<TimedRun, "stopped" | "hostOverloaded">,
  validation: Validation | null,
  validatorEndedFirst: boolean,
): Attempt {
  if (ending.notStarted !== null) throw new JudgingFailure(ending.notStarted);
  const facts: RunFacts = {
    ...ending,
    outOfMemory: ending.outOfMemory || submission.toolchain.language.ranOutOfMemory(ending),
    cpuLimitMs,
    check: validation?.check ?? null,
    validatorEndedFirst,
  };
  const timed: TimedRun = { verdict: runVerdict(facts), cpuMs: ending.cpuMs, ...host };
  return { ending, feedback: validation?.feedback ?? new Map(), timed };
}
