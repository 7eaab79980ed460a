import {
  type Evidence,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_OUTPUT,
  type RunEvidence,
} from "../protocol/evidence.ts";
import type { RunVerdict } from "../protocol/verdict.ts";
import type { TestJudgement } from "./judge-test.ts";

/** What a test left behind, with what decides whether it can be left out. */
export interface Leftover {
  verdict: RunVerdict;
  evidence: RunEvidence;
}

/** Takes what a jury may want to see of a test. Holds none of the output's memory. */
export function leftoverOf(name: string, judgement: TestJudgement): Leftover {
  const { verdict, ending, feedback, transcript } = judgement;
  const start = ending.stdout.subarray(0, MAX_EVIDENCE_OUTPUT);
  const evidence: RunEvidence = {
    name,
    output: Buffer.from(start).toString("base64"),
    stderr: new TextDecoder().decode(ending.stderr),
    feedback: Object.fromEntries(feedback),
    transcript,
  };
  return { verdict, evidence };
}

/** What can be left out of a test's evidence. A transcript that is left out is an empty one. */
const without = {
  output: (run: RunEvidence): RunEvidence => ({ ...run, output: "" }),
  transcript: (run: RunEvidence): RunEvidence => ({
    ...run,
    transcript: run.transcript === null ? null : "",
  }),
  feedback: (run: RunEvidence): RunEvidence => ({ ...run, feedback: {} }),
  stderr: (run: RunEvidence): RunEvidence => ({ ...run, stderr: "" }),
} as const;

/** What is left out while it is all too large, in this order; of each the last tests first. */
const order: readonly { accepted: boolean; part: keyof typeof without }[] = [
  { accepted: true, part: "output" },
  { accepted: true, part: "transcript" },
  { accepted: true, part: "feedback" },
  { accepted: true, part: "stderr" },
  { accepted: false, part: "output" },
  { accepted: false, part: "transcript" },
  { accepted: false, part: "stderr" },
  { accepted: false, part: "feedback" },
];

/**
 * Puts together what a submission's tests left behind, within `MAX_EVIDENCE_BYTES` of JSON: where that is too much,
 * what tells least is left out, of accepted tests before others.
 *
 * @param most - bytes, for tests
 */
export function evidenceOf(leftovers: readonly Leftover[], most = MAX_EVIDENCE_BYTES): Evidence {
  const runs = leftovers.map(({ evidence }) => evidence);
  // Each with its comma; the frame around them is a handful of bytes.
  const sizes = runs.map((run) => sizeOf(run) + 1);
  let total = sizes.reduce((sum, size) => sum + size, 32);
  for (const { accepted, part } of order)
    for (let index = runs.length - 1; index >= 0; index--) {
      if (total <= most) return { runs };
      const run = runs[index];
      if (run === undefined || (leftovers[index]?.verdict === "AC") !== accepted) continue;
      const less = without[part](run);
      const size = sizeOf(less) + 1;
      total -= (sizes[index] ?? 0) - size;
      sizes[index] = size;
      runs[index] = less;
    }
  return { runs };
}

function sizeOf(run: RunEvidence): number {
  return Buffer.byteLength(JSON.stringify(run));
}
