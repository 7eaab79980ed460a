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
      const { language, source, path, expected } = submission;
      const outcome: Outcome =
        language === null
          ? { type: "failure", message: `${path} is in no language of ours` }
          : await judgeSubmission(slot, { problem, language, source });
      const asExpected = outcome.type === "verdict" && expected.includes(outcome.verdict);
      yield { submission, outcome, asExpected };
    }
  } finally {
    await problem.close();
  }
}
