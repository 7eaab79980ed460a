import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ContestFormat } from "./contest-format.ts";

const icpc = { type: "icpc", penaltyMinutes: 20 };
const ioi = { type: "ioi", counts: "groups", feedback: "full", points: {} };
const atcoder = { type: "atcoder", points: { A: 100 }, penaltyMinutes: 5 };
const codeforces = {
  type: "codeforces",
  points: { A: 500 },
  decayPercent: 48,
  deduction: 50,
  floorPercent: 30,
};
const homework = {
  type: "homework",
  points: { A: 10 },
  deadlineMs: 1000,
  late: { type: "refused" },
  counts: "best",
};
const daily = { type: "daily", percent: 20, hardEndMs: null };

/** What is refused, as `path: message`; empty when the format is taken. */
function faults(format: unknown): string[] {
  const parsed = v.safeParse(ContestFormat, format);
  return parsed.success ? [] : parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

describe("a contest's format", () => {
  it.each<[format: string, settings: object]>([
    ["icpc", icpc],
    ["icpc without a penalty", { ...icpc, penaltyMinutes: 0 }],
    ["ioi", ioi],
    ["ioi by the best submission", { ...ioi, counts: "best", feedback: "none", points: { Z: 100_000 } }],
    ["ioi with scores only", { ...ioi, feedback: "score" }],
    ["atcoder", atcoder],
    ["codeforces", codeforces],
    ["codeforces that never decays", { ...codeforces, decayPercent: 0, deduction: 0, floorPercent: 100 }],
    ["homework", homework],
    ["homework with a late policy", { ...homework, late: daily, counts: "last" }],
    ["homework with a hard end", { ...homework, late: { ...daily, hardEndMs: 1001 } }],
  ])("is taken: %s", (_format, settings) => {
    expect(v.parse(ContestFormat, settings)).toEqual(settings);
  });

  it.each<[settings: object, faults: string[]]>([
    [{ type: "acm" }, ["type: must be of the type icpc, ioi, atcoder, codeforces or homework"]],
    [{}, ["type: must be of the type icpc, ioi, atcoder, codeforces or homework"]],
    [{ ...icpc, penaltyMinutes: -1 }, ["penaltyMinutes: must be at least 0"]],
    [{ ...icpc, penaltyMinutes: 1001 }, ["penaltyMinutes: must be at most 1000"]],
    [{ ...icpc, penaltyMinutes: 2.5 }, ["penaltyMinutes: must be a whole number"]],
    [{ ...icpc, penaltyMinutes: "20" }, ["penaltyMinutes: must be a number"]],
    [{ ...icpc, penaltyMinutes: NaN }, ["penaltyMinutes: must be a number"]],
    [{ ...ioi, counts: "last" }, ["counts: must be groups or best"]],
    [{ ...ioi, feedback: "some" }, ["feedback: must be full, score or none"]],
    [{ ...ioi, points: [] }, ["points: must say the points of each problem"]],
    [{ ...ioi, points: { A1: 5 } }, ["points.A1: not a problem's label, one of A to Z"]],
    [{ ...ioi, points: { a: 5 } }, ["points.a: not a problem's label, one of A to Z"]],
    [{ ...atcoder, points: { A: 0 } }, ["points.A: must be at least 1"]],
    [{ ...atcoder, points: { A: 1.5 } }, ["points.A: must be a whole number"]],
    [{ ...atcoder, points: { A: 100_001 } }, ["points.A: must be at most 100000"]],
    [{ ...atcoder, points: { A: null } }, ["points.A: must be a number"]],
    [{ ...atcoder, penaltyMinutes: -5 }, ["penaltyMinutes: must be at least 0"]],
    [{ ...codeforces, decayPercent: 101 }, ["decayPercent: must be at most 100"]],
    [{ ...codeforces, deduction: -50 }, ["deduction: must be at least 0"]],
    [{ ...codeforces, floorPercent: 0.3 }, ["floorPercent: must be a whole number"]],
    [{ ...homework, deadlineMs: 0 }, ["deadlineMs: must be after the contest's start"]],
    [{ ...homework, counts: "first" }, ["counts: must be best or last"]],
    [{ ...homework, late: { type: "hourly" } }, ["late.type: must be of the type refused or daily"]],
    [{ ...homework, late: { ...daily, percent: 120 } }, ["late.percent: must be at most 100"]],
    [{ ...homework, late: { ...daily, hardEndMs: 1000 } }, ["late: the hard end must be after the deadline"]],
  ])("is refused: %j", (settings, expected) => {
    expect(faults(settings)).toEqual(expected);
  });

  it.each<[settings: object, fault: string]>([
    [{ ...icpc, points: { A: 1 } }, "points: is not a setting of this type"],
    [{ ...atcoder, decayPercent: 48 }, "decayPercent: is not a setting of this type"],
    [{ ...homework, late: { type: "refused", percent: 20 } }, "late.percent: is not a setting of this type"],
  ])("is refused with a setting of another: %j", (format, fault) => {
    expect(faults(format)).toEqual([fault]);
  });

  it.each([icpc, ioi, atcoder, codeforces, homework])(
    "is refused without one of its settings: %j",
    (format) => {
      for (const key of Object.keys(format).filter((name) => name !== "type")) {
        const without = Object.fromEntries(Object.entries(format).filter(([name]) => name !== key));
        expect(faults(without)).toEqual([`${key}: is required`]);
      }
    },
  );
});
