import type { JurySubmission } from "../../rules/package/package.ts";
import type { RunVerdict, Verdict } from "../../protocol/verdict.ts";

/** What runs the submissions: the judge in its sandbox, or the browser with what practice in it runs them with. */
export type Engine = "judge" | "browser";

/** One test, as one engine ran it. */
export interface JudgedRun {
  name: string;
  verdict: RunVerdict;
  score: number | null;
  /** Null where the engine has no clock for it. */
  cpuMs: number | null;
  wallMs: number;
  /** Null where the engine does not tell. */
  memoryKiB: number | null;
  /** The judge message, or its last line. */
  message: string;
  /** What else explains the verdict. */
  note?: string;
}

/** A jury submission, as one engine judged it. */
export interface Judged {
  engine: Engine;
  submission: JurySubmission;
  outcome:
    | { type: "verdict"; verdict: Verdict; score: number | null; runs: readonly JudgedRun[] }
    | { type: "failure"; message: string };
  /** What is not as the package expects, a sentence each without a full stop; none when all is. */
  unexpected: readonly string[];
}
