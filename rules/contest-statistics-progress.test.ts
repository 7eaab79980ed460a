import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { MINUTE_MS } from "../protocol/contest.ts";
import { StudentProgress } from "../protocol/contest-statistics.ts";
import { Verdict } from "../protocol/verdict.ts";
import {
  difficultyOf,
  type GradedProblem,
  type OwnAttempt,
  studentProgress,
} from "./contest-statistics-progress.ts";
import { seededRandom } from "./seeded-random.ts";

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MIDNIGHT = Date.UTC(2026, 10, 20);

const problems: GradedProblem[] = [
  { problem: "sum", difficulty: 1, keywords: ["math"] },
  { problem: "paths", difficulty: 3, keywords: ["graphs", "dp"] },
  { problem: "flow", difficulty: 3, keywords: ["graphs", "graphs"] },
  { problem: "essay", difficulty: null, keywords: [] },
];

/** Attempts from words: `sum 25 AC`, sent 25 hours after midnight of 20 November; a contest may follow. */
function attempts(...words: string[]): OwnAttempt[] {
  return words.map((word) => {
    const [problem = "", hour = "", verdict = "", contest] = word.split(" ");
    return {
      problem,
      contest: contest ?? null,
      language: "python3",
      sentAt: MIDNIGHT + Number(hour) * HOUR_MS,
      verdict: Verdict.options.find((option) => option === verdict) ?? null,
    };
  });
}

/** What it is by the end of the third day, in UTC unless said otherwise. */
const of = (words: readonly string[], offsetMinutes = 0, hour = 71): StudentProgress =>
  studentProgress(attempts(...words), problems, MIDNIGHT + hour * HOUR_MS, offsetMinutes);

describe("what a student has solved", () => {
  it.each<[string, string[], [number, number]]>([
    ["nothing", [], [0, 0]],
    ["nothing by a wrong answer", ["sum 1 WA"], [1, 0]],
    ["nothing by what is pending", ["sum 1 -"], [1, 0]],
    ["a problem once, however often", ["sum 1 AC", "sum 2 AC", "sum 3 WA"], [1, 1]],
    ["two problems", ["sum 1 AC", "paths 2 WA", "paths 3 AC", "flow 4 RTE"], [3, 2]],
    ["nothing that is not in the collection", ["old 1 AC"], [0, 0]],
    ["in a contest as well as out of it", ["sum 1 AC finals", "paths 2 AC"], [2, 2]],
  ])("is %s", (_, words, [tried, solved]) => {
    expect(of(words).overall).toEqual({ problems: 4, tried, solved });
  });

  it("is told by difficulty, from the easiest, the ungraded last", () => {
    expect(of(["sum 1 AC", "flow 2 AC", "paths 3 WA"]).byDifficulty).toEqual([
      { difficulty: 1, problems: 1, tried: 1, solved: 1 },
      { difficulty: 3, problems: 2, tried: 2, solved: 1 },
      { difficulty: null, problems: 1, tried: 0, solved: 0 },
    ]);
  });

  it("is told by keyword, a problem under each of its own once", () => {
    expect(of(["sum 1 AC", "flow 2 AC"]).byKeyword).toEqual([
      { keyword: "dp", problems: 1, tried: 0, solved: 0 },
      { keyword: "graphs", problems: 2, tried: 1, solved: 1 },
      { keyword: "math", problems: 1, tried: 1, solved: 1 },
    ]);
  });

  it("is told by contest, in the order of taking part", () => {
    const words = ["flow 30 AC finals", "sum 2 AC heats", "sum 3 AC heats", "paths 1 WA heats", "essay 5 AC"];
    expect(of(words).contests).toEqual([
      { contest: "heats", from: MIDNIGHT + HOUR_MS, submissions: 3, tried: 2, solved: 1 },
      { contest: "finals", from: MIDNIGHT + 30 * HOUR_MS, submissions: 1, tried: 1, solved: 1 },
    ]);
  });

  it("is told by language", () => {
    expect(of(["sum 1 AC", "sum 2 WA"]).languages).toEqual([
      { language: "python3", submissions: 2, accepted: 1 },
    ]);
  });
});

describe("how hard a problem is", () => {
  it.each<[number, number, number | null]>([
    [0, 0, null],
    [4, 4, null],
    [5, 5, 1],
    [5, 4, 1],
    [100, 79, 2],
    [5, 2, 3],
    [5, 1, 4],
    [100, 19, 5],
    [5, 0, 5],
  ])("follows from how many of %d solved it: %d", (triedBy, solvedBy, difficulty) => {
    expect(difficultyOf(triedBy, solvedBy)).toBe(difficulty);
  });
});

