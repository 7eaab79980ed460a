import type { JudgedResult } from "../../protocol/contest-format.ts";
import { type ContestEvent, MINUTE_MS } from "../../protocol/contest.ts";
import type { Verdict } from "../../protocol/verdict.ts";
import { passFail, scored, teamOf } from "./testing.ts";

/** What random logs are about: a problem with groups, one without scores, one without a bound. */
export const randomClock = { durationMs: 100 * MINUTE_MS, freezeMs: 30 * MINUTE_MS };
export const randomProblems = [scored("A"), passFail("B"), scored("C", null)];
/** The last of them never tries anything. */
export const randomTeams = ["a", "b", "c", "d", "e"].map((id) => teamOf(id, id < "c" ? "same name" : id));

type Random = () => number;
export type Sent = Extract<ContestEvent, { type: "submission" }>;
export type Judged = Extract<ContestEvent, { type: "judgement" }>;

export const pick = <Item>(random: Random, items: readonly [Item, ...Item[]]): Item =>
  items[Math.floor(random() * items.length)] ?? items[0];

export const shuffle = <Item>(random: Random, items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

function result(random: Random, label: string): JudgedResult {
  const verdict = pick<Verdict>(random, ["AC", "AC", "WA", "WA", "TLE", "RTE", "CE"]);
  if (label === "B" || verdict === "CE") return { verdict, score: null, groups: [] };
  const groups = [30, 70].map((most, index) => ({
    name: `secret/${index}`,
    score: verdict === "AC" ? most : pick(random, [0, most / 3, most / 2]),
  }));
  return { verdict, score: groups.reduce((sum, { score }) => sum + score, 0), groups };
}

/** Submissions at few times, so that many are at the same one; some are after the end. */
export function randomSubmissions(random: Random, count = 24): Sent[] {
  return Array.from({ length: count }, (_, index) => ({
    type: "submission",
    submission: `s${index}`,
    team: pick(random, ["a", "b", "c", "d"]),
    label: pick(random, ["A", "B", "C"]),
    receivedAt: pick(random, [0, 5, 5.5, 20, 30, 60, 69.99, 70, 80, 90, 99, 100, 120]) * MINUTE_MS,
  }));
}

/** Judgements of most submissions, some of them in several rounds. */
export function randomJudgements(random: Random, sent: readonly Sent[]): Judged[] {
  return sent.flatMap(({ submission, label }) => {
    const rounds = Math.max(0, Math.floor(random() * 5) - 1);
    return Array.from({ length: Math.min(rounds, 3) }, (_, round) => ({
      type: "judgement" as const,
      submission,
      round: round + 1,
      ...result(random, label),
    }));
  });
}

/** A merge of two lists that keeps the order of each. */
export function interleave<Item>(random: Random, left: readonly Item[], right: readonly Item[]): Item[] {
  const merged: Item[] = [];
  const lists = [[...left], [...right]];
  while (lists.some((list) => list.length > 0)) {
    const next = pick(random, [0, 1]);
    const item = lists[next]?.shift();
    if (item !== undefined) merged.push(item);
  }
  return merged;
}
