import { MINUTE_MS } from "../protocol/contest.ts";
import type { ActiveDay, ProgressOf, StudentProgress } from "../protocol/contest-statistics.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { countVerdicts, grouped } from "./contest-statistics-counts.ts";

/** A problem as far as progress goes. */
export interface GradedProblem {
  problem: string;
  /** The higher, the harder; null where nobody said. */
  difficulty: number | null;
  keywords: readonly string[];
}

/** Fewer than so many say nothing of how hard a problem is. */
const LEAST_TRYING = 5;

/**
 * How hard a problem is, by how many of those who tried it in practice solved it: 1 for at least four of five, 5 for fewer
 * than one of five; null while too few have tried.
 */
export function difficultyOf(triedBy: number, solvedBy: number): number | null {
  return triedBy < LEAST_TRYING ? null : 5 - Math.min(4, Math.floor((5 * solvedBy) / triedBy));
}

/** One submission of a student's, in a contest or out of it. */
export interface OwnAttempt {
  problem: string;
  contest: string | null;
  language: LanguageId;
  /** When it was sent: ms since 1970-01-01 UTC. */
  sentAt: number;
  /** Null while there is none that the student may know. */
  verdict: Verdict | null;
}

/**
 * What somebody has done so far.
 *
 * @param problems - those that count as "of so many"; attempts on others are submissions and days, and nothing solved
 * @param now - ms since 1970-01-01 UTC
 * @param offsetMinutes - what the student's clocks are ahead of UTC: 480 in Beijing, -180 in São Paulo
 */
export function studentProgress(
  attempts: readonly OwnAttempt[],
  problems: readonly GradedProblem[],
  now: number,
  offsetMinutes: number,
): StudentProgress {
  const known = attempts.toSorted((a, b) => a.sentAt - b.sentAt);
  const tried = new Set(known.map(({ problem }) => problem));
  const solves = firstSolves(known);
  const progressOf = (some: readonly GradedProblem[]): ProgressOf => ({
    problems: some.length,
    tried: some.filter(({ problem }) => tried.has(problem)).length,
    solved: some.filter(({ problem }) => solves.has(problem)).length,
  });
  const dayOf = (at: number): number => Math.floor((at + offsetMinutes * MINUTE_MS) / DAY_MS);
  return {
    submissions: known.length,
    verdicts: countVerdicts(known),
    overall: progressOf(problems),
    byDifficulty: [...grouped(problems, ({ difficulty }) => difficulty)]
      .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity) || 0)
      .map(([difficulty, some]) => ({ difficulty, ...progressOf(some) })),
    byKeyword: [...byKeyword(problems)]
      .sort(([a], [b]) => compareText(a, b))
      .map(([keyword, some]) => ({ keyword, ...progressOf(some) })),
    contests: contestsOf(known),
    languages: languagesOf(known),
    days: activeDays(known, solves, dayOf),
    streak: streakOf(
      known.filter(({ verdict }) => verdict === "AC").map(({ sentAt }) => dayOf(sentAt)),
      dayOf(now),
    ),
  };
}

const DAY_MS = 24 * 60 * MINUTE_MS;

/** The first accepted attempt on each problem, of attempts in the order of time. */
function firstSolves(known: readonly OwnAttempt[]): ReadonlyMap<string, OwnAttempt> {
  const accepted = known.filter(({ verdict }) => verdict === "AC");
  return new Map(accepted.toReversed().map((attempt) => [attempt.problem, attempt]));
}

function byKeyword(problems: readonly GradedProblem[]): Map<string, GradedProblem[]> {
  const uses = problems.flatMap((problem) =>
    [...new Set(problem.keywords)].map((keyword) => ({ keyword, problem })),
  );
  const groups = grouped(uses, ({ keyword }) => keyword);
  return new Map([...groups].map(([keyword, some]) => [keyword, some.map(({ problem }) => problem)]));
}

function contestsOf(known: readonly OwnAttempt[]): StudentProgress["contests"] {
  return [...grouped(known, ({ contest }) => contest)].flatMap(([contest, sent]) => {
    const [first] = sent;
    if (contest === null || first === undefined) return [];
    const solved = new Set(sent.filter(({ verdict }) => verdict === "AC").map(({ problem }) => problem));
    const tried = new Set(sent.map(({ problem }) => problem));
    return [
      { contest, from: first.sentAt, submissions: sent.length, tried: tried.size, solved: solved.size },
    ];
  });
}

function languagesOf(known: readonly OwnAttempt[]): StudentProgress["languages"] {
  return [...grouped(known, ({ language }) => language)]
    .map(([language, sent]) => ({
      language,
      submissions: sent.length,
      accepted: sent.filter(({ verdict }) => verdict === "AC").length,
    }))
    .sort((a, b) => b.submissions - a.submissions || compareText(a.language, b.language));
}

function activeDays(
  known: readonly OwnAttempt[],
  solves: ReadonlyMap<string, OwnAttempt>,
  dayOf: (at: number) => number,
): ActiveDay[] {
  const solvesByDay = grouped([...solves.values()], ({ sentAt }) => dayOf(sentAt));
  return [...grouped(known, ({ sentAt }) => dayOf(sentAt))].map(([day, sent]) => ({
    day: new Date(day * DAY_MS).toISOString().slice(0, "2026-11-23".length),
    submissions: sent.length,
    solved: solvesByDay.get(day)?.length ?? 0,
  }));
}

/** Rows of days without a gap. */
function streakOf(days: readonly number[], today: number): StudentProgress["streak"] {
  const distinct = [...new Set(days)].sort((a, b) => a - b);
  let longest = 0;
  let row = 0;
  for (const [index, day] of distinct.entries()) {
    row = distinct[index - 1] === day - 1 ? row + 1 : 1;
    longest = Math.max(longest, row);
  }
  const last = distinct.at(-1);
  const goesOn = last !== undefined && last >= today - 1;
  return { present: goesOn ? row : 0, longest };
}

/** By code unit, so that every machine orders alike. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
