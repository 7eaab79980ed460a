import type { CustomRunTest } from "../protocol/custom-run.ts";
import type { ProblemView } from "../protocol/problem.ts";
import { browserLimits } from "../rules/browser-limits.ts";
import { compilerMessages } from "../rules/compiler-messages.ts";
import { checkOutput } from "../rules/output-check.ts";
import { runVerdict } from "../rules/run-verdict.ts";
import type { CompileError, RunLimits, RunResult } from "../wasm-runtimes/contract.ts";
import type { RunOutcome } from "./runs.ts";

/** What runs in the browser and on a judge mean for the reader; loaded with the first run. */

/** While a time limit is still being worked out, in a draft, programs get what most problems give. */
const UNKNOWN_LIMIT_MS = 2000;

/** The limits of a run in the browser, from those of the problem. */
export const limitsHere = (limits: ProblemView["limits"]): RunLimits =>
  browserLimits(limits.timeMs ?? UNKNOWN_LIMIT_MS, limits);

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * What a run's result means for a sample.
 * @param answer the expected output; null when there is none, or only the problem's own checker could compare it
 */
export function judgeRun(result: RunResult, answer: string | null, problem: ProblemView): RunOutcome {
  const check = answer === null ? null : checkOutput(result.stdout, encode(answer), problem.checkerOptions);
  const said = {
    output: new TextDecoder().decode(result.stdout),
    cutBytes: 0,
    errors: result.stderr,
    places: compilerMessages(result.stderr),
    exitCode: result.exitCode,
    signal: null,
    wallMs: result.wallMs,
    measured: null,
    here: { ended: result.ended, memoryBytes: result.memoryBytes },
    message: "",
  };
  if (result.ended === "crash") return { ...said, verdict: "crash", line: null };
  const verdict = runVerdict({
    exitCode: result.exitCode,
    signal: null,
    cpuMs: result.wallMs,
    wallMs: result.wallMs,
    cpuLimitMs: limitsHere(problem.limits).wallMs,
    timedOut: result.ended === "timeout",
    outOfMemory: result.ended === "memory",
    outputExceeded: result.ended === "output",
    check: check === null || check.accepted ? "accepted" : "rejected",
    validatorEndedFirst: false,
  });
  if (verdict === "AC" && check === null) return { ...said, verdict: "ran", line: null };
  return { ...said, verdict, line: check && !check.accepted && verdict === "WA" ? check.line : null };
}

/** What the judge's compiler said of a program, with its places. */
export const compileErrorOf = (text: string): CompileError => ({ text, messages: compilerMessages(text) });

/** What the judge said of one run, with the line that differs where the page can find it. */
export function outcomeOf(
  test: CustomRunTest,
  answer: string | null,
  problem: Pick<ProblemView, "checker" | "checkerOptions">,
): RunOutcome {
  const kept = encode(test.output);
  const cutBytes = Math.max(0, test.outputBytes - kept.length);
  // The judge compares samples; what the reader expects of an own input it does not know.
  const endedWell = test.verdict === null || test.verdict === "WA";
  const compare = endedWell && answer !== null && problem.checker === "default" && cutBytes === 0;
  const check = compare ? checkOutput(kept, encode(answer), problem.checkerOptions) : null;
  return {
    verdict: test.verdict ?? (check === null ? "ran" : check.accepted ? "AC" : "WA"),
    line: check && !check.accepted ? check.line : null,
    output: test.output,
    cutBytes,
    errors: test.stderr,
    places: compilerMessages(test.stderr),
    exitCode: test.exitCode,
    signal: test.signal,
    wallMs: test.wallMs,
    measured: { cpuMs: test.cpuMs, memoryKiB: test.memoryKiB },
    here: null,
    message: test.message,
  };
}
