import * as v from "valibot";
import type { ContestFormat, FormatCell, JudgedResult } from "../../protocol/contest-format.ts";
import { type BoardTeam, type ContestEvent, MINUTE_MS } from "../../protocol/contest.ts";
import { Verdict } from "../../protocol/verdict.ts";
import { cellOf, type ContestFold, emptyFold, fold, type Look } from "../contest-board.ts";
import { undecided } from "../contest-state.ts";
import { timesOf } from "../contest-times.ts";
import type { Attempt } from "./attempts.ts";
import { rankTeams } from "./board.ts";
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

/** A contest as its boards need it; it starts at 0. */
export interface FormatContest {
  format: ContestFormat;
  clock: { durationMs: number; freezeMs: number };
  problems: readonly FormatProblem[];
}

/** The log of teams that tried problems: `{ a: { A: "WA@3 AC@5" } }`. */
export function logOf(tried: Record<string, Record<string, string>>): ContestEvent[] {
  return Object.entries(tried).flatMap(([team, byLabel]) =>
    Object.entries(byLabel).flatMap(([label, text]) =>
      attempts(text).flatMap(({ submission, at, result }): ContestEvent[] => {
        const id = `${team}${label}${submission}`;
        const sent: ContestEvent = { type: "submission", submission: id, team, label, receivedAt: at };
        return result === null ? [sent] : [sent, { type: "judgement", submission: id, round: 1, ...result }];
      }),
    ),
  );
}

/** The event that sets a contest up. */
export const settingsOf = ({ format, clock: times, problems }: FormatContest): ContestEvent => ({
  type: "contest",
  timed: undecided(timesOf({ startAt: 0, ...times })),
  format,
  problems: problems.map((problem) => ({ ...problem, colour: "#000000" })),
  groups: [],
});

export function folded(contest: FormatContest, log: readonly ContestEvent[]): ContestFold {
  const fresh = emptyFold();
  for (const event of [settingsOf(contest), ...log]) fold(fresh, event);
  return fresh;
}

/** The cells of all who have tried something, by the contest's problems. */
export function cellsIn(contest: FormatContest, log: readonly ContestEvent[], look: Look): FormatCell[] {
  const known = folded(contest, log);
  return [...known.byCell.keys()].flatMap((team) =>
    contest.problems.flatMap(({ label }) => cellOf(known, team, label, look) ?? []),
  );
}

export const teamOf = (id: string, name = id): BoardTeam => ({ id, name, group: null, organisation: null });

/** The ranking in short: `1 a 2 139 52`, with what ranks as `order` has it. */
export function standings(
  contest: FormatContest,
  log: readonly ContestEvent[],
  show: readonly ("solved" | "points" | "penalty" | "time")[],
  look: Look = jury,
): string[] {
  const teams = [...folded(contest, log).byCell.keys()].map((id) => teamOf(id));
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
