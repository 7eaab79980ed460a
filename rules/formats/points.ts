import type { JudgedResult } from "../../protocol/contest-format.ts";

/** A problem as a format sees it. */
export interface FormatProblem {
  label: string;
  /** The most points that a package's scoring gives, null for no bound; `pass-fail` where nothing is scored. */
  maxScore: number | null | "pass-fail";
}

/**
 * Points to the hundredth. A third of a hundred, three times, is then a hundred whichever way it was added up, and teams
 * with the same points tie.
 */
export function roundPoints(points: number): number {
  return Math.round(points * 100) / 100;
}

/** The sum to the hundredth. */
export function sumPoints(points: Iterable<number>): number {
  let sum = 0;
  for (const one of points) sum += one;
  return roundPoints(sum);
}

/**
 * What a full solution is worth: of a scored problem what its package says, of any other what the contest says.
 *
 * @param points - the contest's points by label; a problem without is worth none
 * @returns null where scores have no bound, and no solution is full
 */
export function worthOf(problem: FormatProblem, points: Readonly<Record<string, number>>): number | null {
  return problem.maxScore === "pass-fail" ? (points[problem.label] ?? 0) : problem.maxScore;
}

/** The points of one judged submission: its score, never below 0; of a problem without scores all or nothing. */
export function scoreOf({ verdict, score }: JudgedResult, worth: number | null): number {
  if (score !== null) return Math.max(0, score);
  return verdict === "AC" ? (worth ?? 0) : 0;
}

/** Whether so many points are a full solution; to the hundredth, as points are shown. */
export function isFull(points: number, worth: number | null): boolean {
  return worth !== null && worth > 0 && roundPoints(points) >= roundPoints(worth);
}
