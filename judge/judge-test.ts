import { checkOutput } from "../rules/output-check.ts";
import { type RunFacts, runVerdict } from "../rules/run-verdict.ts";
import type { TestCase } from "../rules/package/package.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import type { Compiled } from "./compile.ts";
import { JudgingFailure } from "./failure.ts";
import { environment, programLimits } from "./limits.ts";
import { readValidation, type Validation, validateOutput, validatorProgram } from "./output-validator.ts";
import type { Problem } from "./problem.ts";
import type { Ending, Program } from "./sandbox.ts";
import type { Slot } from "./slot.ts";

/** One test judged: its verdict, what the program used, and what the validator left for the jury. */
export interface TestJudgement {
  verdict: RunVerdict;
  ending: Ending;
  feedback: Validation["feedback"];
}

/**
 * Runs a submission on one test, in a fresh jail that holds the program and nothing of the test but its input.
 *
 * @throws JudgingFailure or SandboxError when no verdict can be given
 */
export async function judgeTest(
  slot: Slot,
  problem: Problem,
  submission: Compiled,
  test: TestCase,
): Promise<TestJudgement> {
  const program = await submissionProgram(problem, submission, test);
  return problem.pkg.checker === "interactive"
    ? judgeDialogue(slot, problem, program, test)
    : judgeOutput(slot, problem, program, test);
}

async function submissionProgram(problem: Problem, submission: Compiled, test: TestCase): Promise<Program> {
  const { limits, checker } = problem.pkg;
  const { language } = submission.toolchain;
  const memoryMiB = limits.memoryMiB + language.allowance.memoryMiB;
  return {
    argv: language.run(submission.entry, limits.memoryMiB),
    env: environment,
    input: checker === "interactive" ? null : `${await problem.data(test)}/input`,
    collect: null,
    mounts: [{ from: submission.box, to: "/box" }],
    limits: programLimits(limits.timeMs + language.allowance.cpuMs, memoryMiB, limits.outputMiB),
  };
}

async function judgeOutput(
  slot: Slot,
  problem: Problem,
  program: Program,
  test: TestCase,
): Promise<TestJudgement> {
  const ending = await slot.sandbox.run(program);
  const validation = endedWell(ending, program) ? await check(slot, problem, test, ending.stdout) : null;
  return judgement(program, ending, validation, false);
}

async function check(slot: Slot, problem: Problem, test: TestCase, output: Uint8Array): Promise<Validation> {
  if (problem.pkg.checker === "custom") return validateOutput(slot, problem, test, output);
  const result = checkOutput(output, test.answer, test.checkerOptions);
  return result.accepted
    ? { check: "accepted", feedback: new Map() }
    : { check: "rejected", feedback: new Map([["judgemessage.txt", result.reason]]) };
}

/** The submission and the validator, each in a jail of its own, talk to each other; the validator says how it went. */
async function judgeDialogue(
  slot: Slot,
  problem: Problem,
  program: Program,
  test: TestCase,
): Promise<TestJudgement> {
  const compiled = await problem.validator(slot);
  const partner = await validatorProgram(slot, problem, compiled, test, null, program.limits.wallMs);
  try {
    const { first, endings } = await slot.sandbox.runPair(program, partner);
    const [ending, its] = endings;
    const validation = await readValidation(slot, test, its, partner.collect);
    return judgement(program, ending, validation, first === 1);
  } finally {
    await slot.store.remove(partner.collect);
  }
}

/** Whether there is an output to look at. */
function endedWell(ending: Ending, program: Program): boolean {
  return (
    ending.exitCode === 0 &&
    ending.cpuMs <= program.limits.cpuMs &&
    !(ending.timedOut || ending.outOfMemory || ending.outputExceeded)
  );
}

function judgement(
  program: Program,
  ending: Ending,
  validation: Validation | null,
  validatorEndedFirst: boolean,
): TestJudgement {
  if (ending.notStarted !== null) throw new JudgingFailure(ending.notStarted);
  const facts: RunFacts = {
    ...ending,
    cpuLimitMs: program.limits.cpuMs,
    check: validation?.check ?? null,
    validatorEndedFirst,
  };
  return { verdict: runVerdict(facts), ending, feedback: validation?.feedback ?? new Map() };
}
