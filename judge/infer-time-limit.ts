import type { RunResult } from "../protocol/judge.ts";
import type { Verdict } from "../protocol/verdict.ts";
import type { JurySubmission } from "../rules/package/package.ts";
import { inferTimeLimit, type Measured, measuredBounds } from "../rules/time-limit.ts";
import { JudgingFailure } from "./failure.ts";
import { judgeSubmission } from "./judge-submission.ts";
import type { Problem } from "./problem.ts";
import type { Slot } from "./slot.ts";

/** The time limit that a package's jury submissions ask for; or null, and why they ask for none. */
export interface InferredLimit {
  timeMs: number | null;
  /** A sentence for the jury. */
  explanation: string;
}

/** The longest that a jury submission is given for one test. */
const LONGEST_MS = 60_000;

/** A jury submission whose times say nothing, whichever judge runs it. The message says why. */
class Unmeasurable extends Error {}

/**
 * Runs the jury's submissions that give a bound (2025-09, "Time limit inference"): first those that must pass, with all
 * the time that they may want, on every test; then those that must be too slow, with a little more than what proves it,
 * and no further than it takes to see that.
 *
 * @param onProgress - told how many submissions are done
 * @throws JudgingFailure when one of them cannot be run here: without it the limit would be a wrong one
 */
export async function inferLimit(
  slot: Slot,
  problem: Problem,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<InferredLimit> {
  try {
    return await infer(slot, problem, onProgress);
  } catch (error) {
    if (error instanceof Unmeasurable) return { timeMs: null, explanation: error.message };
    throw error;
  }
}

async function infer(
  slot: Slot,
  problem: Problem,
  onProgress: (done: number, total: number) => void,
): Promise<InferredLimit> {
  const { submissions, limits } = problem.pkg;
  const { timing } = limits;
  const gives = (bound: "lower" | "upper") => (submission: JurySubmission) =>
    submission.requirements.some(({ bounds }) => bounds === bound);
  const needing = submissions.filter(gives("lower"));
  const tooSlow = submissions.filter((one) => gives("upper")(one) && !gives("lower")(one));
  const total = needing.length + tooSlow.length;

  const measured: Measured[] = [];
  for (const [done, submission] of needing.entries()) {
    onProgress(done, total);
    measured.push(...(await measureAll(slot, problem, submission)));
  }
  const least = inferTimeLimit(
    timing,
    measured.filter(({ bounds }) => bounds === "lower"),
  );
  if ("fault" in least) return { timeMs: null, explanation: least.fault };
  for (const [done, submission] of tooSlow.entries()) {
    onProgress(needing.length + done, total);
    measured.push(...(await measureUntil(slot, problem, submission, least.timeMs * timing.timeLimitToTle)));
  }
  const inferred = inferTimeLimit(timing, measured);
  if ("fault" in inferred) return { timeMs: null, explanation: inferred.fault };
  return { timeMs: inferred.timeMs, explanation: explain(inferred.timeMs, measured) };
}

function explain(timeMs: number, measured: readonly Measured[]): string {
  const slowest = measured
    .filter(({ bounds }) => bounds === "lower")
    .reduce((one, other) => (other.slowestMs > one.slowestMs ? other : one));
  return `${timeMs / 1000} s, since ${slowest.path}, the slowest of those that must pass, takes ${slowest.slowestMs / 1000} s.`;
}

async function measureAll(slot: Slot, problem: Problem, submission: JurySubmission): Promise<Measured[]> {
  const { measured, verdict } = await measure(slot, problem, submission, LONGEST_MS, "all");
  const [only, ...others] = submission.expected;
  if (only === "AC" && others.length === 0 && verdict !== "AC")
    throw new Unmeasurable(
      `${submission.path}, which the time limit goes by, should be accepted and gets ${verdict}.`,
    );
  return measured;
}

/** Looks behind a test that was failed for another reason only where that is needed. */
async function measureUntil(
  slot: Slot,
  problem: Problem,
  submission: JurySubmission,
  enoughMs: number,
): Promise<Measured[]> {
  // Beyond the band in which a time would be measured again.
  const limitMs = Math.min(LONGEST_MS, Math.ceil(enoughMs * 1.2));
  const first = await measure(slot, problem, submission, limitMs, "deciding");
  const uppers = submission.requirements.filter(({ bounds }) => bounds === "upper").length;
  const isSeen =
    first.measured.length === uppers && first.measured.every(({ slowestMs }) => slowestMs >= enoughMs);
  if (isSeen || first.verdict === "AC") return first.measured;
  return (await measure(slot, problem, submission, limitMs, "all")).measured;
}

async function measure(
  slot: Slot,
  problem: Problem,
  submission: JurySubmission,
  timeMs: number,
  extent: "deciding" | "all",
): Promise<{ measured: Measured[]; verdict: Verdict }> {
  const { path, language, files, entryPoint } = submission;
  if (language === null)
    throw new Unmeasurable(`${path}, which the time limit goes by, is in no language that is judged here.`);
  const source = { files, entryPoint };
  const { outcome } = await judgeSubmission(slot, { problem, language, source, timeMs, extent });
  if (outcome.type === "failure") throw new JudgingFailure(`${path}: ${outcome.message}`);
  const { verdict, compileOutput, runs } = outcome;
  if (verdict === "CE")
    throw new Unmeasurable(`${path}, which the time limit goes by, does not compile: ${compileOutput}`);
  const allowanceMs = slot.toolchains.get(language)?.language.allowance.cpuMs ?? 0;
  // Whatever stopped it, a sleep or a busy host: what is judged too slow was not done within its time.
  const least = (run: RunResult): number => (run.verdict === "TLE" ? timeMs : 0);
  const times = runs.map((run) => ({
    name: run.name,
    cpuMs: Math.max(least(run), run.cpuMs - allowanceMs),
  }));
  return { measured: measuredBounds(submission, times), verdict };
}
