import type { Outcome } from "../protocol/judge.ts";
import type { JurySubmission, Package } from "../rules/package/package.ts";
import { judgeSubmission } from "./judge-submission.ts";
import { openProblem } from "./problem.ts";
import type { Slot } from "./slot.ts";

/** A jury submission judged, and whether that is what the package expects. */
export interface JuryJudgement {
  submission: JurySubmission;
  outcome: Outcome;
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
      const { language, source, path } = submission;
      const outcome: Outcome =
        language === null
          ? { type: "failure", message: `${path} is in no language of ours` }
          : await judgeSubmission(slot, { problem, language, source });
      yield { submission, outcome, asExpected: isAsExpected(submission, outcome) };
    }
  } finally {
    await problem.close();
  }
}

function isAsExpected({ expected, score }: JurySubmission, outcome: Outcome): boolean {
  if (outcome.type !== "verdict" || !expected.includes(outcome.verdict)) return false;
  if (score === null) return true;
  return outcome.score !== null && score.least <= outcome.score && outcome.score <= score.most;
}
