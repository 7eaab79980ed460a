import { describe, expect, it } from "vitest";
import type { AwardRules } from "../protocol/award.ts";
import { medalRules } from "./awards-testing.ts";
import { noMedals, show, told } from "./resolver-testing.ts";

describe("the show", () => {
  it("of no teams ends at once", () => {
    expect(show([], [])).toEqual(["end |"]);
  });

  it("looks at every row from the last, tells its place, and waits where there is an award", () => {
    const lines = ["a A10", "b A20", "c"];
    expect(show(lines, lines)).toEqual([
      "look 2 c",
      "place 2 c #3",
      "look 1 b",
      "place 1 b #2",
      "look 0 a",
      "place 0 a #1 winner first-to-solve-A |",
      "end |",
    ]);
  });

  it("looks at the team that comes into the row when another rises from it", () => {
    expect(show(["a A10", "b A20 B?1"], ["a A10", "b A20 B250"])).toEqual([
      "look 1 b",
      "b B?",
      "b B+250",
      "b 1>0 #1",
      "look 1 a",
      "place 1 a #2 first-to-solve-A |",
      "look 0 b",
      "place 0 b #1 winner first-to-solve-B |",
      "end |",
    ]);
  });

  it("waits at every step from the last place with a medal on", () => {
    const frozen = ["a A10 B20", "b A20 B?1", "c A30"];
    expect(show(frozen, ["a A10 B20", "b A20 B-1", "c A30"], medalRules("1/1/0"))).toEqual([
      "look 2 c",
      "place 2 c #3",
      "look 1 b |",
      "b B? |",
      "b B-1 |",
      "place 1 b #2 silver-medal |",
      "look 0 a |",
      "place 0 a #1 winner gold-medal first-to-solve-A first-to-solve-B |",
      "end |",
    ]);
  });

  it("waits at a place that goes with a medal, though who is there solved nothing", () => {
    const lines = ["a A10", "b"];
    expect(show(lines, lines, medalRules("1/1/0"))).toContain("place 1 b #2 |");
  });
});

describe("a pending problem", () => {
  it.each<[what: string, frozen: string[], final: string[], steps: string[]]>([
    [
      "is told before the place",
      ["a A10", "b A?1"],
      ["a A10", "b A-1"],
      ["b A?", "b A-1", "place 1 b #2", "place 0 a #1 winner first-to-solve-A"],
    ],
    [
      "has all its attempts told together",
      ["a A10", "b B-1?3"],
      ["a A10", "b B260-3"],
      ["b B?", "b B+260-3", "place 1 b #2 first-to-solve-B", "place 0 a #1 winner first-to-solve-A"],
    ],
    [
      "of compile errors alone becomes untouched",
      ["a A10", "b B?2"],
      ["a A10", "b B"],
      ["b B?", "b B", "place 1 b #2", "place 0 a #1 winner first-to-solve-A"],
    ],
    [
      "is told in the order of the problems, whichever is easier",
      ["a A10 B10 C10 D10", "b C?1 A?1 B?1"],
      ["a A10 B10 C10 D10", "b C250 A-1 B250"],
      [
        "b A?",
        "b A-1",
        "b B?",
        "b B+250",
        "b C?",
        "b C+250",
        "place 1 b #2",
        "place 0 a #1 winner first-to-solve-A first-to-solve-B first-to-solve-C first-to-solve-D",
      ],
    ],
    [
      "of the riser comes after the team that it passed",
      ["a A10 B10", "b A20", "c A15-1 B?1 C?1"],
      ["a A10 B10", "b A20", "c A15-1 B250 C-1"],
      [
        "c B?",
        "c B+250",
        "c 2>1 #2",
        "place 2 b #3",
        "c C?",
        "c C-1",
        "place 1 c #2",
        "place 0 a #1 winner first-to-solve-A first-to-solve-B",
      ],
    ],
    [
      "can lift a team from the last row to the first",
      ["a A10", "b A20", "c A30 B?1"],
      ["a A10", "b A20", "c A30 B299"],
      [
        "c B?",
        "c B+299",
        "c 2>0 #1",
        "place 2 b #3",
        "place 1 a #2 first-to-solve-A",
        "place 0 c #1 winner first-to-solve-B",
      ],
    ],
    [
      "costs the penalty of its rejected attempts, which can keep a team below",
      ["a A10 B239-1", "b A20 B?2"],
      ["a A10 B239-1", "b A20 B245-1"],
      ["b B?", "b B+245-1", "place 1 b #2", "place 0 a #1 winner first-to-solve-A first-to-solve-B"],
    ],
    [
      "makes a tie that goes by name",
      ["b A10 B240", "a A10 B?1"],
      ["b A10 B240", "a A10 B240"],
      [
        "a B?",
        "a B+240",
        "a 1>0 #1",
        "place 1 b #1 winner",
        "place 0 a #1 winner first-to-solve-A first-to-solve-B",
      ],
    ],
  ])("%s", (_, frozen, final, steps) => {
    expect(told(frozen, final)).toEqual(steps);
  });
});

// The place of who ties with a team that may still rise would tell whether it does.
describe("a place in a tie", () => {
  it.each<[what: string, rules: AwardRules, frozen: string[], final: string[], steps: string[]]>([
    [
      "is told with the other's when the other fails",
      medalRules("1/1/0"),
      ["a A10 B?1", "b A10"],
      ["a A10 B-1", "b A10"],
      ["a B?", "a B-1", "place 1 b #1 winner gold-medal", "place 0 a #1 winner gold-medal first-to-solve-A"],
    ],
    [
      "is told once the other has left it",
      medalRules("1/1/0"),
      ["a A10 B?1", "b A10"],
      ["a A10 B250", "b A10"],
      [
        "a B?",
        "a B+250",
        "a 0>0 #1",
        "place 1 b #2 silver-medal",
        "place 0 a #1 winner gold-medal first-to-solve-A first-to-solve-B",
      ],
    ],
    [
      "is told at once when nothing is pending in the tie",
      medalRules("1/1/0"),
      ["a A10", "b A10", "c A5 B?1"],
      ["a A10", "b A10", "c A5 B-1"],
      [
        "place 2 b #2 silver-medal",
        "place 1 a #2 silver-medal",
        "c B?",
        "c B-1",
        "place 0 c #1 winner gold-medal first-to-solve-A",
      ],
    ],
    [
      "waits for all of three",
      noMedals,
      ["a A10 B?1", "b A10 B?1", "c A10"],
      ["a A10 B-1", "b A10 B250", "c A10"],
      [
        "b B?",
        "b B+250",
        "b 1>0 #1",
        "a B?",
        "a B-1",
        "place 2 c #2",
        "place 1 a #2 first-to-solve-A",
        "place 0 b #1 winner first-to-solve-B",
      ],
    ],
    [
      "waits at nothing solved too",
      noMedals,
      ["a A?1", "b", "c"],
      ["a A250", "b", "c"],
      ["a A?", "a A+250", "a 0>0 #1", "place 2 c #2", "place 1 b #2", "place 0 a #1 winner first-to-solve-A"],
    ],
    [
      "does not wait for a team that is better already",
      noMedals,
      ["a A10 B?1", "b A11"],
      ["a A10 B250", "b A11"],
      ["place 1 b #2", "a B?", "a B+250", "place 0 a #1 winner first-to-solve-A first-to-solve-B"],
    ],
  ])("%s", (_, rules, frozen, final, steps) => {
    expect(told(frozen, final, rules)).toEqual(steps);
  });
});
