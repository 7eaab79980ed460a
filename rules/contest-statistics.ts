import type {
  ContestStatistics,
  LanguageStatistics,
  ProblemStatistics,
  TimeBin,
} from "../protocol/contest-statistics.ts";
import { type BoardProblem, MINUTE_MS } from "../protocol/contest.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { attemptsOf, type ContestFold, type Look } from "./contest-board.ts";
import { acceptanceOf, countVerdicts, grouped, quartiles } from "./contest-statistics-counts.ts";
import type { Attempt } from "./formats/attempts.ts";
import { rulesOf } from "./formats/registry.ts";

/** One submission in the contest's time, as far as charts go. */
interface CountedAttempt {
  team: string;
  label: string;
  language: LanguageId | null;
  /** Contest time in ms. */
  at: number;
  /** Null while there is none that those who look may know. */
  verdict: Verdict | null;
}

interface Solve {
  team: string;
  label: string;
  at: number;
  tries: number;
}

/**
 * What a contest's charts show. Attempts are read as the scoreboard reads them, those that may not be known without their
 * results, and every figure is made of these alone: what the board hides cannot leak through any.
 *
 * @param languages - what each submission of the contest's time is written in
 */
export function contestStatistics(
  contest: ContestFold,
  languages: ReadonlyMap<string, LanguageId>,
  look: Look,
): ContestStatistics {
  const known = knownAttempts(contest, languages, look);
  const solves = contest.problems.flatMap((problem) => solvesOf(contest, problem, look));
  const solvedByTeam = grouped(solves, ({ team }) => team);
  const tryingTeams = new Set(known.map(({ team }) => team));
  const verdicts = countVerdicts(known);
  const { durationMs } = contest.timed.times;
  // A team with extra time has attempts beyond the duration.
  const lengthMs = known.reduce((length, { at }) => Math.max(length, at + 1), durationMs);
  const binMs = binWidth(lengthMs);
  return {
    frozen: hidesFrozen(contest, look),
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
    bins: timeBins(known, lengthMs, binMs),
    problems: contest.problems.map(({ label }) =>
      problemStatistics(
        contest,
        label,
        known.filter((attempt) => attempt.label === label),
        solves.filter((solve) => solve.label === label),
      ),
    ),
    languages: languageStatistics(known),
  };
}

function knownAttempts(
  contest: ContestFold,
  languages: ReadonlyMap<string, LanguageId>,
  look: Look,
): CountedAttempt[] {
  return [...contest.byCell.keys()].flatMap((team) =>
    contest.problems.flatMap(({ label }) =>
      attemptsOf(contest, team, label, look).map(({ submission, at, result }) => ({
        team,
        label,
        language: languages.get(submission) ?? null,
        at,
        verdict: result?.verdict ?? null,
      })),
    ),
  );
}

/** Whether something is left out because it came in the freeze. */
function hidesFrozen({ timed, problems, byCell }: ContestFold, { view }: Look): boolean {
  if (view === "jury" || timed.thawedAt !== null) return false;
  return [...byCell.values()].some((ofTeam) =>
    problems.some(({ label }) => ofTeam.get(label)?.some(({ frozen }) => frozen)),
  );
}

/** Widths that read well on a time axis, in minutes: from one to a week. */
const binMinutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080] as const;
const MOST_BINS = 60;

/** The least readable width that cuts a contest into at most 60 bins; a week for what is longer than 60 of them. */
export function binWidth(durationMs: number): number {
  const fitting = binMinutes.find((minutes) => durationMs <= minutes * MINUTE_MS * MOST_BINS);
  return (fitting ?? 10_080) * MINUTE_MS;
}

function timeBins(known: readonly CountedAttempt[], lengthMs: number, binMs: number): TimeBin[] {
  const bins = Array.from({ length: Math.ceil(lengthMs / binMs) }, (_, index) => ({
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

/** One solve for each team with a full solution, by the contest's format. Compile errors and what is pending are no tries. */
function solvesOf(contest: ContestFold, problem: BoardProblem, look: Look): Solve[] {
  const { durationMs } = contest.timed.times;
  const cellOf = (attempts: readonly Attempt[]) =>
    rulesOf(contest.format).cell(problem, attempts, { durationMs });
  return [...contest.byCell.keys()].flatMap((team) => {
    const attempts = attemptsOf(contest, team, problem.label, look);
    const at = cellOf(attempts).solvedAt;
    if (at === null) return [];
    const tries = cellOf(attempts.filter((attempt) => attempt.at <= at)).attempts;
    return [{ team, label: problem.label, at, tries }];
  });
}

function problemStatistics(
  { teams }: ContestFold,
  label: string,
  onProblem: readonly CountedAttempt[],
  solves: readonly Solve[],
): ProblemStatistics {
  const verdicts = countVerdicts(onProblem);
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
    firstSolve:
      first === undefined
        ? null
        : { team: first.team, name: teams.get(first.team)?.name ?? first.team, at: first.at },
    solveTimes: quartiles(solves.map(({ at }) => at)),
    tries: quartiles(tries),
    teamsByTries: histogram(tries, 1),
  };
}

function languageStatistics(known: readonly CountedAttempt[]): LanguageStatistics[] {
  return [...grouped(known, ({ language }) => language)]
    .flatMap(([language, sent]) =>
      language === null
        ? []
        : {
            language,
            submissions: sent.length,
            accepted: sent.filter(({ verdict }) => verdict === "AC").length,
            pending: sent.filter(({ verdict }) => verdict === null).length,
            teams: new Set(sent.map(({ team }) => team)).size,
          },
    )
    .sort((a, b) => b.submissions - a.submissions || (a.language < b.language ? -1 : 1));
}

/** How many of the values are `least`, `least` + 1, … up to the greatest of them. */
function histogram(values: readonly number[], least: number): number[] {
  const counts = Array.from({ length: Math.max(least - 1, ...values) - least + 1 }, () => 0);
  for (const value of values) counts[value - least] = (counts[value - least] ?? 0) + 1;
  return counts;
}
