import { describe, expect, it } from "vitest";
import type { ContestFormat } from "../../protocol/contest-format.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { formatFaults } from "./format-check.ts";
import type { FormatProblem } from "./points.ts";
import {
  atcoderFormat,
  codeforcesFormat,
  homeworkFormat,
  icpcFormat,
  ioiFormat,
  passFail,
  scored,
} from "./testing.ts";

const week = { durationMs: 7 * 24 * 60 * MINUTE_MS };
const DAY_MS = 24 * 60 * MINUTE_MS;

describe("what does not fit a contest", () => {
  it.each<[rule: string, format: ContestFormat, problems: FormatProblem[], faults: string[]]>([
    ["is nothing in icpc", icpcFormat, [passFail("A"), scored("B")], []],
    [
      "is a problem without points in atcoder",
      { ...atcoderFormat, points: { A: 100 } },
      [passFail("A"), scored("B")],
      ["points: B has none"],
    ],
    [
      "is a problem without points in codeforces",
      { ...codeforcesFormat, points: {} },
      [passFail("A"), passFail("B")],
      ["points: A has none", "points: B has none"],
    ],
    [
      "is a label that no problem has",
      { ...atcoderFormat, points: { A: 100, Z: 900 } },
      [passFail("A")],
      ["points: no problem has the label Z"],
    ],
    [
      "is nothing where every problem has points",
      { ...atcoderFormat, points: { A: 100, B: 200 } },
      [passFail("A"), scored("B")],
      [],
    ],
    ["is nothing in ioi where packages or the contest say all", ioiFormat, [scored("A"), passFail("C")], []],
    [
      "is a problem in ioi that is not scored and has no points",
      ioiFormat,
      [passFail("A"), passFail("C")],
      ["points: A has none"],
    ],
    [
      "is a scored problem in ioi with points of the contest too",
      ioiFormat,
      [scored("C")],
      ["points: C is scored, its package says its points"],
    ],
    [
      "is a scored problem in homework with points of the contest too",
      homeworkFormat,
      [scored("C", null)],
      ["points: C is scored, its package says its points"],
    ],
    ["is nothing in homework whose times are in the contest's", homeworkFormat, [passFail("C")], []],
    [
      "is a deadline after the end",
      { ...homeworkFormat, deadlineMs: 8 * DAY_MS },
      [passFail("C")],
      ["deadlineMs: the deadline is after the contest's end"],
    ],
    ["is no deadline at the end", { ...homeworkFormat, deadlineMs: 7 * DAY_MS }, [passFail("C")], []],
    [
      "is a hard end after the end",
      { ...homeworkFormat, late: { type: "daily", percent: 10, hardEndMs: 8 * DAY_MS } },
      [passFail("C")],
      ["late.hardEndMs: the hard end is after the contest's end"],
    ],
    [
      "is no hard end at the end",
      { ...homeworkFormat, late: { type: "daily", percent: 10, hardEndMs: 7 * DAY_MS } },
      [passFail("C")],
      [],
    ],
  ])("%s", (_rule, format, problems, faults) => {
    expect(formatFaults(format, problems, week)).toEqual(faults);
  });
});
