import type { ContestFormat, JudgedResult } from "../protocol/contest-format.ts";
import type { TimedContest } from "../protocol/contest-times.ts";
import type { BoardProblem } from "../protocol/contest.ts";
import { Verdict } from "../protocol/verdict.ts";
import { undecided } from "./contest-state.ts";
import { at, fiveHours, START } from "./contest-times-testing.ts";
import type { LoggedEvent } from "./virtual-recording.ts";

/** Logs of contests, for tests of what is shown of them again. */

export const icpc: ContestFormat = { type: "icpc", penaltyMinutes: 20 };
export const frozen: TimedContest = undecided(fiveHours);
export const thawed: TimedContest = { ...frozen, thawedAt: at(400) };

const problem = (label: string, maxScore: BoardProblem["maxScore"]): BoardProblem => ({
  label,
  colour: "#0060a0",
  maxScore,
});

/** One without scores, one with, and one without a bound. */
export const problems = [problem("A", "pass-fail"), problem("B", 100), problem("C", null)];

export const settings = (timed: TimedContest, format: ContestFormat = icpc): LoggedEvent => ({
  at: START - 1000,
  event: { type: "contest", timed, format, problems, groups: [] },
});

export const team = (id: string, minute = -30): LoggedEvent => ({
  at: at(minute),
  event: { type: "team", team: id, name: `Team ${id}`, group: null, organisation: null },
});

export const sent = (submission: string, of: string, label: string, minute: number): LoggedEvent => ({
  at: at(minute),
  event: { type: "submission", submission, team: of, label, receivedAt: at(minute) },
});

export const judged = (
  submission: string,
  verdict: JudgedResult["verdict"],
  minute: number,
  round = 1,
): LoggedEvent => ({
  at: at(minute),
  event: { type: "judgement", submission, round, verdict, score: null, groups: [] },
});

/**
 * A contest's log from words, one submission each: `a A 12 WA 13` is team a's to problem A in minute 12, rejected in minute
 * 13; without a verdict it stays pending.
 */
export function logOf(timed: TimedContest, words: readonly string[], format?: ContestFormat): LoggedEvent[] {
  const teams = new Set(words.map((one) => one.split(" ")[0] ?? ""));
  const events = words.flatMap((one, index) => {
    const [of = "", label = "", minute = "", word = "", judgedIn = ""] = one.split(" ");
    const verdict = Verdict.options.find((option) => option === word);
    return [
      sent(`s${index}`, of, label, Number(minute)),
      ...(verdict === undefined ? [] : [judged(`s${index}`, verdict, Number(judgedIn))]),
    ];
  });
  return [
    settings(timed, format),
    ...[...teams].map((id) => team(id)),
    ...events.sort((one, other) => one.at - other.at),
  ];
}
