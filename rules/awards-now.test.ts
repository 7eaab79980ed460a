import { describe, expect, it } from "vitest";
import { type ContestEvent, MINUTE_MS } from "../protocol/contest.ts";
import { awardsNow } from "./awards-now.ts";
import { medalRules, times } from "./awards-testing.ts";
import { emptyFold, fold, type View } from "./contest-board.ts";
import { undecided } from "./contest-state.ts";
import { icpcFormat, passFail } from "./formats/testing.ts";

const end = times.durationMs;
const rules = medalRules("1/0/0");
const teams = ["a", "b"].map((team): ContestEvent => {
  return { type: "team", team, name: team, group: null, organisation: null };
});

/** Who gets the gold medal and who solved A first, and whether that may change: `b b ?`. */
function awards(sent: readonly string[], now: number, view: View, thawedAt: number | null = null): string {
  const contest = emptyFold();
  const timed = { ...undecided(times), thawedAt };
  const problems = [{ ...passFail("A"), colour: "#000000" }];
  fold(contest, { type: "contest", timed, format: icpcFormat, problems, groups: [] });
  for (const team of teams) fold(contest, team);
  for (const submission of sent) {
    const [, team = "", minute, verdict] = /^(\w)@(\d+)(\+|-)?$/.exec(submission) ?? [];
    fold(contest, {
      type: "submission",
      submission,
      team,
      label: "A",
      receivedAt: Number(minute) * MINUTE_MS,
    });
    if (verdict === undefined) continue;
    const result = { verdict: verdict === "+" ? ("AC" as const) : ("WA" as const), score: null, groups: [] };
    fold(contest, { type: "judgement", submission, round: 1, ...result });
  }
  const { awards: given, provisional } = awardsNow(contest, rules, now, view);
  const of = (id: string) => given.find((award) => award.id === id)?.teams.join("") ?? "-";
  return `${of("gold-medal")} ${of("first-to-solve-A")}${provisional ? " ?" : ""}`;
}

describe("the awards of a contest", () => {
  it.each<[what: string, sent: string[], now: number, view: View, awards: string]>([
    ["may change while it runs", ["a@10+"], 20, "public", "a a ?"],
    ["are certain when it is over and nothing was sent in the freeze", ["a@10+"], end, "public", "a a"],
    ["may change while the freeze hides results", ["a@10+", "b@250-"], end, "public", "a a ?"],
    ["hide from the public who solved it in the freeze", ["b@250+"], end, "public", "- - ?"],
    ["are certain for the jury in the freeze once all is judged", ["b@250+"], end, "jury", "b b"],
    ["may change for the jury while something is not judged", ["b@250+", "a@260"], end, "jury", "b b ?"],
    ["name nobody first while an earlier one is not judged", ["a@10", "b@20+"], end, "public", "b - ?"],
  ])("%s", (_, sent, now, view, expected) => {
    expect(awards(sent, now, view)).toBe(expected);
  });

  it("are the jury's for everybody after the thaw", () => {
    expect(awards(["b@250+"], end + 2, "public", end + 1)).toBe("b b");
  });
});
