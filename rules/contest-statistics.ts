import { type ContestClock, MINUTE_MS } from "../protocol/contest.ts";
import type {
  ContestStatistics,
  LanguageStatistics,
  ProblemStatistics,
  TimeBin,
} from "../protocol/contest-statistics.ts";
import type { LanguageId } from "../protocol/language.ts";
import { penalised, type Verdict } from "../protocol/verdict.ts";
import { freezeTime } from "./contest-clock.ts";
import { acceptanceOf, countVerdicts, grouped, quartiles } from "./contest-statistics-counts.ts";
import type { View } from "./scoreboard.ts";

/** One submission to a contest, as far as charts go. */
export interface CountedAttempt {
  team: string;
  label: string;
  language: LanguageId;
  /** Contest time in ms. */
  at: number;
  /** The verdict that counts, of the latest round; null while there is none. */
  verdict: Verdict | null;
}

type Times = Pick<ContestClock, "durationMs" | "freezeMs">;

/**
 * The attempts as somebody may know them. What was sent at or after the end is left out; to `public`, what was sent in the
 * freeze has no verdict, whatever became of it. Every figure is made of this list alone, so that the freeze cannot leak
 * through any.
 */
export function knownAttempts(
  attempts: readonly CountedAttempt[],
  times: Times,
  view: View,
): CountedAttempt[] {
  const hiddenFrom = view === "public" ? freezeTime(times) : Infinity;
  return attempts
    .filter(({ at }) => at < times.durationMs)
    .map((attempt) => (attempt.at >= hiddenFrom ? { ...attempt, verdict: null } : attempt));
}

/**
 * What a contest's charts show. The order of the attempts does not matter, except between those of one team on one problem
 * at the same millisecond.
 *
 * @param labels - the contest's problems in their order; attempts on others are left out
 */
export function contestStatistics(
  attempts: readonly CountedAttempt[],
  times: Times,
  labels: readonly string[],
  view: View,
): ContestStatistics {
  const known = knownAttempts(attempts, times, view).filter(({ label }) => labels.includes(label));
  const solves = labels.flatMap((label) => solvesOf(known, label));
  const solvedByTeam = grouped(solves, ({ team }) => team);
  const tryingTeams = new Set(known.map(({ team }) => team));
  const verdicts = countVerdicts(known);
  const binMs = binWidth(times.durationMs);
  return {
    frozen: view === "public" && known.some(({ at }) => at >= freezeTime(times)),
    submissions: known.length,
    verdicts,
    acceptance: acceptanceOf(verdicts),
    teamsTrying: tryingTeams.size,
    teamsSolving: solvedByTeam.size,
    teamsBySolved: histogram(
      [...tryingTeams].map((team) => solvedByTeam.get(team)?.length ?? 0),
      0,
    ),
    binMs,
    bins: timeBins(known, times.durationMs, binMs),
    problems: labels.map((label) =>
      problemStatistics(
        label,
        known.filter((attempt) => attempt.label === label),
      ),
    ),
    languages: languageStatistics(known),
  };
}

/** Widths that read well on a time axis, in minutes: from one to a week. */
const binMinutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080] as const;
const MOST_BINS = 60;

/** The least readable width that cuts a contest into at most 60 bins; a week for what is longer than 60 of them. */
export function binWidth(durationMs: number): number {
  const fitting = binMinutes.find((minutes) => durationMs <= minutes * MINUTE_MS * MOST_BINS);
  return (fitting ?? 10_080) * MINUTE_MS;
}

function timeBins(known: readonly CountedAttempt[], durationMs: number, binMs: number): TimeBin[] {
  const bins = Array.from({ length: Math.ceil(durationMs / binMs) }, (_, index) => ({
    from: index * binMs,
    accepted: 0,
    rejected: 0,
    pending: 0,
  }));
  for (const { at, verdict } of known) {
    const bin = bins[Math.floor(at / binMs)];
    if (bin !== undefined) bin[verdict === null ? "pending" : verdict === "AC" ? "accepted" : "rejected"]++;
  }
  return bins;
}

interface Solve {
  team: string;
  at: number;
  tries: number;
}

/** One solve for each team that has an accepted attempt. Attempts after it, pending ones and compile errors are no tries. */
function solvesOf(known: readonly CountedAttempt[], label: string): Solve[] {
  const onProblem = known.filter((attempt) => attempt.label === label);
  return [...grouped(onProblem, ({ team }) => team)].flatMap(([team, ofTeam]) => {
    const inOrder = ofTeam.toSorted((a, b) => a.at - b.at);
    const accepted = inOrder.findIndex(({ verdict }) => verdict === "AC");
    const solving = inOrder[accepted];
    if (solving === undefined) return [];
    const rejected = inOrder
      .slice(0, accepted)
      .filter(({ verdict }) => verdict !== null && penalised.has(verdict)).length;
    return [{ team, at: solving.at, tries: rejected + 1 }];
  });
}

function problemStatistics(label: string, onProblem: readonly CountedAttempt[]): ProblemStatistics {
  const verdicts = countVerdicts(onProblem);
  const solves = solvesOf(onProblem, label);
  const tries = solves.map((solve) => solve.tries);
  // At the same millisecond the smaller id, as on the scoreboard.
  const first = solves.toSorted((a, b) => a.at - b.at || (a.team < b.team ? -1 : 1))[0];
  return {
    label,
    submissions: onProblem.length,
    verdicts,
    triedBy: new Set(onProblem.map(({ team }) => team)).size,
    solvedBy: solves.length,
    acceptance: acceptanceOf(verdicts),
    firstSolve: first === undefined ? null : { team: first.team, at: first.at },
    solveTimes: quartiles(solves.map(({ at }) => at)),
    tries: quartiles(tries),
    teamsByTries: histogram(tries, 1),
  };
}

function languageStatistics(known: readonly CountedAttempt[]): LanguageStatistics[] {
  return [...grouped(known, ({ language }) => language)]
    .map(([language, sent]) => ({
      language,
      submissions: sent.length,
      accepted: sent.filter(({ verdict }) => verdict === "AC").length,
      pending: sent.filter(({ verdict }) => verdict === null).length,
      teams: new Set(sent.map(({ team }) => team)).size,
    }))
    .sort((a, b) => b.submissions - a.submissions || (a.language < b.language ? -1 : 1));
}

/** How many of the values are `least`, `least` + 1, … up to the greatest of them. */
function histogram(values: readonly number[], least: number): number[] {
  const counts = Array.from({ length: Math.max(least - 1, ...values) - least + 1 }, () => 0);
  for (const value of values) counts[value - least] = (counts[value - least] ?? 0) + 1;
  return counts;
}