describe("days", () => {
  it.each<[string, number, string[], string[]]>([
    ["in UTC", 0, ["sum 23.9 WA", "sum 24 AC"], ["2026-11-20 1/0", "2026-11-21 1/1"]],
    ["in Beijing", 480, ["sum 15.9 WA", "sum 16 AC"], ["2026-11-20 1/0", "2026-11-21 1/1"]],
    ["in São Paulo", -180, ["sum 2.9 WA", "sum 3 AC"], ["2026-11-19 1/0", "2026-11-20 1/1"]],
    ["in Kathmandu", 345, ["sum 18.2 WA", "sum 18.25 AC"], ["2026-11-20 1/0", "2026-11-21 1/1"]],
    [
      "with solves counted once",
      0,
      ["sum 1 AC", "sum 25 AC", "flow 26 AC"],
      ["2026-11-20 1/1", "2026-11-21 2/1"],
    ],
    ["without days of nothing", 0, ["sum 1 WA", "sum 49 WA"], ["2026-11-20 1/0", "2026-11-22 1/0"]],
  ])("%s begin at midnight there", (_, offset, words, days) => {
    expect(
      of(words, offset).days.map(({ day, submissions, solved }) => `${day} ${submissions}/${solved}`),
    ).toEqual(days);
  });

  it.each<[string, string[], number, number, number]>([
    ["of nothing is none", [], 71, 0, 0],
    ["of today is one", ["sum 50 AC"], 71, 1, 1],
    ["of yesterday goes on", ["sum 30 AC"], 71, 1, 1],
    ["of the day before yesterday is over", ["sum 20 AC"], 71, 0, 1],
    ["of three days is three", ["sum 1 AC", "flow 25 AC", "paths 49 AC"], 71, 3, 3],
    ["of the same problem again is one too", ["sum 1 AC", "sum 25 AC", "sum 49 AC"], 71, 3, 3],
    ["with a gap begins anew", ["sum 1 AC", "flow 25 AC", "paths 73 AC"], 80, 1, 2],
    ["takes a day once", ["sum 1 AC", "flow 2 AC", "paths 3 AC"], 5, 1, 1],
    ["does not grow by failing", ["sum 1 AC", "flow 25 WA", "paths 49 AC"], 71, 1, 1],
  ])("a row of days %s", (_, words, hour, present, longest) => {
    expect(of(words, 0, hour).streak).toEqual({ present, longest });
  });

  it("a row of days goes by the student's midnight", () => {
    const words = ["sum 22 AC", "flow 26 AC"];
    expect(of(words, 0, 30).streak.present).toBe(2);
    expect(of(words, 480, 30).streak.present).toBe(1);
  });
});

describe("whatever somebody does", () => {
  const random = seededRandom(365);
  const oneOf = <T>(...choices: [T, ...T[]]): T =>
    choices[Math.floor(random() * choices.length)] ?? choices[0];
  const anyAttempts = (): OwnAttempt[] =>
    Array.from({ length: Math.floor(random() * 40) }, () => ({
      problem: oneOf("sum", "paths", "flow", "essay", "old"),
      contest: oneOf("heats", "finals", null),
      language: oneOf("cpp", "python3"),
      sentAt: MIDNIGHT + Math.floor(random() * 10 * DAY_MS),
      verdict: oneOf<Verdict | null>("AC", "WA", "CE", null),
    }));
  const now = MIDNIGHT + 10 * DAY_MS;

  it("days and contests add up, and the present row is no longer than the longest", () => {
    for (let round = 0; round < 100; round++) {
      const all = anyAttempts();
      const progress = studentProgress(all, problems, now, -180);
      expect(v.is(StudentProgress, progress)).toBe(true);
      const { submissions, days, streak, contests, overall } = progress;
      expect(days.reduce((sum, day) => sum + day.submissions, 0)).toBe(submissions);
      expect(days.map(({ day }) => day)).toEqual(days.map(({ day }) => day).toSorted());
      expect(streak.present).toBeLessThanOrEqual(streak.longest);
      expect(streak.longest).toBeLessThanOrEqual(days.length);
      expect(contests.reduce((sum, contest) => sum + contest.submissions, 0)).toBeLessThanOrEqual(
        submissions,
      );
      expect(overall.solved).toBeLessThanOrEqual(overall.tried);
    }
  });

  it("the order of the attempts does not matter where no two share a millisecond", () => {
    for (let round = 0; round < 60; round++) {
      const all = anyAttempts().map((attempt, index) => ({
        ...attempt,
        sentAt: attempt.sentAt + index * HOUR_MS * 300,
      }));
      expect(studentProgress(all.toReversed(), problems, now, 0)).toEqual(
        studentProgress(all, problems, now, 0),
      );
    }
  });
});
