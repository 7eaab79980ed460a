import { describe, expect, it } from "vitest";
import type { HomeworkFormat, LatePolicy } from "../../protocol/contest-format.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { homework, latePercent } from "./homework.ts";
import type { FormatProblem } from "./points.ts";
import { attempts, clock, homeworkFormat, logOf, passFail, scored, shortly, standings } from "./testing.ts";

const HOUR_MS = 60 * MINUTE_MS;
const refused: LatePolicy = { type: "refused" };
const daily = (percent: number, hardEndHours: number | null = null): LatePolicy => ({
  type: "daily",
  percent,
  hardEndMs: hardEndHours === null ? null : hardEndHours * HOUR_MS,
});

describe("what is left of the points", () => {
  it.each<[rule: string, late: LatePolicy, hours: number, percent: number | null]>([
    ["all before the deadline", daily(20), 23.999, 100],
    ["all at the start", daily(20), 0, 100],
    ["a day's share less at the deadline", daily(20), 24, 80],
    ["a day's share less a minute after it", daily(20), 24.017, 80],
    ["a day's share less until 24 hours after it", daily(20), 47.999, 80],
    ["two days' share less from then on", daily(20), 48, 60],
    // The grading policy of EPFL's Functional Programming Principles in Scala: 20 percent a day, nothing after five.
    ["three fifths of what is two days late", daily(20), 71.9, 60],
    ["a fifth of what is four days late", daily(20), 24 + 95, 20],
    ["nothing on the fifth day", daily(20), 24 + 96, 0],
    ["never less than nothing", daily(20), 24 * 30, 0],
    ["all, however late, where a day takes no share", daily(0), 24 * 30, 100],
    ["nothing at once, where a day takes all", daily(100), 24, 0],
    ["the share up to the hard end", daily(10, 48), 47.999, 90],
    ["none at the hard end", daily(10, 48), 48, null],
    ["none after the hard end", daily(0, 48), 72, null],
    ["all up to the hard end where a day takes no share", daily(0, 48), 47.999, 100],
    ["all before the deadline where late work is refused", refused, 23.999, 100],
    ["none at the deadline where late work is refused", refused, 24, null],
    ["none after it where late work is refused", refused, 99, null],
  ])("%s", (_rule, late, hours, percent) => {
    const at = Math.round(hours * HOUR_MS);
    expect(latePercent({ deadlineMs: 24 * HOUR_MS, late }, at)).toBe(percent);
  });
});

/** Minutes of the tables: the deadline is at 1440, the second day late begins at 2880. */
const cell = (format: Partial<HomeworkFormat>, text: string, problem = scored("A")): string =>
  shortly(homework({ ...homeworkFormat, ...format }).cell(problem, attempts(text), clock));

describe("homework of which the best counts", () => {
  it.each<[rule: string, tried: string, cell: string]>([
    ["nobody handed in is empty", "", "0/0"],
    ["is pending until it is judged", "?@5", "0/1"],
    ["brings its points", "WA=40@5", "1/0 40 #1"],
    ["is full with all points", "AC=100@5", "1/0 100 @5:00 #1"],
    ["keeps the best", "WA=60@5 WA=40@6", "2/0 60 #1"],
    ["takes a better one that comes later", "WA=40@5 WA=60@6", "2/0 60 #2"],
    ["takes the earlier of those as good", "WA=60@5 WA=60@6", "2/0 60 #1"],
    ["loses a share when late", "AC=100@1440", "1/0 80 -20 @1440:00 #1"],
    ["loses two shares on the second day", "AC=100@2880", "1/0 60 -40 @2880:00 #1"],
    ["compares after what lateness takes", "WA=90@5 AC=100@1440", "2/0 90 #1"],
    ["takes late work that is still better", "WA=70@5 AC=100@1440", "2/0 80 -20 @1440:00 #2"],
    [
      "takes the better solution of those with the same points",
      "WA=80@5 AC=100@1440",
      "2/0 80 -20 @1440:00 #2",
    ],
    ["is full without points when too late", "AC=100@9000", "1/0 0 -100 @9000:00 #1"],
    ["counts no compile error", "CE@5 WA=40@6", "1/0 40 #2"],
    ["costs nothing by rejected attempts", "WA=0@1 WA=0@2 AC=100@3", "3/0 100 @3:00 #3"],
    ["goes on after a full solution", "AC=100@3 WA=0@4 ?@5", "2/1 100 @3:00 #1"],
    ["rounds to a hundredth", "WA=33.3333@1440", "1/0 26.66 -6.67 #1"],
  ])("%s: %s", (_rule, tried, expected) => {
    expect(cell({}, tried)).toBe(expected);
  });
});

