import { describe, expect, it } from "vitest";
import type { ContestFormat, Feedback } from "../../protocol/contest-format.ts";
import { feedbackOf } from "./known.ts";
import { homeworkFormat, icpcFormat, ioiFormat } from "./testing.ts";

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
