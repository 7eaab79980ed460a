import type { JurySubmission, Package } from "../rules/package/package.ts";
import { judgeSubmission, type SubmissionJudgement } from "./judge-submission.ts";
import { openProblem } from "./problem.ts";
import type { Slot } from "./slot.ts";

/** A jury submission judged, and whether that is what the package expects. */
export interface JuryJudgement {
  submission: JurySubmission;
  outcome: SubmissionJudgement["outcome"];
  asExpected: boolean;
}

/**
 * Judges every jury submission of a package held in memory, in order, and tells each as soon as it is known.
 *
 * @param pkg - as `readPackage` gives it
 */
export async function* judgePackage(slot: Slot, pkg: Package): AsyncGenerator<JuryJudgement> {
  const problem = await openProblem(pkg, slot.store);
  try {
    for (const submission of pkg.submissions) {
      const { language, files, entryPoint, path } = submission;
      const source = { files, entryPoint };
      const { outcome }: Pick<SubmissionJudgement, "outcome"> =
        language === null
          ? { outcome: { type: "failure", message: `${path} is in no language of ours` } }
          : await judgeSubmission(slot, { problem, language, source, timeMs: null, extent: "all" });
      yield { submission, outcome, asExpected: isAsExpected(submission, outcome) };
    }
  } finally {
    await problem.close();
  }
}

function isAsExpected(
  { expected, requirements }: JurySubmission,
  outcome: SubmissionJudgement["outcome"],
): boolean {
  if (outcome.type !== "verdict" || !expected.includes(outcome.verdict)) return false;
  const { score } = outcome;
  return requirements.every(
    (asked) =>
      asked.score === null || (score !== null && asked.score.least <= score && score <= asked.score.most),
  );
}
