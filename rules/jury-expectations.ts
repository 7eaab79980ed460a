import type { RunVerdict, Verdict } from "../protocol/verdict.ts";
import { compileGlob } from "./package/glob.ts";
import type { JurySubmission, Requirement } from "./package/package.ts";
import type { GroupScore } from "./submission-verdict.ts";

/** What became of a jury submission. */
export interface JudgedSubmission {
  verdict: Verdict;
  /** Null when the problem is not scored. */
  score: number | null;
  /** As `scoreSubmission` gives them. */
  groups: readonly GroupScore[];
  /** Those that were run; `message` is the test's `judgemessage.txt`. */
  runs: readonly { name: string; verdict: RunVerdict; message: string }[];
}

/**
 * What is not as a package expects of one of its submissions (2025-09, "Example submissions").
 *
 * Where tests were left out, since the verdict was decided without them, nothing is said of what they might have been:
 * that some test must be slow is only missed when every test in question was run.
 *
 * @returns a sentence for each surprise, without a full stop; none when all is as expected
 */
export function surprises(submission: JurySubmission, judged: JudgedSubmission): string[] {
  const { expected, requirements } = submission;
  if (judged.verdict === "CE") {
    return expected.includes("CE") ? [] : [`it does not compile, but must be ${either(expected)}`];
  }
  const found = requirements.flatMap((requirement) => unmet(requirement, judged));
  if (found.length > 0 || expected.includes(judged.verdict)) return found;
  return [`the verdict is ${judged.verdict}, but must be ${either(expected)}`];
}

function unmet(requirement: Requirement, judged: JudgedSubmission): string[] {
  const { tests, permitted, required, score, message } = requirement;
  const where = tests === "all" ? "" : `${tests}: `;
  const covered = new Set(requirement.covers);
  const runs = judged.runs.filter(({ name }) => covered.has(name));
  const whole = covered.size > 0 && new Set(runs.map(({ name }) => name)).size === covered.size;
  const found: string[] = [];
  // A compile error is no verdict of a test; what asks for one is compared with the verdict of the whole.
  if (permitted !== null && !permitted.includes("CE")) found.push(...forbidden(runs, permitted));
  if (required !== null && !required.includes("CE") && whole) {
    const some = runs.some(({ verdict }) => fits(verdict, required));
    if (!some) found.push(`no test was ${either(required)}, but one must be`);
  }
  if (message !== null && whole && !runs.some((run) => run.message.includes(message))) {
    found.push(`no test has ${JSON.stringify(message)} in its judge message, but one must`);
  }
  if (score !== null) found.push(...wrongScores(tests, score, judged));
  return found.map((sentence) => where + sentence);
}

function forbidden(runs: JudgedSubmission["runs"], permitted: readonly Verdict[]): string[] {
  const [first, ...others] = runs.filter(({ verdict }) => !fits(verdict, permitted));
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  const only = `only ${permitted.join(" and ")} ${permitted.length === 1 ? "is" : "are"} permitted`;
  return [`${first.name} was ${first.verdict}${more}, but ${only}`];
}

function wrongScores(
  tests: string,
  asked: NonNullable<Requirement["score"]>,
  { score, groups }: JudgedSubmission,
): string[] {
  const said = asked.least === asked.most ? `${asked.least}` : `from ${asked.least} to ${asked.most}`;
  if (tests === "all") return outside(asked, score) ? [`the score is ${score}, but must be ${said}`] : [];
  const glob = compileGlob(tests);
  const scored =
    groups.some(({ name }) => name === "secret") || score === null
      ? groups
      : [{ name: "secret", score }, ...groups];
  return scored
    .filter((group) => glob.test(group.name) && outside(asked, group.score))
    .map((group) => `the score of ${group.name} is ${group.score}, but must be ${said}`);
}

/** Scores are sums and products of decimal fractions, which are not exact. */
const ROUNDING = 1e-9;

function outside({ least, most }: NonNullable<Requirement["score"]>, score: number | null): boolean {
  return score === null || score < least - ROUNDING || score > most + ROUNDING;
}

/** To the format, running out of memory is a run-time error, and too much output a wrong answer. */
function fits(verdict: RunVerdict, list: readonly Verdict[]): boolean {
  const same = verdict === "MLE" ? "RTE" : verdict === "OLE" ? "WA" : verdict;
  return list.includes(verdict) || list.includes(same);
}

function either(verdicts: readonly Verdict[]): string {
  return verdicts.length < 2
    ? verdicts.join("")
    : `${verdicts.slice(0, -1).join(", ")} or ${verdicts.at(-1)}`;
}
