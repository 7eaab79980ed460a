import * as v from "valibot";
import { Sha256 } from "./text.ts";

/** Of one test's output at most so much is kept; of all that a submission leaves at most MAX_EVIDENCE_BYTES. */
export const MAX_EVIDENCE_OUTPUT = 64 * 1024;
export const MAX_EVIDENCE_BYTES = 8 * 1024 * 1024;

/** What a test left behind, for the jury. */
export const RunEvidence = v.object({
  name: v.string(),
  /** The start of what the program wrote, in base64, since it may be any bytes; of several passes, the last one's. */
  output: v.pipe(v.string(), v.base64()),
  stderr: v.string(),
  /** The validator's feedback files by name, such as `judgemessage.txt`; the default checker leaves one of that name. */
  feedback: v.record(v.string(), v.string()),
  /** An interactive test's dialogue: lines of `<` (to the program) and `>` (from it), in order; null for other tests. */
  transcript: v.nullable(v.string()),
});
export type RunEvidence = v.InferOutput<typeof RunEvidence>;

/**
 * POST /link/judge/leases/:id/evidence, before the verdict that refers to it. Kept under its SHA-256. Where it would be
 * too large, outputs of accepted tests are left out first (an empty string).
 */
export const Evidence = v.object({ runs: v.array(RunEvidence) });
export type Evidence = v.InferOutput<typeof Evidence>;

export const EvidenceStored = v.object({ hash: Sha256 });
export type EvidenceStored = v.InferOutput<typeof EvidenceStored>;
