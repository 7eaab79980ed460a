import type { JurySubmission } from "../rules/package/package.ts";
import { surprises } from "../rules/jury-expectations.ts";
import { scoreSubmission } from "../rules/submission-verdict.ts";
import { judgeSubmission, type SubmissionJudgement, type SubmissionToJudge } from "./judge-submission.ts";
import type { Problem } from "./problem.ts";
import type { Slot } from "./slot.ts";

/** A jury submission judged. */
export interface JuryJudgement {
  submission: JurySubmission;
  outcome: SubmissionJudgement["outcome"];
  /** What is not as the package expects, a sentence each without a full stop; none when all is. */
  unexpected: readonly string[];
}

/**
 * Judges every jury submission of a package, in order, and tells each as soon as it is known.
 *
 * @param timeMs - the time limit where the package leaves it to be inferred, else null
 * @param extent - whether on every test, or only on those that can still change its outcome: then an expectation of a
 *   test that was left out is not looked at
 */
export async function* judgePackage(
  slot: Slot,
  problem: Problem,
  timeMs: number | null,
  extent: "deciding" | "all" = "all",
): AsyncGenerator<JuryJudgement> {
  for (const submission of problem.pkg.submissions) {
    const judgement = await judgeOne(slot, problem, submission, { timeMs, extent });
    const { outcome } = judgement;
    yield { submission, outcome, unexpected: unexpectedIn(problem, submission, judgement) };
  }
}

async function judgeOne(
  slot: Slot,
  problem: Problem,
  { language, files, entryPoint }: JurySubmission,
  how: Pick<SubmissionToJudge, "timeMs" | "extent">,
): Promise<SubmissionJudgement> {
  if (language !== null) {
    const source = { files, entryPoint };
    return judgeSubmission(slot, { problem, language, source, ...how });
  }
  return {
    outcome: { type: "failure", message: "it is in no language that is judged here" },
    evidence: null,
  };
}

function unexpectedIn(
  { pkg }: Problem,
  submission: JurySubmission,
  { outcome, evidence }: SubmissionJudgement,
): string[] {
  if (outcome.type === "failure") return [outcome.message];
  const { verdict, score } = outcome;
  // The outcome holds a message's last line only.
  const messages = new Map(evidence?.runs.map(({ name, feedback }) => [name, feedback["judgemessage.txt"]]));
  const runs = outcome.runs.map((run) => ({ ...run, message: messages.get(run.name) ?? run.message }));
  const groups = verdict === "CE" ? [] : scoreSubmission(pkg, runs).groups;
  return surprises(submission, { verdict, score, groups, runs });
}
