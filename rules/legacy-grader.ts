import type { RunVerdict } from "../protocol/verdict.ts";
import type { LegacyGroup, TestCase } from "./package/package.ts";
import type { GroupScore, JudgedTest } from "./submission-verdict.ts";

/** What a test or a group gives to the grader of the group around it. */
interface Result {
  verdict: RunVerdict;
  score: number;
}

type Child = LegacyGroup["children"][number];
type Runs = ReadonlyMap<string, JudgedTest>;

/** Every test of a tree in the order of judging, with the group that it lies in. */
export function legacyPlan(group: LegacyGroup): { test: TestCase; group: LegacyGroup }[] {
  return group.children.flatMap((child) =>
    child.type === "test" ? [{ test: child.test, group }] : legacyPlan(child.group),
  );
}

/**
 * Whether a test is left out (legacy, "Test Data Groups"): something before it in a group around it was rejected, and
 * that group's `on_reject` is "break". A rejected sample that the root ignores leaves nothing out.
 */
export function legacyDecided(root: LegacyGroup, test: TestCase, runs: readonly JudgedTest[]): boolean {
  return isLeftOut(root, test, byName(runs));
}

function isLeftOut(group: LegacyGroup, test: TestCase, runs: Runs): boolean {
  for (const child of group.children) {
    if (child.type === "test" && child.test.name === test.name) return false;
    if (child.type === "group" && test.name.startsWith(`${child.group.name}/`))
      return isLeftOut(child.group, test, runs);
    if (breaksAt(group, child, resultOf(group, child, runs))) return true;
  }
  return false;
}

/**
 * Grades a submission (legacy, "Graders" and "Default Grader Specification").
 *
 * A result that is not accepted has no points of its grader's ("the score provided by the grader will always be
 * ignored"): inside a group it counts as that group's `reject_score`, as a rejected test does, and at the root as 0.
 * Of the groups' scores, those that were not judged are 0.
 *
 * @param runs - the tests that were run, in order; those that `on_reject` leaves out are disregarded
 * @throws when an accepted group's score lies outside its range, which only a validator's points can do
 */
export function scoreLegacy(
  root: LegacyGroup,
  runs: readonly JudgedTest[],
): { verdict: RunVerdict; score: number; groups: GroupScore[] } {
  const known = byName(runs);
  const scores = new Map<string, number>();
  const { verdict, score } = grade(root, known, scores) ?? { verdict: "AC", score: 0 };
  const groups = groupsBelow(root).map(({ name, range }) => ({
    name,
    score: scores.get(name) ?? 0,
    maxScore: range.most,
  }));
  return { verdict, score: verdict === "AC" ? score : 0, groups };
}

function groupsBelow(group: LegacyGroup): LegacyGroup[] {
  return group.children.flatMap((child) =>
    child.type === "group" ? [child.group, ...groupsBelow(child.group)] : [],
  );
}

/**
 * @param scores - is given the score of every accepted group below that counts
 * @returns null for a group of which no test was judged
 */
function grade(group: LegacyGroup, runs: Runs, scores: Map<string, number>): Result | null {
  const results: Result[] = [];
  for (const child of group.children) {
    const result = resultOf(group, child, runs, scores);
    if (result !== null && !isIgnored(group, child)) results.push(result);
    if (breaksAt(group, child, result)) break;
  }
  if (results.length === 0) return null;
  const verdict = aggregateVerdicts(group, results);
  const score = aggregateScores(
    group.score,
    results.map((result) => result.score),
  );
  const { least, most } = group.range;
  if (verdict === "AC" && (score < least || score > most)) {
    const name = group.name === "" ? "data" : group.name;
    throw new Error(`${name}: a score of ${score} lies outside its range, ${least} to ${most}.`);
  }
  return { verdict, score };
}

function resultOf(
  group: LegacyGroup,
  child: Child,
  runs: Runs,
  scores = new Map<string, number>(),
): Result | null {
  if (child.type === "group") {
    const result = grade(child.group, runs, scores);
    if (result?.verdict === "AC") scores.set(child.group.name, result.score);
    return result === null || result.verdict === "AC" ? result : { ...result, score: group.rejectScore };
  }
  const run = runs.get(child.test.name);
  if (run === undefined) return null;
  const usual = run.verdict === "AC" ? group.acceptScore : group.rejectScore;
  return { verdict: run.verdict, score: run.score ?? usual };
}

function breaksAt(group: LegacyGroup, child: Child, result: Result | null): boolean {
  const rejected = result !== null && result.verdict !== "AC";
  return rejected && group.onReject === "break" && !isIgnored(group, child);
}

/** "The first sub-result (sample) will be ignored, the second sub-result (secret) will be used." */
function isIgnored(group: LegacyGroup, child: Child): boolean {
  return group.ignoreSample && child.type === "group" && child.group.name === "sample";
}

/** The worst first; JE and IF, which come before them, are no verdicts here. */
const worst: readonly RunVerdict[] = ["RTE", "MLE", "TLE", "OLE", "WA"];

function aggregateVerdicts(group: LegacyGroup, results: readonly Result[]): RunVerdict {
  const verdicts = results.map((result) => result.verdict);
  if (group.acceptIfAnyAccepted && verdicts.includes("AC")) return "AC";
  switch (group.verdict) {
    case "always_accept":
      return "AC";
    case "first_error":
      return verdicts.find((verdict) => verdict !== "AC") ?? "AC";
    case "worst_error":
      return worst.find((verdict) => verdicts.includes(verdict)) ?? "AC";
    default:
      return group.verdict satisfies never;
  }
}

function aggregateScores(how: LegacyGroup["score"], scores: readonly number[]): number {
  switch (how) {
    case "sum":
      return total(scores);
    case "avg":
      return total(scores) / scores.length;
    case "min":
      return Math.min(...scores);
    case "max":
      return Math.max(...scores);
    default:
      return how satisfies never;
  }
}

/** A sum in which three thirds of 100 are 100 points, not 99.99999999999999. */
export function total(scores: readonly number[]): number {
  return Math.round(scores.reduce((sum, score) => sum + score, 0) * 1e9) / 1e9;
}

function byName(runs: readonly JudgedTest[]): Runs {
  return new Map(runs.map((run) => [run.name, run]));
}
