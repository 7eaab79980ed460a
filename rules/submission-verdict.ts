import type { RunVerdict } from "../protocol/verdict.ts";
import { legacyDecided, legacyPlan, scoreLegacy, total } from "./legacy-grader.ts";
import type { LegacyGroup, Package, TestCase, TestGroup } from "./package/package.ts";

export interface JudgedTest {
  name: string;
  verdict: RunVerdict;
  /** What the validator gave an accepted test of a scored group (see `test-score.ts`); null for all it has. */
  score: number | null;
}

/**
 * The verdict on a submission: that of the first test, in the order of judging, that was not accepted. A submission
 * is accepted if and only if every test is (2025-09, "Result aggregation", "Pass-fail problems").
 */
export function submissionVerdict(runs: readonly Pick<JudgedTest, "name" | "verdict">[]): RunVerdict {
  return runs.find((run) => run.verdict !== "AC")?.verdict ?? "AC";
}

/** One step of judging. Samples are in no group: they give no points. */
export interface PlannedTest {
  test: TestCase;
  /** What says the points that it can get; null where it gets none. */
  group: TestGroup | LegacyGroup | null;
}

/** Every test in the order of judging: the samples, then the groups in order. */
export function judgingPlan(
  pkg: Pick<Package, "samples" | "groups" | "legacyGrading" | "scoreAggregation">,
): PlannedTest[] {
  if (pkg.legacyGrading !== null) {
    const plan = legacyPlan(pkg.legacyGrading);
    return pkg.scoreAggregation === null ? plan.map(({ test }) => ({ test, group: null })) : plan;
  }
  return [
    ...pkg.samples.map((test) => ({ test, group: null })),
    ...pkg.groups.flatMap((group) => group.tests.map((test) => ({ test, group }))),
  ];
}

type Scoring = Pick<Package, "samples" | "groups" | "legacyGrading" | "scoreAggregation" | "maxScore">;

/**
 * Whether a test need not be run, given those that were: nothing it does can change the outcome.
 *
 *     for (const step of judgingPlan(pkg)) if (!isDecided(pkg, step, runs)) runs.push(await run(step.test));
 *
 * A pass-fail problem is decided by the first test that is not accepted. In a scored one, a group is decided when a
 * group it requires was not passed, or when one of its tests failed and its score is not a sum; and everything is,
 * when the submission's score is the least of its groups' and one of them has none. In the older format's grading,
 * `on_reject` says what is left out.
 */
export function isDecided(pkg: Scoring, { test, group }: PlannedTest, runs: readonly JudgedTest[]): boolean {
  if (runs.length === 0) return false;
  if (pkg.legacyGrading !== null) return legacyDecided(pkg.legacyGrading, test, runs);
  if (pkg.scoreAggregation === null) return runs.some((run) => run.verdict !== "AC");
  if (group === null || !("tests" in group)) return false;
  const verdicts = verdictsByName(runs);
  if (isOut(pkg, group, verdicts)) return true;
  return (
    pkg.scoreAggregation !== "sum" &&
    pkg.groups.some((other) => other !== group && isOut(pkg, other, verdicts))
  );
}

/** Whether a group is known to get no points. Tests not run yet say nothing. */
function isOut(pkg: Scoring, group: TestGroup, verdicts: ReadonlyMap<string, RunVerdict>): boolean {
  const failed = (test: TestCase): boolean => (verdicts.get(test.name) ?? "AC") !== "AC";
  const blocked = group.requirePass.some((name) => requiredTests(pkg, name).some(failed));
  if (blocked || (group.aggregation !== "sum" && group.tests.some(failed))) return true;
  return group.requirePass.some((name) => {
    const required = pkg.groups.find((other) => other.name === name);
    return required !== undefined && required !== group && isOut(pkg, required, verdicts);
  });
}

function requiredTests(pkg: Scoring, name: string): readonly TestCase[] {
  return name === "sample" ? pkg.samples : (pkg.groups.find((group) => group.name === name)?.tests ?? []);
}

function verdictsByName(runs: readonly JudgedTest[]): ReadonlyMap<string, RunVerdict> {
  return new Map(runs.map((run) => [run.name, run.verdict]));
}

