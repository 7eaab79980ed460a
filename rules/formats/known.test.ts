import { describe, expect, it } from "vitest";
import type { ContestFormat, Feedback } from "../../protocol/contest-format.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import type { View } from "../scoreboard.ts";
import { feedbackOf, knownAttempts, knownUntil } from "./known.ts";
import { attempts, clock, homeworkFormat, icpcFormat, ioiFormat } from "./testing.ts";

const silent: ContestFormat = { ...ioiFormat, feedback: "none" };
const scoreOnly: ContestFormat = { ...ioiFormat, feedback: "score" };

describe("what a team is told of its own submissions", () => {
  it.each<[format: string, settings: ContestFormat, over: boolean, feedback: Feedback]>([
    ["icpc", icpcFormat, false, "full"],
    ["homework", homeworkFormat, false, "full"],
    ["ioi with full feedback", ioiFormat, false, "full"],
    ["ioi with scores only", scoreOnly, false, "score"],
    ["ioi without feedback", silent, false, "none"],
    ["ioi with scores only, once it is over", scoreOnly, true, "full"],
    ["ioi without feedback, once it is over", silent, true, "full"],
  ])("%s", (_format, settings, over, feedback) => {
    expect(feedbackOf(settings, over)).toBe(feedback);
  });
});

describe("results are known", () => {
  const noFreeze = { ...clock, freezeMs: 0 };
  it.each<
    [rule: string, format: ContestFormat, times: typeof clock, view: View, over: boolean, until: number]
  >([
    ["to the jury always", icpcFormat, clock, "jury", false, Infinity],
    ["to the jury also without feedback", silent, clock, "jury", false, Infinity],
    ["to the public up to the freeze", icpcFormat, clock, "public", false, 240 * MINUTE_MS],
    ["to the public up to the freeze also after the end", icpcFormat, clock, "public", true, 240 * MINUTE_MS],
    ["to the public always where nothing freezes", icpcFormat, noFreeze, "public", false, Infinity],
    ["to the public never, without feedback", silent, noFreeze, "public", false, 0],
    ["to the public at the end, without feedback", silent, noFreeze, "public", true, Infinity],
    ["to the public at the end up to the freeze", silent, clock, "public", true, 240 * MINUTE_MS],
    ["to the public as scores, where only those are told", scoreOnly, noFreeze, "public", false, Infinity],
  ])("%s", (_rule, format, times, view, over, until) => {
    expect(knownUntil(format, times, view, over)).toBe(until);
  });
});

describe("the attempts that count", () => {
  const shown = (text: string, known: number): string =>
    knownAttempts(attempts(text), clock, known)
      .map(({ submission, result }) => `${submission} ${result?.verdict ?? "-"}`)
      .join(", ");

  it.each<[rule: string, tried: string, known: number, shown: string]>([
    ["have their results", "WA@5 AC@6", Infinity, "1 WA, 2 AC"],
    ["begin with the contest", "AC@0", Infinity, "1 AC"],
    ["end one millisecond before its end", "AC@299:59.999 AC@300 AC@301", Infinity, "1 AC"],
    [
      "have none from the first millisecond that is not known",
      "AC@239:59.999 AC@240",
      240 * MINUTE_MS,
      "1 AC, 2 -",
    ],
    ["hide even a compile error", "CE@240", 240 * MINUTE_MS, "1 -"],
    ["have none at all where nothing is known", "AC@0 WA@5", 0, "1 -, 2 -"],
  ])("%s", (_rule, tried, known, expected) => {
    expect(shown(tried, known)).toBe(expected);
  });

  it("are not those before the start", () => {
    const early = attempts("AC@0").map((attempt) => ({ ...attempt, at: -1 }));
    expect(knownAttempts(early, clock, Infinity)).toEqual([]);
  });
});
