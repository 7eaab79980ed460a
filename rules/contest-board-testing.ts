import type { JudgedResult } from "../protocol/contest-format.ts";
import type { ContestTimes } from "../protocol/contest-times.ts";
import { type ContestEvent, MINUTE_MS } from "../protocol/contest.ts";
import { cellOf, type ContestFold, emptyFold, fold, type Look } from "./contest-board.ts";
import { undecided } from "./contest-state.ts";
import { timesOf } from "./contest-times.ts";

/** Logs for tests, with moments in minutes since the start, which is 0. */

type Settings = Extract<ContestEvent, { type: "contest" }>;

export const minutes = (count: number): number => Math.round(count * MINUTE_MS);

/** Five hours, the last of them frozen. */
export const fiveHours: ContestTimes = timesOf({
  startAt: 0,
  durationMs: minutes(300),
  freezeMs: minutes(60),
});

/** An ICPC contest with the problems A and B; `more` says what is different. */
export const contestEvent = (more: Partial<Settings> = {}): Settings => ({
  type: "contest",
  timed: undecided(fiveHours),
  format: { type: "icpc", penaltyMinutes: 20 },
  problems: [
    { label: "A", colour: "#ff0000", maxScore: "pass-fail" },
    { label: "B", colour: "#00ff00", maxScore: "pass-fail" },
  ],
  groups: [],
  ...more,
});

/** The contest with other times. */
export const timedEvent = (times: Partial<ContestTimes>): Settings =>
  contestEvent({ timed: undecided({ ...fiveHours, ...times }) });

export const teamEvent = (team: string, name = team): ContestEvent => ({
  type: "team",
  team,
  name,
  group: null,
  organisation: null,
});

/** Something sent at a minute of the contest. */
export const sent = (submission: string, at: number, team = "t", label = "A"): ContestEvent => ({
  type: "submission",
  submission,
  team,
  label,
  receivedAt: minutes(at),
});

export const judged = (
  submission: string,
  verdict: JudgedResult["verdict"],
  round = 1,
  score: number | null = null,
): ContestEvent => ({ type: "judgement", submission, round, verdict, score, groups: [] });

export function foldOf(...events: ContestEvent[]): ContestFold {
  const folded = emptyFold();
  for (const event of [contestEvent(), ...events]) fold(folded, event);
  return folded;
}

/** The cell of team `t` in short: `attempts/pending`, then `@minute` when solved. */
export function shortCell(folded: ContestFold, look: Look | Look["view"] = "public", label = "A"): string {
  const cell = cellOf(folded, "t", label, typeof look === "string" ? { view: look, over: false } : look);
  if (cell === null) return "none";
  const { attempts, pending, solvedAt } = cell;
  return `${attempts}/${pending}${solvedAt === null ? "" : `@${solvedAt / MINUTE_MS}`}`;
}

/** Submissions of three teams around the freeze, their verdicts out of order, and rejudgings. */
export function randomLog(random: () => number): ContestEvent[] {
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item =>
    items[Math.floor(random() * items.length)] ?? items[0];
  const log: ContestEvent[] = [];
  for (let index = 0; index < 30; index++) {
    const id = Math.floor(random() * 12);
    if (random() < 0.4) log.push(sent(`${id}`, 200 + id * 10 + 0.5, `t${id % 3}`, id % 2 === 0 ? "A" : "B"));
    else log.push(judged(`${id}`, pick(["AC", "WA", "CE", "TLE"]), 1 + Math.floor(random() * 3)));
  }
  // The log never holds two verdicts of one round.
  const seen = new Set<string>();
  return log.filter((event) => {
    if (event.type !== "judgement") return true;
    const key = `${event.submission} ${event.round}`;
    return !seen.has(key) && seen.add(key);
  });
}
