import * as v from "valibot";
import type { ContestFormat, JudgedResult } from "../../protocol/contest-format.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { Verdict } from "../../protocol/verdict.ts";
import {
  type Attempt,
  type AttemptEvent,
  type AttemptLog,
  emptyAttemptLog,
  foldAttempt,
} from "./attempts.ts";
import { cellsIn, type FormatContest, type Look, rankTeams } from "./board.ts";
import type { CellResult } from "./format.ts";
import type { FormatProblem } from "./points.ts";

/** Five hours, the last of them frozen. */
export const clock = { durationMs: 300 * MINUTE_MS, freezeMs: 60 * MINUTE_MS };

export const jury: Look = { view: "jury", over: false };
export const spectator: Look = { view: "public", over: false };

const TOKEN = /^([A-Z?]+)(?:=([\d.]+))?(?:\(([\d.,]+)\))?@(\d+)(?::(\d\d(?:\.\d+)?))?$/;

/**
 * One attempt in short: `WA@12`, `AC@12:30` (minutes and seconds), `?@12` without a result, `WA=40@12` with a score,
 * `WA=40(40,0)@12` with the scores of its groups 1, 2 …
 */
function attempt(token: string, submission: string): Attempt {
  const [, verdict = "", score, groups, minutes = "", seconds = "0"] = TOKEN.exec(token) ?? [];
  const at = Math.round((Number(minutes) * 60 + Number(seconds)) * 1000);
  if (verdict === "?") return { submission, at, result: null };
  const result: JudgedResult = {
    verdict: v.parse(Verdict, verdict),
    score: score === undefined ? null : Number(score),
    groups: (groups?.split(",") ?? []).map((one, index) => ({ name: `${index + 1}`, score: Number(one) })),
  };
  return { submission, at, result };
}

/** Attempts in short, in the order in which they count; their submissions are 1, 2, 3 … */
export function attempts(text: string): Attempt[] {
  return text === "" ? [] : text.split(" ").map((token, index) => attempt(token, String(index + 1)));
}

/**
 * A cell in short: attempts/pending, points, what was taken, the minute (and seconds) when full, the submissions it
 * comes from: `3/1 460 -40 @27:00 #1,3`. What is nothing is left out.
 */
export function shortly(cell: CellResult): string {
  const { solvedAt, counted } = cell;
  const seconds = Math.floor((solvedAt ?? 0) / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return [
    `${cell.attempts}/${cell.pending}`,
    cell.result === "none" ? "" : `${cell.points}`,
    cell.penalty === 0 ? "" : `-${cell.penalty}`,
    solvedAt === null ? "" : `@${time}`,
    counted.length === 0 ? "" : `#${counted.join(",")}`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** The log of teams that tried problems: `{ a: { A: "WA@3 AC@5" } }`. */
export function logOf(tried: Record<string, Record<string, string>>): AttemptLog {
  const log = emptyAttemptLog();
  for (const [team, byLabel] of Object.entries(tried)) {
    for (const [label, text] of Object.entries(byLabel)) {
      for (const { submission, at, result } of attempts(text)) {
        const id = `${team}${label}${submission}`;
        foldAttempt(log, { type: "submission", submission: id, team, label, at });
        if (result !== null) foldAttempt(log, { type: "judgement", submission: id, round: 1, ...result });
      }
    }
  }
  return log;
}

export function logFrom(events: readonly AttemptEvent[]): AttemptLog {
  const log = emptyAttemptLog();
  for (const event of events) foldAttempt(log, event);
  return log;
}

/** The ranking in short: `1 a 2 139 52`, with what ranks as `order` has it. */
export function standings(
  contest: FormatContest,
  log: AttemptLog,
  show: readonly ("solved" | "points" | "penalty" | "time")[],
  look: Look = jury,
): string[] {
  const teams = [...log.byCell.keys()].map((id) => ({ id, name: id }));
  return rankTeams(contest.format, teams, cellsIn(contest, log, look)).map((row) =>
    [row.rank, row.team.name, ...show.map((key) => row.totals[key])].join(" "),
  );
}

export const icpcFormat = { type: "icpc", penaltyMinutes: 20 } satisfies ContestFormat;
export const ioiFormat = {
  type: "ioi",
  counts: "groups",
  feedback: "full",
  points: { C: 50 },
} satisfies ContestFormat;
export const atcoderFormat = {
  type: "atcoder",
  points: { A: 100, B: 200, C: 300, D: 400 },
  penaltyMinutes: 5,
} satisfies ContestFormat;
export const codeforcesFormat = {
  type: "codeforces",
  points: { A: 500, B: 1000, C: 1500, D: 2000, E: 2500 },
  decayPercent: 48,
  deduction: 50,
  floorPercent: 30,
} satisfies ContestFormat;
export const homeworkFormat = {
  type: "homework",
  points: { C: 10 },
  deadlineMs: 24 * 60 * MINUTE_MS,
  late: { type: "daily", percent: 20, hardEndMs: null },
  counts: "best",
} satisfies ContestFormat;

export const passFail = (label: string): FormatProblem => ({ label, maxScore: "pass-fail" });
export const scored = (label: string, maxScore: number | null = 100): FormatProblem => ({ label, maxScore });
