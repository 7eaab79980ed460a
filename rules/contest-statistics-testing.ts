import type { ContestFormat } from "../protocol/contest-format.ts";
import type { TimedContest } from "../protocol/contest-times.ts";
import { type BoardProblem, MINUTE_MS } from "../protocol/contest.ts";
import type { LanguageId } from "../protocol/language.ts";
import { Verdict } from "../protocol/verdict.ts";
import { type ContestFold, emptyFold, fold } from "./contest-board.ts";
import { undecided } from "./contest-state.ts";
import { timesOf } from "./contest-times.ts";

/** Contests for tests of what is counted in them: five hours from 0 on, frozen for the last one, with three problems. */

/** A submission and what became of it. */
export interface Told {
  team: string;
  label: string;
  /** When it was received: ms since the contest's start. */
  at: number;
  verdict: Verdict | null;
  language: LanguageId;
}

export const LABELS = ["A", "B", "C"] as const;

/** Submissions from words: `t1 A 12 WA` or, without a verdict, `t1 A 12`; `py` may follow. */
export function told(...words: string[]): Told[] {
  return words.map((word) => {
    const [team = "", label = "", minute = "", verdict = "-", language = "cpp"] = word.split(" ");
    return {
      team,
      label,
      at: Number(minute) * MINUTE_MS,
      verdict: Verdict.options.find((option) => option === verdict) ?? null,
      language: language === "py" ? "python3" : "cpp",
    };
  });
}

export interface Setting {
  timed: TimedContest;
  format: ContestFormat;
}

const icpc: ContestFormat = { type: "icpc", penaltyMinutes: 20 };

/** Times of five hours with an hour's freeze; `more` says what is different. */
export const timed = (more: Partial<TimedContest> = {}, freezeMinutes = 60): TimedContest => ({
  ...undecided(timesOf({ startAt: 0, durationMs: 300 * MINUTE_MS, freezeMs: freezeMinutes * MINUTE_MS })),
  ...more,
});

/** The contest with these submissions in its log. */
export function contestOf(
  log: readonly Told[],
  { timed: times, format }: Setting = { timed: timed(), format: icpc },
): ContestFold {
  const contest = emptyFold();
  const problems = LABELS.map((label): BoardProblem => ({ label, colour: "#000000", maxScore: "pass-fail" }));
  fold(contest, { type: "contest", timed: times, format, problems, groups: [] });
  for (const team of new Set(log.map((one) => one.team)))
    fold(contest, { type: "team", team, name: `Team ${team}`, group: null, organisation: null });
  for (const [index, { team, label, at, verdict }] of log.entries()) {
    const submission = String(index);
    fold(contest, { type: "submission", submission, team, label, receivedAt: at });
    if (verdict !== null)
      fold(contest, { type: "judgement", submission, round: 1, verdict, score: null, groups: [] });
  }
  return contest;
}

/** What the submissions of `contestOf` are written in. */
export const languagesOf = (log: readonly Told[]): Map<string, LanguageId> =>
  new Map(log.map(({ language }, index) => [String(index), language]));
