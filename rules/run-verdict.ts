import type { RunVerdict } from "../protocol/verdict.ts";

/** What the sandbox and the checker saw of one test. */
export interface RunFacts {
  /** Null when a signal ended the program. */
  exitCode: number | null;
  signal: number | null;
  cpuMs: number;
  wallMs: number;
  cpuLimitMs: number;
  /** The sandbox ended it for its CPU time or the wall guard. */
  timedOut: boolean;
  /** The kernel ended it for want of memory. */
  outOfMemory: boolean;
  /** It wrote more than the problem allows, and the sandbox cut it off. */
  outputExceeded: boolean;
  /** Null when there was nothing to check: the program did not end by itself. */
  check: "accepted" | "rejected" | null;
  /** In a dialogue: the validator ended while the submission still ran. */
  validatorEndedFirst: boolean;
}

/**
 * The verdict on one test, in DOMjudge's order (`determine_verdict`): what the program was stopped for comes before how
 * it ended, and that before what it wrote. Two remarks:
 *
 * - A validator that rejects while the program still runs has seen enough: WA, whatever becomes of the program then
 *   (it may well hang or crash for want of its partner).
 * - Running out of memory and writing too much come before RTE, since the sandbox ends such programs by a signal.
 *   Writing to standard error is never held against a program; a non-zero exit code always is.
 *
 * @throws when the program ended well and yet nothing was checked: the judge failed, and that is no verdict
 */
export function runVerdict(facts: RunFacts): RunVerdict {
  if (facts.validatorEndedFirst && facts.check === "rejected") return "WA";
  if (facts.timedOut || facts.cpuMs > facts.cpuLimitMs) return "TLE";
  if (facts.outOfMemory) return "MLE";
  if (facts.outputExceeded) return "OLE";
  if (facts.exitCode !== 0 || facts.signal !== null) return "RTE";
  switch (facts.check) {
    case "accepted":
      return "AC";
    case "rejected":
      return "WA";
    case null:
      throw new Error("A program ended by itself, but its output was not checked.");
    default:
      return facts.check satisfies never;
  }
}
