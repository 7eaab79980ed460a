import { describe, expect, it } from "vitest";
import type { ContestEvent } from "../../protocol/contest.ts";
import { type AttemptEvent, attemptsOf } from "./attempts.ts";
import { logFrom } from "./testing.ts";

const sent = (submission: string, at: number, team = "t", label = "A"): AttemptEvent => ({
  type: "submission",
  submission,
  team,
  label,
  at,
});
const judged = (submission: string, verdict: "AC" | "WA", round = 1): AttemptEvent => ({
  type: "judgement",
  submission,
  round,
  verdict,
});

/** Submissions in the order in which they count, with their verdicts: `1 WA, 2 -`. */
const read = (...events: AttemptEvent[]): string =>
  attemptsOf(logFrom(events), "t", "A")
    .map(({ submission, result }) => `${submission} ${result?.verdict ?? "-"}`)
    .join(", ");

describe("the attempts of a team on a problem", () => {
  it.each<[rule: string, events: AttemptEvent[], attempts: string]>([
    ["are none where nothing was sent", [], ""],
    ["have no result until they are judged", [sent("1", 5)], "1 -"],
    ["have the judgement's result", [sent("1", 5), judged("1", "WA")], "1 WA"],
    ["have it also where it was logged first", [judged("1", "WA"), sent("1", 5)], "1 WA"],
    ["go by contest time, not by the log", [sent("2", 6), sent("1", 5)], "1 -, 2 -"],
    ["at the same time go by the log", [sent("2", 5), sent("1", 5), sent("3", 5)], "2 -, 1 -, 3 -"],
    ["count once that are logged twice", [sent("1", 5), sent("1", 5), sent("1", 9)], "1 -"],
    ["have the result of the latest round", [sent("1", 5), judged("1", "WA"), judged("1", "AC", 2)], "1 AC"],
    [
      "keep it when an earlier round comes late",
      [sent("1", 5), judged("1", "AC", 2), judged("1", "WA")],
      "1 AC",
    ],
    ["keep the first result of a round", [sent("1", 5), judged("1", "AC"), judged("1", "WA")], "1 AC"],
    ["are not those of another team", [sent("1", 5, "u")], ""],
    ["are not those on another problem", [sent("1", 5, "t", "B")], ""],
    ["are not made by a judgement alone", [judged("1", "AC")], ""],
  ])("%s", (_rule, events, attempts) => {
    expect(read(...events)).toBe(attempts);
  });

  it("have score and groups where the judgement has", () => {
    const groups = [{ name: "secret/1", score: 40 }];
    const events = [sent("1", 5), { ...judged("1", "WA"), score: 40, groups }];
    expect(attemptsOf(logFrom(events), "t", "A")[0]?.result).toEqual({ verdict: "WA", score: 40, groups });
  });

  it("are read from the events of a contest's log as they are", () => {
    const event: ContestEvent = { type: "judgement", submission: "1", round: 1, verdict: "AC" };
    expect(read(sent("1", 5), event)).toBe("1 AC");
  });
});
