import { describe, expect, it } from "vitest";
import type { AwardRules } from "../protocol/award.ts";
import { medianAwards } from "./awards-median.ts";
import { boardOfResults, medalRules } from "./awards-testing.ts";
import { rankTeams } from "./formats/board.ts";

const letters: Readonly<Record<string, string>> = {
  "highest-honors": "H",
  "high-honors": "h",
  honors: "o",
  "honorable-mention": "m",
};

/** For each team its honour (`H` highest, `h` high, `o` honours, `m` mention, `-` none), then the rank if it has one. */
function honours(results: string, rules: AwardRules, groups = ""): string {
  const board = boardOfResults(results, groups);
  const given = medianAwards(rankTeams(board.format, board.teams, board.cells), rules);
  return board.teams
    .map(({ id }) => {
      const ids = given.filter(({ team }) => team === id).map((one) => one.id);
      const letter = ids.map((one) => letters[one]).find((one) => one !== undefined) ?? "-";
      return letter + (ids.find((one) => one.startsWith("rank-"))?.slice("rank-".length) ?? "");
    })
    .join(" ");
}

describe("below the medals, by the median rule", () => {
  it.each<[what: string, counts: string, results: string, honours: string]>([
    [
      "honours go by what the last with a medal's place solved",
      "1/1/1",
      "9 8 7 7@1 6 5 5@1 4 3 1 0",
      "- - - H4 h5 o6 o6 m m m m",
    ],
    ["ranks go by problems alone, whatever the penalty", "1/0/0", "3 2@1 2@50 2@90 1", "- h2 h2 h2 m"],
    ["ranks skip as places do", "1/0/0", "5 4@1 4@2 3 3 1 1 1", "- h2 h2 o4 o4 m m m"],
    ["the median is the middle one of an odd number", "1/0/0", "5 4 3 2 1", "- h2 o3 m m"],
    ["the median is the lower middle one of an even number", "1/0/0", "5 4 3 2", "- h2 o3 m"],
    ["who solved as many as the median team is ranked", "1/0/0", "5 3 3 3@9 2 1", "- o2 o2 o2 m m"],
    [
      "highest honours are for as many problems as the last medal, too late for one",
      "1/1/0",
      "3 2 2@1 1",
      "- - H3 m",
    ],
    [
      "a tie for the last medal leaves its next place empty",
      "1/1/0",
      "4 3@5 3@5 3@6 2 1 1",
      "- - - H4 m m m",
    ],
    ["everybody has a medal in a small contest", "4/4/4", "3 2 1", "- - -"],
    ["who solved nothing is mentioned, though there were medals left", "4/4/4", "3 2 0", "- - m"],
    ["who solved nothing is never ranked, though the median team did no more", "1/0/0", "3 0 0", "- m m"],
    [
      "who solved anything is ranked where the median team solved nothing",
      "1/0/0",
      "3 1 0 0 0",
      "- o2 m m m",
    ],
    ["everybody is mentioned where nobody solved anything", "1/0/0", "0 0 0", "m m m"],
    ["a medal is kept below the median", "1/1/1", "9 1@1 1@2", "- - -"],
    ["one alone has its medal", "1/1/1", "1", "-"],
    ["one alone that solved nothing is mentioned", "1/1/1", "0", "m"],
  ])("%s", (_, counts, results, expected) => {
    expect(honours(results, medalRules(counts, { medianRule: true }))).toBe(expected);
  });

  it("B moves the team that honours go by", () => {
    const results = "9 8 7 6 5 5@1 4 1";
    expect(honours(results, medalRules("1/1/1", { medianRule: true }))).toBe("- - - h4 o5 o5 m m");
    expect(honours(results, medalRules("1/1/1", { medianRule: true, extraBronze: 2 }))).toBe(
      "- - - - - H6 m m",
    );
  });

  it("a team that a maximum for groups passed over has highest honours and the rank of the board", () => {
    const rules = medalRules("1/1/1", { medianRule: true, medalsPerGroup: 1 });
    expect(honours("9 8 7 6 5 4 1", rules, "a:x b:x c:y")).toBe("- H2 - - m m m");
  });

  it("nobody has anything where the contest does not go by it", () => {
    expect(honours("9 8 7 6 5", medalRules("1/0/0"))).toBe("- - - - -");
  });
});
