import { FLOAT } from "./package/checker-args.ts";
import type { LegacyGroup, TestGroup } from "./package/package.ts";
import { maxTestScore } from "./submission-verdict.ts";

/** What an output validator left in its feedback directory; null for a file that it did not write. */
export interface ScoreFiles {
  /** `score.txt` */
  score: string | null;
  /** `score_multiplier.txt` */
  multiplier: string | null;
}

export type TestScore = { type: "score"; score: number | null } | { type: "judge error"; message: string };

/**
 * The points of one test (2025-09, "Scoring test cases"; legacy, "Graders").
 *
 * @param group - the test's group, of either format; null for samples, which have no points and whose files are ignored
 * @param accepted - whether the verdict on the test is AC
 * @returns `score` null where tests have no points of their own, or those that their group says; a judge error where the validator broke a rule: then
 *   the submission has no verdict, and the jury must be told
 */
export function testScore(
  group: Pick<TestGroup, "aggregation" | "maxScore" | "tests"> | Pick<LegacyGroup, "acceptScore"> | null,
  accepted: boolean,
  { score, multiplier }: ScoreFiles,
): TestScore {
  if (group === null) return { type: "score", score: null };
  if ("acceptScore" in group) return legacyScore(score);
  const written = score !== null ? "score.txt" : multiplier !== null ? "score_multiplier.txt" : null;
  if (score !== null && multiplier !== null) return fault("wrote both score.txt and score_multiplier.txt");
  if (group.aggregation === "pass-fail") {
    return written === null
      ? { type: "score", score: null }
      : fault(`wrote ${written} for a test of a pass-fail group`);
  }
  if (!accepted) {
    return written === null
      ? { type: "score", score: 0 }
      : fault(`wrote ${written} for a test that was not accepted`);
  }
  const most = maxTestScore(group);
  if (multiplier !== null) {
    if (!Number.isFinite(most))
      return fault("wrote score_multiplier.txt for a test whose score is unbounded");
    const factor = number(multiplier);
    if (factor === null || factor > 1)
      return fault(`wrote ${shown(multiplier)} in score_multiplier.txt, not a number from 0 to 1`);
    return { type: "score", score: factor * most };
  }
  if (score !== null) {
    const points = number(score);
    if (points === null) return fault(`wrote ${shown(score)} in score.txt, not a number of at least 0`);
    if (points > most) return fault(`gave ${points} points in score.txt, of at most ${most}`);
    return { type: "score", score: points };
  }
  if (!Number.isFinite(most))
    return fault("accepted a test whose score is unbounded without writing score.txt");
  return { type: "score", score: most };
}

/** The older format takes any number, of a rejected test too, and its graders bound their sums. */
function legacyScore(score: string | null): TestScore {
  if (score === null) return { type: "score", score: null };
  const points = FLOAT.test(score.trim()) ? Number(score.trim()) : NaN;
  if (!Number.isFinite(points)) return fault(`wrote ${shown(score)} in score.txt, not a number`);
  return { type: "score", score: points };
}

function fault(what: string): TestScore {
  return { type: "judge error", message: `The output validator ${what}.` };
}

/** One number of the format's grammar, at least 0; null for anything else. */
function number(text: string): number | null {
  const value = FLOAT.test(text.trim()) ? Number(text.trim()) : NaN;
  return value >= 0 && Number.isFinite(value) ? value : null;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
