import type { Guarantee } from "../../protocol/judge-check.ts";
import type { LanguageId } from "../../protocol/language.ts";
import type { SandboxLevel } from "../../protocol/submission.ts";
import type { Verdict } from "../../protocol/verdict.ts";

/** Why a level is not asked for a guarantee at all: a sentence for people. */
export interface NotGiven {
  notGiven: string;
}

/**
 * A program that tries to break a guarantee of the sandbox, judged as any submission is. A probe prints `contained`,
 * the expected answer, when every attempt was refused; what must be stopped is known by the verdict.
 */
export interface HostileProgram {
  /** Says what holds when its verdict is as expected: `a-fork-bomb-is-stopped`. */
  name: string;
  /** Its file in this folder. */
  source: string;
  language: LanguageId;
  guarantee: Guarantee;
  /** Whether it is one of the third that runs at every start of a judge. */
  quick: boolean;
  /** Any of these is as expected. */
  expected: readonly Verdict[];
  /** What other levels are expected to do, where that differs. At `process`, what is not named here is never run. */
  at?: Partial<Record<SandboxLevel, readonly Verdict[] | NotGiven>>;
  /** Instead of a line that tells what the judge has put on the host to be looked for. */
  input?: string;
  /** Instead of `contained`. */
  answer?: string | Uint8Array<ArrayBuffer>;
  /** Instead of the small limits that all have. */
  limits?: Partial<HostileLimits>;
  /** Judged twice, on two tests each: what one run leaves the next must not find. */
  repeated?: boolean;
}

export interface HostileLimits {
  timeS: number;
  memoryMiB: number;
  outputMiB: number;
  compilationTimeS: number;
  compilationMemoryMiB: number;
}

/** Small and short, so that what never ends is soon stopped. */
export const smallLimits: HostileLimits = {
  timeS: 0.4,
  memoryMiB: 64,
  outputMiB: 1,
  compilationTimeS: 10,
  compilationMemoryMiB: 512,
};

/** What a program must get at a level, or why it is not run there. */
export function expectationAt(program: HostileProgram, level: SandboxLevel): readonly Verdict[] | NotGiven {
  const special = program.at?.[level];
  if (special !== undefined) return special;
  if (level === "process")
    return { notGiven: "nothing isolates at this level: such a program would reach the machine itself" };
  return program.expected;
}
