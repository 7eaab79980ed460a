import { describe, expect, it } from "vitest";
import * as v from "valibot";
import type { ContestFormat } from "../protocol/contest-format.ts";
import { ContestStatistics } from "../protocol/contest-statistics.ts";
import { MINUTE_MS } from "../protocol/contest.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { boardOf, firstSolves, type Look } from "./contest-board.ts";
import { contestOf, languagesOf, type Setting, timed, type Told } from "./contest-statistics-testing.ts";
import { contestStatistics } from "./contest-statistics.ts";
import { seededRandom } from "./seeded-random.ts";

const random = seededRandom(240);
const oneOf = <T>(...choices: [T, ...T[]]): T => choices[Math.floor(random() * choices.length)] ?? choices[0];

const points = { A: 100, B: 200, C: 300 };
const formats: readonly [ContestFormat, ...ContestFormat[]] = [
  { type: "icpc", penaltyMinutes: 20 },
  { type: "ioi", counts: "groups", feedback: "full", points },
  { type: "ioi", counts: "best", feedback: "none", points },
  { type: "atcoder", points, penaltyMinutes: 5 },
  { type: "codeforces", points, decayPercent: 48, deduction: 50, floorPercent: 30 },
  {
    type: "homework",
    points,
    deadlineMs: 200 * MINUTE_MS,
    late: { type: "daily", percent: 10, hardEndMs: null },
    counts: "best",
  },
];

const anySetting = (): Setting => ({ timed: timed({}, oneOf(60, 0, 300)), format: oneOf(...formats) });
const anyVerdict = (): Verdict | null => oneOf<Verdict | null>("AC", "AC", "WA", "TLE", "CE", null);
const anyLog = (): Told[] =>
  Array.from({ length: Math.floor(random() * 80) }, () => ({
    team: oneOf("t1", "t2", "t3", "t4"),
    label: oneOf("A", "B", "C", "Z"),
    language: oneOf<LanguageId>("cpp", "python3", "java"),
    at: Math.floor(random() * 310) * MINUTE_MS + Math.floor(random() * 3),
    verdict: anyVerdict(),
  }));

/** What is not known to the public of a contest that runs. */
const isHidden = ({ at }: Told, { timed: { times }, format }: Setting): boolean =>
  (format.type === "ioi" && format.feedback === "none") ||
  (times.freezeMs > 0 && at >= times.durationMs - times.freezeMs);

const seen = (log: readonly Told[], setting: Setting, view: Look["view"]): ContestStatistics =>
  contestStatistics(contestOf(log, setting), languagesOf(log), { view, over: false });

const total = (counts: object): number =>
  Object.values(counts).reduce((sum: number, count: number) => sum + count, 0);

describe("whatever the contest, in every format", () => {
  it("the public's figures are those of a log without the results that are hidden", () => {
    for (let round = 0; round < 200; round++) {
      const [log, setting] = [anyLog(), anySetting()];
      const blanked = log.map((one) => (isHidden(one, setting) ? { ...one, verdict: null } : one));
      const { frozen: _, ...figures } = seen(log, setting, "public");
      expect(seen(blanked, setting, "jury")).toEqual({ ...figures, frozen: false });
    }
  });

  it("not one byte of the public's changes with what happens to what is hidden", () => {
    let hidden = 0;
    for (let round = 0; round < 200; round++) {
      const [log, setting] = [anyLog(), anySetting()];
      const other = log.map((one) => (isHidden(one, setting) ? { ...one, verdict: anyVerdict() } : one));
      hidden += other.filter((one, index) => one.verdict !== log[index]?.verdict).length;
      expect(JSON.stringify(seen(other, setting, "public"))).toBe(
        JSON.stringify(seen(log, setting, "public")),
      );
    }
    expect(hidden).toBeGreaterThan(100);
  });

  it("every submission is counted once in each chart", () => {
    for (let round = 0; round < 100; round++) {
      const found = seen(anyLog(), anySetting(), oneOf("public", "jury"));
      expect(v.is(ContestStatistics, found)).toBe(true);
      expect(total(found.verdicts)).toBe(found.submissions);
      const summed = (parts: readonly { submissions: number }[]): number =>
        parts.reduce((sum, { submissions }) => sum + submissions, 0);
      expect([summed(found.problems), summed(found.languages)]).toEqual([
        found.submissions,
        found.submissions,
      ]);
      const bins = found.bins.map(({ accepted, rejected, pending }) => accepted + rejected + pending);
      expect(total(bins)).toBe(found.submissions);
      expect(total(found.teamsBySolved)).toBe(found.teamsTrying);
      for (const problem of found.problems) {
        expect(total(problem.verdicts)).toBe(problem.submissions);
        expect(total(problem.teamsByTries)).toBe(problem.solvedBy);
        expect(problem.solvedBy).toBeLessThanOrEqual(problem.triedBy);
      }
    }
  });

  it("solves and first solves are the scoreboard's", () => {
    for (let round = 0; round < 150; round++) {
      const [log, setting, view] = [anyLog(), anySetting(), oneOf<Look["view"]>("public", "jury")];
      const { cells } = boardOf(contestOf(log, setting), 0, 1, view);
      const firsts = firstSolves(cells);
      for (const { label, solvedBy, firstSolve } of seen(log, setting, view).problems) {
        expect(solvedBy).toBe(cells.filter((cell) => cell.label === label && cell.solvedAt !== null).length);
        expect(firstSolve?.team).toBe(firsts.get(label));
      }
    }
  });

  it("the order of the log does not matter where no two of a cell share a millisecond", () => {
    for (let round = 0; round < 60; round++) {
      const log = anyLog().map((one, index) => ({ ...one, at: one.at + 10 * index }));
      const setting = anySetting();
      expect(seen(log.toReversed(), setting, "public")).toEqual(seen(log, setting, "public"));
    }
  });
});
