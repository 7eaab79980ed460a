import { describe, expect, it } from "vitest";
import type { AwardRules } from "../protocol/award.ts";
import { medalRules } from "./awards-testing.ts";
import { noMedals, told } from "./resolver-testing.ts";

describe("an award", () => {
  it.each<
    [what: string, rules: AwardRules, groups: string, frozen: string[], final: string[], steps: string[]]
  >([
    [
      "for the first to solve waits until nobody can have been earlier in the freeze",
      noMedals,
      "",
      ["a A10 C20 D?1", "b A20 D?1"],
      ["a A10 C20 D-1", "b A20 D250"],
      [
        "b D?",
        "b D+250",
        "place 1 b #2",
        "a D?",
        "a D-1",
        "first-to-solve-D b",
        "place 0 a #1 winner first-to-solve-A first-to-solve-C",
      ],
    ],
    [
      "for the first to solve goes to who was earlier in the freeze, though told later",
      noMedals,
      "",
      ["a A10 B11 C12 D?1", "b A20 B21 D?1"],
      ["a A10 B11 C12 D245", "b A20 B21 D250"],
      [
        "b D?",
        "b D+250",
        "place 1 b #2",
        "a D?",
        "a D+245",
        "place 0 a #1 winner first-to-solve-A first-to-solve-B first-to-solve-C first-to-solve-D",
      ],
    ],
    [
      "for the first to solve before the freeze is told with the place, whatever is pending",
      noMedals,
      "",
      ["a B10 C10 A?1", "b A5"],
      ["a B10 C10 A250", "b A5"],
      [
        "place 1 b #2 first-to-solve-A",
        "a A?",
        "a A+250",
        "place 0 a #1 winner first-to-solve-B first-to-solve-C",
      ],
    ],
    [
      "for the first of a group is told with the place",
      noMedals,
      "b:x c:x a:y",
      ["a A10", "b A11", "c A12"],
      ["a A10", "b A11", "c A12"],
      ["place 2 c #3", "place 1 b #2 group-winner-x", "place 0 a #1 winner group-winner-y first-to-solve-A"],
    ],
    [
      "is a medal that passes over a group that has had its one",
      medalRules("1/1/0", { medalsPerGroup: 1 }),
      "a:x b:x c:y",
      ["a A10", "b A11", "c A12"],
      ["a A10", "b A11", "c A12"],
      [
        "place 2 c #3 silver-medal group-winner-y",
        "place 1 b #2",
        "place 0 a #1 winner gold-medal group-winner-x first-to-solve-A",
      ],
    ],
    [
      "that became certain is told before the next team is looked at",
      noMedals,
      "",
      ["a A10 B10 C10", "b A11 B11 D?1", "c A12 B12 D?1"],
      ["a A10 B10 C10", "b A11 B11 D260", "c A12 B12 D250-5"],
      [
        "c D?",
        "c D+250-5",
        "c 2>1 #2",
        "b D?",
        "b D+260",
        "b 2>1 #2",
        "place 2 c #3 first-to-solve-D",
        "place 1 b #2",
        "place 0 a #1 winner first-to-solve-A first-to-solve-B first-to-solve-C",
      ],
    ],
    [
      "that is an honour waits for the median team where that one has a medal",
      medalRules("2/2/0", { medianRule: true }),
      "",
      ["a A10 B10", "b A11 B11", "c A12 B?1", "d A13", "e A14"],
      ["a A10 B10", "b A11 B11", "c A12 B250", "d A13", "e A14"],
      [
        "place 4 e #5",
        "place 3 d #4 silver-medal",
        "c B?",
        "c B+250",
        "honorable-mention e",
        "place 2 c #3 silver-medal",
        "place 1 b #2 gold-medal",
        "place 0 a #1 winner gold-medal first-to-solve-A first-to-solve-B",
      ],
    ],
    [
      "that is an honour waits for the last place with a medal, and the median",
      medalRules("1/1/0", { medianRule: true }),
      "",
      ["a A10 B10 C10", "b A11 B11 C?1", "c A12 B12", "d A13", "e"],
      ["a A10 B10 C10", "b A11 B11 C250", "c A12 B12", "d A13", "e"],
      [
        "place 4 e #5",
        "place 3 d #4",
        "place 2 c #3",
        "b C?",
        "b C+250",
        "high-honors c",
        "honorable-mention d e",
        "rank-3 c",
        "place 1 b #2 silver-medal",
        "place 0 a #1 winner gold-medal first-to-solve-A first-to-solve-B first-to-solve-C",
      ],
    ],
  ])("%s", (_, rules, groups, frozen, final, steps) => {
    expect(told(frozen, final, rules, groups)).toEqual(steps);
  });
});
