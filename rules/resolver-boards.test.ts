import { describe, expect, it } from "vitest";
import type { TimedContest } from "../protocol/contest-times.ts";
import { boardOfLines, times } from "./awards-testing.ts";
import { undecided } from "./contest-state.ts";
import { homeworkFormat } from "./formats/testing.ts";
import { whyNoShow, whyNotResolvable } from "./resolver-boards.ts";
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
    ["can be resolved though one that follows the full solution is pending", ["a A20?1"], ["a A20"], ""],
    ["cannot be when what follows the full solution changed it", ["a A20?1"], ["a A20-1"], "not_pending a A"],
    ["cannot be when a solved problem is solved earlier", ["a A20?1"], ["a A10"], "not_pending a A"],
  ])("%s", (_, frozen, final, why) => {
    const reason = whyNotResolvable(boardOfLines(frozen, true), boardOfLines(final));
    expect(Object.values(reason ?? {}).join(" ")).toBe(why);
  });

  it("cannot be resolved with other rules, times or problems, or another name", () => {
    const board = boardOfLines(["a A10"]);
    const others = [
      { ...board, format: { type: "icpc" as const, penaltyMinutes: 10 } },
      { ...board, timed: undecided({ ...times, freezeMs: 1 }) },
      { ...board, problems: board.problems.slice(1) },
      { ...board, teams: [{ id: "a", name: "other", group: null, organisation: null }] },
    ];
    expect(others.map((other) => whyNotResolvable(board, other)?.reason)).toEqual([
      "other_contest",
      "other_contest",
      "other_contest",
      "other_contest",
    ]);
  });

  it("cannot be resolved where a result can cost points", () => {
    const homework = { format: homeworkFormat };
    const frozen = { ...boardOfLines(["a A?1"], true), ...homework };
    expect(whyNotResolvable(frozen, { ...boardOfLines(["a A250"]), ...homework })).toEqual({
      reason: "homework",
    });
  });

  it("make no show when they do not belong together", () => {
    expect(() => show(["a A?1"], ["a A?1"])).toThrow("cannot be resolved");
  });
});

describe("a contest has a show", () => {
  const contest = undecided(times);
  const end = times.durationMs;
  it.each<[what: string, contest: TimedContest, now: number, why: string]>([
    ["once it is over", contest, end, ""],
    ["also when its results are final", { ...contest, finalisedAt: end }, end + 1, ""],
    ["but not before its end", contest, end - 1, "not_over"],
    ["but not once everybody knows the results", { ...contest, thawedAt: end + 1 }, end + 2, "thawed"],
    ["but not without a freeze", undecided({ ...times, freezeMs: 0 }), end, "never_froze"],
  ])("%s", (_, timed, now, why) => {
    expect(whyNoShow(timed, now)?.reason ?? "").toBe(why);
  });
});
