import type { LanguageId } from "../protocol/language.ts";
import type { Package } from "../rules/package/package.ts";
import { judgeSubmission, type SubmissionJudgement, type SubmissionToJudge } from "./judge-submission.ts";
import { openProblem, type Problem } from "./problem.ts";
import type { Slot } from "./slot.ts";

/** Files by name; or the text of the only one. */
export type Submitted = string | Readonly<Record<string, string>>;

type Choices = Partial<Pick<SubmissionToJudge, "timeMs" | "extent"> & { entryPoint: string }>;

export function submissionOf(
  problem: Problem,
  language: LanguageId,
  submitted: Submitted,
  { timeMs = null, extent = "deciding", entryPoint }: Choices = {},
): SubmissionToJudge {
  const files = typeof submitted === "string" ? { main: submitted } : submitted;
  const source = { files: new Map(Object.entries(files)), entryPoint: entryPoint ?? null };
  return { problem, language, source, timeMs, extent };
}

/** Judges a submission of a problem that is opened for it. */
export async function judgedIn(
  slot: Slot,
  pkg: Package,
  language: LanguageId,
  submitted: Submitted,
  choices: Choices = {},
): Promise<SubmissionJudgement> {
  const problem = await openProblem(pkg, slot.store);
  try {
    return await judgeSubmission(slot, submissionOf(problem, language, submitted, choices));
  } finally {
    await problem.close();
  }
}

/**
 * What came of a submission, test by test, in few words: `WA: sample/1 AC, secret/01 WA (line 1: …)`, or
 * `failure: …`.
 */
export function told({ outcome }: SubmissionJudgement): string {
  if (outcome.type === "failure") return `failure: ${outcome.message}`;
  const runs = outcome.runs.map(
    ({ name, verdict, message }) => `${name} ${verdict}${message === "" ? "" : ` (${message})`}`,
  );
  return `${outcome.verdict}: ${runs.join(", ")}`;
}
