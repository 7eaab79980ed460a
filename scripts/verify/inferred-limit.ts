import type { JuryJudgement } from "../../judge/judge-package.ts";
import type { LanguageId } from "../../protocol/language.ts";
import type { Package } from "../../rules/package/package.ts";
import { inferTimeLimit, type Measured, measuredBounds } from "../../rules/time-limit.ts";

/**
 * The time limit that a package's submissions ask for, where the package has one of its own under which they were
 * judged. What was stopped at that limit would have gone on: it is taken to be slow enough, and said so where it had
 * not shown it yet.
 *
 * @param allowanceMs - what a language has beside the limit, which is none of a submission's time
 * @returns a sentence
 */
export function inferredFromRuns(
  timing: Package["limits"]["timing"],
  judged: readonly JuryJudgement[],
  allowanceMs: (language: LanguageId) => number,
): string {
  const measured = judged.flatMap((one) => boundsOf(one, allowanceMs, 0));
  const least = inferTimeLimit(
    timing,
    measured.filter(({ bounds }) => bounds === "lower"),
  );
  if ("fault" in least) return least.fault;
  const enoughMs = least.timeMs * timing.timeLimitToTle;
  const lifted = judged.flatMap((one) => boundsOf(one, allowanceMs, enoughMs));
  const inferred = inferTimeLimit(timing, lifted);
  if ("fault" in inferred) return inferred.fault;
  const unknown = measured.filter(
    ({ slowestMs }, index) => slowestMs < enoughMs && lifted[index]?.slowestMs === enoughMs,
  );
  const limit = `The jury's submissions ask for a time limit of ${inferred.timeMs / 1000} s`;
  const names = unknown.map(({ path }) => path).join(", ");
  return names === ""
    ? `${limit}.`
    : `${limit}, if these take at least ${enoughMs / 1000} s, before which they were stopped: ${names}.`;
}

function boundsOf(
  { submission, outcome }: JuryJudgement,
  allowanceMs: (language: LanguageId) => number,
  stoppedMs: number,
): Measured[] {
  if (outcome.type === "failure" || submission.language === null) return [];
  const allowance = allowanceMs(submission.language);
  const runs = outcome.runs.map(({ name, verdict, cpuMs }) => {
    const ownMs = Math.max(0, cpuMs - allowance);
    return { name, cpuMs: verdict === "TLE" ? Math.max(ownMs, stoppedMs) : ownMs };
  });
  return measuredBounds(submission, runs);
}
