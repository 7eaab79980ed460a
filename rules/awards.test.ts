import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Award, AwardRules, medalPlaces, standardAwards } from "../protocol/award.ts";
import type { Board } from "../protocol/contest.ts";
import { awardsOf } from "./awards.ts";
import { boardOfLines, boardOfResults, medalRules } from "./awards-testing.ts";

const none: ReadonlyMap<string, number> = new Map();

/** For each team, in the order of their ids, the letter of its medal or `-`. */
function medals(board: Board, rules: AwardRules): string {
  const awards = awardsOf(board, rules, none);
  const having = (id: string, team: string) => awards.find((award) => award.id === id)?.teams.includes(team);
  return board.teams
    .map(({ id }) => {
      if (having("gold-medal", id)) return "G";
      if (having("silver-medal", id)) return "S";
      return having("bronze-medal", id) ? "B" : "-";
    })
    .join("");
}

/** The teams of the awards whose id begins so: `x: a b; y: c`. */
function given(start: string, board: Board, pending = none): string {
  return awardsOf(board, standardAwards, pending)
    .filter(({ id }) => id.startsWith(start))
    .map(({ id, teams }) => `${id.slice(start.length)}: ${teams.join(" ")}`.replace(/^: /, ""))
    .join("; ");
}

const fourteen = "9@1 9@2 9@3 9@4 8@1 8@2 8@3 8@4 7@1 7@2 7@3 7@4 6@1 6@2";

describe("medals", () => {
  it.each<[what: string, counts: string, extraBronze: number, results: string, medals: string]>([
    ["go to the first twelve places", "4/4/4", 0, fourteen, "GGGGSSSSBBBB--"],
    ["are B more of bronze", "4/4/4", 1, fourteen, "GGGGSSSSBBBBB-"],
    ["are B more of bronze, however many teams there are", "4/4/4", 9, fourteen, "GGGGSSSSBBBBBB"],
    [
      "are gold for all who tie over the last of gold, and the place after is left empty",
      "4/4/4",
      0,
      "9@1 9@2 9@3 8@1 8@1 7@1 7@2 7@3 6@1",
      "GGGGGSSSB",
    ],
    ["are silver for all who tie over the last of silver", "1/2/2", 0, "9@1 8@1 7@1 7@1 7@1 6@1", "GSSSS-"],
    ["are bronze for all who tie for the last place", "1/1/1", 0, "9@1 8@1 7@1 7@1 6@1", "GSBB-"],
    ["are bronze for three who tie for the last place", "1/1/1", 0, "9@1 8@1 7@1 7@1 7@1 6@1", "GSBBB-"],
    ["leave B's place empty where the last place is shared", "1/1/1", 1, "9@1 8@1 7@1 7@1 6@1", "GSBB-"],
    ["have B's place where one is over", "1/1/1", 2, "9@1 8@1 7@1 7@1 6@1 5@1", "GSBBB-"],
    ["are two of gold and none of silver where two tie for the first place", "1/1/1", 0, "9 9 8 7", "GGB-"],
    ["are three of gold where three tie for the first place", "1/1/1", 0, "9 9 9 8", "GGG-"],
    ["are all of gold where everybody ties", "4/4/4", 0, "2 2 2 2 2 2 2 2 2 2 2 2 2 2", "GGGGGGGGGGGGGG"],
    ["end with the teams in a contest of five", "4/4/4", 0, "5 4 3 2 1", "GGGGS"],
    ["are one in a contest of one", "4/4/4", 0, "1", "G"],
    ["are none for who solved nothing, though places are left", "4/4/4", 0, "2 1 0 0", "GG--"],
    ["are none where nobody solved anything", "4/4/4", 0, "0 0 0", "---"],
    ["begin with silver where there is no gold", "0/2/1", 0, "4 3 2 1", "SSB-"],
    ["are gold alone where there is nothing else", "2/0/0", 0, "4 3 2 1", "GG--"],
    ["are none where the contest has none", "0/0/0", 0, "4 3 2 1", "----"],
    ["are B of bronze where nothing else is", "0/0/0", 2, "4 3 2 1", "BB--"],
  ])("%s", (_, counts, extraBronze, results, expected) => {
    expect(medals(boardOfResults(results), medalRules(counts, { extraBronze }))).toBe(expected);
  });

  it.each<[what: string, most: number, groups: string, results: string, medals: string]>([
    ["pass over a team whose group has had its one", 1, "a:x b:x c:y", "9 8 7 6 5", "G-SB-"],
    ["pass over every team of it", 1, "a:x b:x c:x d:y", "9 8 7 6 5", "G--SB"],
    ["pass over the third of a group that may have two", 2, "a:x b:x c:x d:x", "9 8 7 6 5", "GS--B"],
    ["go by the order where no group has too many", 2, "a:x b:y c:x d:y", "9 8 7 6", "GSB-"],
    ["have no maximum for teams without a group", 1, "", "9 8 7 6", "GSB-"],
    ["count each group for itself", 1, "a:x b:y c:x d:y e:z", "9 8 7 6 5", "GS--B"],
    [
      "are for both of a group that tie for its one, and take one place",
      1,
      "a:x b:x c:y",
      "9 9 8 7 6",
      "GGSB-",
    ],
    ["part two that tie where the group of one has had its one", 1, "a:x b:x c:y", "9 8 8 7 6", "G-SB-"],
    ["are fewer where only one group solved anything", 1, "a:x b:x c:x", "9 8 7", "G--"],
    ["are none for the only team of another group where it solved nothing", 1, "a:x b:y", "1 0 0", "G--"],
  ])("with a maximum for groups %s", (_, medalsPerGroup, groups, results, expected) => {
    expect(medals(boardOfResults(results, groups), medalRules("1/1/1", { medalsPerGroup }))).toBe(expected);
  });
});

