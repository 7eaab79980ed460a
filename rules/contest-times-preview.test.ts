import { describe, expect, it } from "vitest";
import type { TimedContest, TimesEdit, TimesPreview } from "../protocol/contest-times.ts";
import { undecided } from "./contest-state.ts";
import { editContest, previewEdit, type ReceivedSubmission } from "./contest-times-preview.ts";
import { at, edited, fiveHours, lasts, minutes, remove, removed } from "./contest-times-testing.ts";

const contest = undecided(fiveHours);
const broken = undecided(edited(fiveHours, [100, { type: "remove", ...removed(60, 75) }]));
const sent = (...wall: number[]): ReceivedSubmission[] =>
  wall.map((minute) => ({ id: `s${minute}`, team: "a", receivedAt: at(minute) }));

function preview(
  contest: TimedContest,
  minute: number,
  edit: TimesEdit,
  submissions: readonly ReceivedSubmission[] = [],
): TimesPreview {
  const result = previewEdit(contest, edit, at(minute), submissions);
  if (!result.ok) throw new Error(result.refusal);
  return result.preview;
}

/** In one line each: `s80: 80 -> 65 frozen`, in minutes, with `-` for out of the contest. */
function changes({ submissions }: TimesPreview): string[] {
  const word = ({ at, frozen }: { at: number | null; frozen: boolean }): string =>
    `${at === null ? "-" : at / minutes(1)}${frozen ? " frozen" : ""}`;
  return submissions.map(
    ({ submission, before, after }) => `${submission}: ${word(before)} -> ${word(after)}`,
  );
}

describe("the submissions that an edit concerns", () => {
  it.each<
    [what: string, contest: TimedContest, minute: number, edit: TimesEdit, wall: number[], changed: string[]]
  >([
    [
      "are those in a removed interval and after it",
      contest,
      120,
      remove(60, 75),
      [59, 60, 70, 75, 80],
      ["s70: 70 -> 60", "s75: 75 -> 60", "s80: 80 -> 65"],
    ],
    [
      "are those in a restored interval and after it",
      broken,
      120,
      { type: "restore", ...removed(60, 75) },
      [59, 60, 70, 80],
      ["s70: 60 -> 70", "s80: 65 -> 80"],
    ],
    [
      "fall out of a contest that is shortened afterwards",
      contest,
      310,
      lasts(290),
      [280, 290, 295, 305],
      ["s290: 290 frozen -> -", "s295: 295 frozen -> -"],
    ],
    [
      "come into a contest that is extended afterwards",
      contest,
      310,
      lasts(330),
      [295, 300, 305],
      ["s300: - -> 300 frozen", "s305: - -> 305 frozen"],
    ],
    [
      "come into it with a team's extra time",
      contest,
      310,
      { type: "extra", team: "a", extraMs: minutes(20) },
      [295, 305],
      ["s305: - -> 305 frozen"],
    ],
    ["are none when nothing but the end changes before it", contest, 100, lasts(330), [10, 50], []],
    [
      "stay hidden when what is removed lies before the freeze",
      contest,
      260,
      remove(60, 75),
      [50, 239, 241],
      ["s239: 239 -> 224", "s241: 241 frozen -> 226 frozen"],
    ],
    [
      "are hidden when the clock is said to have stood still until the freeze",
      contest,
      260,
      remove(230, 250),
      [229, 235, 245],
      ["s235: 235 -> 230 frozen", "s245: 245 frozen -> 230 frozen"],
    ],
  ])("%s", (_, contest, minute, edit, wall, changed) => {
    expect(changes(preview(contest, minute, edit, sent(...wall)))).toEqual(changed);
  });
});

describe("the preview of an edit", () => {
  it("tells the times before and after", () => {
    expect(preview(contest, 100, remove(60, 75))).toEqual({
      before: {
        status: { state: "running", paused: false, boardFrozen: false },
        contestTimeMs: minutes(100),
        freezeAt: at(240),
        endAt: at(300),
      },
      after: {
        status: { state: "running", paused: false, boardFrozen: false },
        contestTimeMs: minutes(85),
        freezeAt: at(255),
        endAt: at(315),
      },
      freezesNow: false,
      reopens: false,
      submissions: [],
    });
  });

  it("tells that the end is open in a pause", () => {
    const { before, after } = preview(contest, 100, { type: "pause" });
    expect([before.status.paused, before.endAt, after.status.paused, after.endAt]).toEqual([
      false,
      at(300),
      true,
      null,
    ]);
  });

  it.each<[what: string, minute: number, edit: TimesEdit, told: { freezesNow: boolean; reopens: boolean }]>([
    [
      "that the board freezes at once",
      100,
      { type: "freeze", freezeMs: "now" },
      { freezesNow: true, reopens: false },
    ],
    ["that a shorter contest is frozen at once", 100, lasts(130), { freezesNow: true, reopens: false }],
    ["nothing of that when it was frozen before", 250, lasts(280), { freezesNow: false, reopens: false }],
    ["that a contest goes on that was over", 310, lasts(330), { freezesNow: false, reopens: true }],
    ["that a removed interval makes it go on", 310, remove(200, 215), { freezesNow: false, reopens: true }],
    [
      "nothing of that when it is over all the same",
      330,
      remove(200, 215),
      { freezesNow: false, reopens: false },
    ],
  ])("tells %s", (_, minute, edit, told) => {
    expect(preview(contest, minute, edit)).toMatchObject(told);
  });

  it("tells that the contest starts at once, or ends at once", () => {
    expect(preview(contest, -20, { type: "start", startAt: "now" }).after.status.state).toBe("running");
    expect(preview(contest, 100, { type: "duration", durationMs: "now" }).after.status.state).toBe("ended");
  });

  it("refuses with the edit's own sentence", () => {
    expect(previewEdit(contest, { type: "resume" }, at(100), [])).toEqual({
      ok: false,
      refusal: "The contest is not paused.",
    });
  });
});

describe("decisions stand above edits", () => {
  const thawed = { ...contest, thawedAt: at(400) };

  it("no times change once the results are final", () => {
    expect(editContest({ ...contest, finalisedAt: at(400) }, remove(60, 75), at(410))).toEqual({
      ok: false,
      refusal: "The results are final: the contest's times cannot be changed any more.",
    });
  });

  it("a contest whose board is thawed does not go on", () => {
    expect(editContest(thawed, lasts(500), at(410))).toEqual({
      ok: false,
      refusal: "The board is thawed: the contest cannot go on, as everybody has seen the results.",
    });
  });

  it("a contest whose board is thawed may be put right", () => {
    const result = editContest(thawed, remove(60, 75), at(410));
    expect(result).toMatchObject({
      ok: true,
      contest: { thawedAt: at(400), times: { removed: [removed(60, 75)] } },
    });
  });
});