export interface GroupScore {
  name: string;
  score: number;
  maxScore: number;
}

/**
 * The verdict and the points of a submission (2025-09, "Result aggregation").
 *
 * The format gives a submission to a scored problem points and no verdict. Ours is the pass-fail rule's: `AC` only
 * when every test was accepted, else that of the first that was not. So "partly right" never counts as solved in a
 * contest, and means the same as what `submissions.yaml` permits and requires of tests. The older format's graders say
 * both.
 *
 * @param runs - the tests that were run, in order; those that `isDecided` left out count as not accepted
 * @returns `score` null (and no groups) when the problem is not scored
 * @throws when a score exceeds its `max_score`, which the format calls a judge error
 */
export function scoreSubmission(
  pkg: Scoring,
  runs: readonly JudgedTest[],
): { verdict: RunVerdict; score: number | null; groups: GroupScore[] } {
  if (pkg.legacyGrading !== null) {
    const graded = scoreLegacy(pkg.legacyGrading, runs);
    return pkg.scoreAggregation === null ? { ...graded, score: null, groups: [] } : graded;
  }
  const verdict = submissionVerdict(runs);
  if (pkg.scoreAggregation === null) return { verdict, score: null, groups: [] };
  const byName = new Map(runs.map((run) => [run.name, run]));
  const groups = pkg.groups.map((group) => ({
    name: group.name,
    score: scoreGroup(pkg, group, byName),
    maxScore: group.maxScore,
  }));
  const scores = groups.map((group) => group.score);
  const passed = pkg.groups.every((group) => isPassed(pkg, group.name, byName));
  const score =
    pkg.scoreAggregation === "pass-fail"
      ? passed
        ? pkg.maxScore
        : 0
      : aggregate(pkg.scoreAggregation, scores);
  refuseExcess("secret", score, pkg.maxScore);
  return { verdict, score, groups };
}

/**
 * What each group gave, where the submission's score is the sum of its groups' scores, and so each can count for itself;
 * empty for any other. The older format's groups nest, so that their scores are no parts of a sum.
 */
export function summedGroups(
  { scoreAggregation, legacyGrading }: Pick<Package, "scoreAggregation" | "legacyGrading">,
  groups: readonly GroupScore[],
): { name: string; score: number }[] {
  if (scoreAggregation !== "sum" || legacyGrading !== null) return [];
  return groups.map(({ name, score }) => ({ name, score }));
}

type Runs = ReadonlyMap<string, JudgedTest>;

function isPassed(pkg: Scoring, name: string, runs: Runs): boolean {
  return requiredTests(pkg, name).every((test) => runs.get(test.name)?.verdict === "AC");
}

function scoreGroup(pkg: Scoring, group: TestGroup, runs: Runs): number {
  if (!group.requirePass.every((name) => isPassed(pkg, name, runs))) return 0;
  if (group.aggregation === "pass-fail") return isPassed(pkg, group.name, runs) ? group.maxScore : 0;
  const most = maxTestScore(group);
  const scores = group.tests.map((test) => {
    const run = runs.get(test.name);
    return run?.verdict === "AC" ? (run.score ?? most) : 0;
  });
  const score = aggregate(group.aggregation, scores);
  refuseExcess(group.name, score, group.maxScore);
  return score;
}

/** The most that one test of a group with `sum` or `min` can score (2025-09, "Scoring problems"). */
export function maxTestScore(group: Pick<TestGroup, "aggregation" | "maxScore" | "tests">): number {
  return group.aggregation === "sum" ? group.maxScore / group.tests.length : group.maxScore;
}

function aggregate(how: "sum" | "min", scores: readonly number[]): number {
  if (scores.length === 0) return 0;
  return how === "min" ? Math.min(...scores) : total(scores);
}

function refuseExcess(name: string, score: number, maxScore: number): void {
  if (!Number.isFinite(score)) throw new Error(`${name}: an accepted test without a bound has no score.`);
  if (score > maxScore) throw new Error(`${name}: a score of ${score} exceeds max_score, ${maxScore}.`);
}