describe("the winner", () => {
  it.each<[what: string, results: string, winners: string]>([
    ["is the first", "3@10 3@20 2", "a"],
    ["is every one of the first", "3@10 3@10 2", "a b"],
    ["is nobody where nobody solved anything", "0 0", ""],
    ["can have solved one problem", "1 0 0", "a"],
  ])("%s", (_, results, expected) => {
    expect(given("winner", boardOfResults(results))).toBe(expected);
  });
});

describe("the winner of a group", () => {
  it.each<[what: string, groups: string, results: string, winners: string]>([
    ["is the best of each", "a:x b:y c:x d:y", "4 3 2 1", "x: a; y: b"],
    ["is every one of its best", "a:x b:y c:y d:y", "4 3 3 1", "x: a; y: b c"],
    ["is nobody where the group solved nothing", "a:x b:y c:y", "4 0 0", "x: a"],
    ["is in no group that a team without one is in", "b:y", "4 3", "y: b"],
    ["is told in the order of the groups' ids", "a:z b:m c:a", "3 2 1", "a: c; m: b; z: a"],
    ["need not be among the first", "d:x", "9 8 7 1", "x: d"],
  ])("%s", (_, groups, results, expected) => {
    expect(given("group-winner-", boardOfResults(results, groups))).toBe(expected);
  });
});

describe("the first to solve a problem", () => {
  it.each<[what: string, lines: string[], pending: [label: string, minute: number][], first: string]>([
    ["goes by exact times within a minute", ["a A10.9", "b A10.1"], [], "A: b"],
    ["goes by time and not by rejected attempts", ["a A10-5", "b A11"], [], "A: a"],
    ["goes by time and not by rank", ["a A20 B5 C6", "b A10"], [], "A: b; B: a; C: a"],
    ["is nobody for a problem that nobody solved", ["a A-3", "b B7"], [], "B: b"],
    ["is told in the order of the problems", ["a C1 A9", "b B5"], [], "A: a; B: b; C: a"],
    ["is nobody while an earlier attempt is pending", ["a A10", "b A?1"], [["A", 9]], ""],
    ["is nobody while one at the same moment is", ["a A10", "b A?1"], [["A", 10]], ""],
    ["is certain though a later attempt is pending", ["a A10", "b A?1"], [["A", 10.1]], "A: a"],
    ["waits for no other problem", ["a A10", "b B?1"], [["B", 1]], "A: a"],
    ["waits for the team's own earlier attempt too", ["a A10?1"], [["A", 3]], ""],
    ["is one team at the same moment, as on the board", ["b A10", "a A10"], [], "A: a"],
    ["is nobody where nobody solved anything", ["a A-1", "b"], [], ""],
  ])("%s", (_, lines, pending, expected) => {
    const since = new Map(pending.map(([label, minute]) => [label, minute * 60_000]));
    expect(given("first-to-solve-", boardOfLines(lines), since)).toBe(expected);
  });
});

describe("awards", () => {
  it("have the CLICS ids, a citation to be translated, and their teams best first", () => {
    const board = boardOfLines(["b A10 B12", "a A20", "c"], false, "a:x c:x");
    expect(awardsOf(board, medalRules("1/1/0", { medianRule: true }), none)).toEqual([
      { id: "winner", citation: { key: "winner" }, teams: ["b"] },
      { id: "gold-medal", citation: { key: "goldMedal" }, teams: ["b"] },
      { id: "silver-medal", citation: { key: "silverMedal" }, teams: ["a"] },
      { id: "group-winner-x", citation: { key: "groupWinner", group: "x" }, teams: ["a"] },
      { id: "first-to-solve-A", citation: { key: "firstToSolve", label: "A" }, teams: ["b"] },
      { id: "first-to-solve-B", citation: { key: "firstToSolve", label: "B" }, teams: ["b"] },
      { id: "honorable-mention", citation: { key: "honorableMention" }, teams: ["c"] },
    ]);
  });

  it("are none in a contest without teams", () => {
    expect(awardsOf(boardOfLines([]), medalRules("4/4/4", { medianRule: true }), none)).toEqual([]);
  });

  it("pass their own schema", () => {
    const awards = awardsOf(boardOfResults("5 4 3 2 1 0"), medalRules("1/1/0", { medianRule: true }), none);
    expect(v.parse(v.array(Award), awards)).toEqual(awards);
  });
});

describe("the rules of awards", () => {
  it.each<[what: string, rules: object, valid: boolean]>([
    ["may be the standard ones", {}, true],
    ["may have no medals", { gold: 0, silver: 0, bronze: 0 }, true],
    [
      "have no honours without a medal to count from",
      { gold: 0, silver: 0, bronze: 0, medianRule: true },
      false,
    ],
    [
      "have honours that count from B alone",
      { gold: 0, silver: 0, bronze: 0, extraBronze: 1, medianRule: true },
      true,
    ],
    ["have no negative number of medals", { gold: -1 }, false],
    ["have no part of a medal", { bronze: 1.5 }, false],
    ["have no maximum of none for groups", { medalsPerGroup: 0 }, false],
    ["have nothing else in them", { platinum: 1 }, false],
  ])("%s", (_, change, valid) => {
    expect(v.safeParse(AwardRules, { ...standardAwards, ...change }).success).toBe(valid);
  });

  it("have 12+B places with a medal", () => {
    expect(medalPlaces({ ...standardAwards, extraBronze: 3 })).toBe(15);
  });
});
