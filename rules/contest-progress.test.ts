import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { ContestProgress } from "../protocol/contest-statistics.ts";
import { fold } from "./contest-board.ts";
import { contestProgress, progressCsv } from "./contest-progress.ts";
import { contestOf, told } from "./contest-statistics-testing.ts";

const LATER = 24 * 60 * 60_000;

const progressOf = (...words: string[]): ContestProgress => contestProgress(contestOf(told(...words)), LATER);

describe("a class's progress", () => {
  it.each<[string, string[], string]>([
    ["solved", ["t A 1 WA", "t A 2 AC", "t A 3"], "solved 2"],
    ["solved in the freeze too", ["t A 290 AC"], "solved 1"],
    ["tried", ["t A 1 WA", "t A 2 CE"], "tried 1"],
    ["waiting", ["t A 1 WA", "t A 2"], "waiting 1"],
    ["untried", ["t B 1 AC"], "untried 0"],
  ])("tells that a problem is %s", (_, words, expected) => {
    const [cell] = progressOf(...words).teams[0]?.cells ?? [];
    expect(`${cell?.state} ${cell?.tries}`).toBe(expected);
  });

  it("has the teams by name, those that sent nothing too", () => {
    const contest = contestOf(told("b A 1 AC"));
    fold(contest, { type: "team", team: "a", name: "Abacus", group: null, organisation: "School" });
    const progress = contestProgress(contest, LATER);
    expect(v.is(ContestProgress, progress)).toBe(true);
    expect(
      progress.teams.map(({ name, solved, submissions, lastAt }) => [name, solved, submissions, lastAt]),
    ).toEqual([
      ["Abacus", 0, 0, null],
      ["Team b", 1, 1, 60_000],
    ]);
  });
});

describe("its table for spreadsheets", () => {
  it("has a row a team", () => {
    expect(progressCsv(progressOf("b A 1 WA", "b A 2 AC", "b C 3"))).toBe(
      [
        "team,group,organisation,solved,points,submissions,last submission,A,A tries,A points,B,B tries,B points,C,C tries,C points\r\n",
        "Team b,,,1,1,3,1970-01-01T00:03:00.000Z,solved,2,1,untried,0,0,waiting,0,0\r\n",
      ].join(""),
    );
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["@sum", "'@sum"],
    ["-x", "'-x"],
    ['a "b", c', '"a ""b"", c"'],
    ["=a,b", `"'=a,b"`],
    ["Étoile 北京", "Étoile 北京"],
  ])("takes the name %j for text", (name, written) => {
    const contest = contestOf([]);
    fold(contest, { type: "team", team: "a", name, group: null, organisation: null });
    expect(progressCsv(contestProgress(contest, LATER)).split("\r\n")[1]).toBe(
      `${written},,,0,0,0,,untried,0,0,untried,0,0,untried,0,0`,
    );
  });
});
