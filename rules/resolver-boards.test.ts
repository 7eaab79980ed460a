import { describe, expect, it } from "vitest";
import { boardOfLines } from "./awards-testing.ts";
import { whyNotResolvable } from "./resolver-boards.ts";
import { show } from "./resolver-testing.ts";

describe("two boards", () => {
  it.each<[what: string, frozen: string[], final: string[], why: string]>([
    ["can be resolved where nothing is pending", ["a A10"], ["a A10"], ""],
    ["can be resolved where what was pending is judged", ["a A10 B?1"], ["a A10 B240"], ""],
    ["can be resolved though a pending problem is none in the results", ["a A?1"], ["a"], ""],
    ["cannot be with other teams", ["a A10"], ["a A10", "b"], "other_contest"],
    ["cannot be while an attempt is not judged", ["a A?1"], ["a A?1"], "unjudged a A"],
    ["cannot be while one before the accepted is not judged", ["a A?2"], ["a A250?1"], "unjudged a A"],
    ["cannot be when a solved problem is not any more", ["a A10"], ["a A-1"], "not_pending a A"],
    ["cannot be when a problem is solved that was not pending", ["a"], ["a A250"], "not_pending a A"],
    [
      "cannot be when rejected attempts were added without a pending one",
      ["a A-1"],
      ["a A-2"],
      "not_pending a A",
    ],
    ["cannot be when rejected attempts were taken back", ["a A-2?1"], ["a A250-1"], "not_pending a A"],
    ["cannot be when the pending attempt was before the freeze", ["a A?1"], ["a A239"], "not_pending a A"],
    ["cannot be when an attempt before the accepted was pending", ["a A20?1"], ["a A20"], "not_pending a A"],
    ["cannot be when a solved problem is solved earlier", ["a A20?1"], ["a A10"], "not_pending a A"],
  ])("%s", (_, frozen, final, why) => {
    const reason = whyNotResolvable(boardOfLines(frozen, true), boardOfLines(final));
    expect(Object.values(reason ?? {}).join(" ")).toBe(why);
  });

  it("cannot be resolved with another clock, other problems or another name", () => {
    const board = boardOfLines(["a A10"]);
    const others = [
      { ...board, clock: { ...board.clock, penaltyMinutes: 10 } },
      { ...board, problems: board.problems.slice(1) },
      { ...board, teams: [{ id: "a", name: "other" }] },
    ];
    expect(others.map((other) => whyNotResolvable(board, other)?.reason)).toEqual([
      "other_contest",
      "other_contest",
      "other_contest",
    ]);
  });

  it("make no show when they do not belong together", () => {
    expect(() => show(["a A?1"], ["a A?1"])).toThrow("cannot be resolved");
  });
});