describe("homework of which the last counts", () => {
  it.each<[rule: string, tried: string, cell: string]>([
    ["brings its points", "WA=40@5", "1/0 40 #1"],
    ["takes the last even when it is worse", "AC=100@5 WA=40@6", "2/0 40 #2"],
    ["takes the last even when it is nothing", "AC=100@5 WA=0@6", "2/0 #2"],
    ["takes the last even when it is late", "AC=100@5 AC=100@1440", "2/0 80 -20 @1440:00 #2"],
    ["passes over a compile error", "AC=100@5 CE@6", "1/0 100 @5:00 #1"],
    ["keeps the last that was judged while another is pending", "WA=40@5 ?@6", "1/1 40 #1"],
    ["takes the later one of the same time", "WA=40@5 WA=30@5", "2/0 30 #2"],
  ])("%s: %s", (_rule, tried, expected) => {
    expect(cell({ counts: "last" }, tried)).toBe(expected);
  });
});

describe("homework that comes too late", () => {
  it.each<[rule: string, format: Partial<HomeworkFormat>, tried: string, cell: string]>([
    ["does not count where late work is refused", { late: refused }, "AC=100@1440", "0/0"],
    ["is not even pending", { late: refused }, "?@1440", "0/0"],
    ["leaves what came in time", { late: refused }, "WA=40@1439 AC=100@1440", "1/0 40 #1"],
    [
      "leaves what came in time as the last",
      { late: refused, counts: "last" },
      "WA=40@9 WA=0@1440",
      "1/0 40 #1",
    ],
    [
      "does not count from the hard end on",
      { late: daily(10, 48) },
      "WA=40@2879 AC=100@2880",
      "1/0 36 -4 #1",
    ],
  ])("%s", (_rule, format, tried, expected) => {
    expect(cell(format, tried)).toBe(expected);
  });
});

describe("problems of other kinds in homework", () => {
  it.each<[rule: string, problem: FormatProblem, tried: string, cell: string]>([
    ["accepted without scores: the contest's points", passFail("C"), "AC@5", "1/0 10 @5:00 #1"],
    ["accepted late without scores: a share less", passFail("C"), "AC@1440", "1/0 8 -2 @1440:00 #1"],
    ["rejected without scores: nothing", passFail("C"), "WA@5", "1/0 #1"],
    ["no bound: never full", scored("A", null), "AC=400@1440", "1/0 320 -80 #1"],
  ])("%s", (_rule, problem, tried, expected) => {
    expect(cell({}, tried, problem)).toBe(expected);
  });
});

describe("the ranking of homework", () => {
  const contest = {
    format: homeworkFormat,
    clock: { durationMs: 14 * 24 * HOUR_MS, freezeMs: 0 },
    problems: [scored("A"), passFail("C")],
  };
  const ranks = (tried: Parameters<typeof logOf>[0]) =>
    standings(contest, logOf(tried), ["points", "penalty", "solved"]);

  it("adds up points and what lateness took", () => {
    expect(ranks({ a: { A: "AC=100@1440", C: "AC@2880" } })).toEqual(["1 a 86 24 2"]);
  });

  it("goes by points alone", () => {
    expect(ranks({ b: { A: "AC=100@1440" }, a: { A: "WA=80@1" }, c: { A: "AC=100@1439" } })).toEqual([
      "1 c 100 0 1",
      "2 a 80 0 0",
      "2 b 80 20 1",
    ]);
  });

  it("shows points, and with each problem what lateness took", () => {
    const figures = [{ type: "points" }, { type: "lost" }, { type: "attempts" }];
    expect(homework(homeworkFormat).columns([scored("A"), passFail("C")])).toEqual([
      { type: "rank" },
      { type: "team" },
      { type: "total", of: "points", unit: "points" },
      { type: "problem", label: "A", worth: 100, figures },
      { type: "problem", label: "C", worth: 10, figures },
    ]);
  });
});
