import { describe, expect, it } from "vitest";
import type { ContestState, ContestTimes, OpenMatters, TimedContest } from "../protocol/contest-times.ts";
import {
  finalise,
  frozenSentence,
  isOver,
  nextChange,
  stateMoments,
  statusAt,
  thaw,
  undecided,
} from "./contest-state.ts";
import { at, fiveHours, minutes, removed } from "./contest-times-testing.ts";

const contest = undecided(fiveHours);
const thawed: TimedContest = { ...contest, thawedAt: at(400) };
const finalised: TimedContest = { ...contest, finalisedAt: at(500) };
const both: TimedContest = { ...thawed, finalisedAt: at(500) };
const unfrozen: TimedContest = undecided({ ...fiveHours, freezeMs: 0 });
const slow: ContestTimes = { ...fiveHours, teams: { slow: { extraMs: minutes(30), beganAt: null } } };
const withoutStart = undecided({ ...fiveHours, startAt: null });
const pausedIn = (minute: number): TimedContest => undecided({ ...fiveHours, pausedAt: at(minute) });

describe("the state of a contest", () => {
  it.each<[what: string, contest: TimedContest, minute: number, state: ContestState, boardFrozen: boolean]>([
    ["is scheduled without a start", withoutStart, 100, "scheduled", false],
    ["is scheduled before the start", contest, -1, "scheduled", false],
    ["is running from the start on", contest, 0, "running", false],
    ["is running until the freeze", contest, 239, "running", false],
    ["is frozen from the freeze on", contest, 240, "frozen", true],
    ["is frozen until the end", contest, 299, "frozen", true],
    [
      "is frozen from the start on with a freeze as long as the contest",
      undecided({ ...fiveHours, freezeMs: minutes(300) }),
      0,
      "frozen",
      true,
    ],
    ["is running all the time without a freeze", unfrozen, 299, "running", false],
    [
      "is running where time was removed and the clock is not so far",
      undecided({ ...fiveHours, removed: [removed(10, 20)] }),
      245,
      "running",
      false,
    ],
    ["is frozen while a team has extra time", undecided(slow), 320, "frozen", true],
    ["is ended when that is over", undecided(slow), 330, "ended", true],
    ["is ended at the end, and the board still frozen", contest, 300, "ended", true],
    ["is ended without a frozen board when there was no freeze", unfrozen, 300, "ended", false],
    ["is ended until the thaw", thawed, 399, "ended", true],
    ["is thawed from the thaw on", thawed, 400, "thawed", false],
    ["is finalised before a thaw, and the board still frozen", finalised, 500, "finalised", true],
    ["is finalised after a thaw", both, 500, "finalised", false],
    [
      "is finalised, and its board thawed afterwards",
      { ...contest, finalisedAt: at(500), thawedAt: at(510) },
      510,
      "finalised",
      false,
    ],
    ["is finalised without a freeze", { ...unfrozen, finalisedAt: at(500) }, 500, "finalised", false],
  ])("%s", (_, contest, minute, state, boardFrozen) => {
    expect(statusAt(contest, at(minute))).toEqual({ state, paused: false, boardFrozen });
  });

  it.each<[what: string, contest: TimedContest, minute: number, state: ContestState, paused: boolean]>([
    ["is not paused before the pause", pausedIn(100), 99, "running", false],
    ["is running and paused from then on", pausedIn(100), 100, "running", true],
    ["stays so, however late it gets", pausedIn(100), 1000, "running", true],
    ["is frozen and paused in the freeze", pausedIn(250), 1000, "frozen", true],
    [
      "is over, and not paused, when it was ended in a pause",
      undecided({ ...fiveHours, durationMs: minutes(100), freezeMs: 0, pausedAt: at(100) }),
      130,
      "ended",
      false,
    ],
  ])("%s", (_, contest, minute, state, paused) => {
    expect(statusAt(contest, at(minute))).toMatchObject({ state, paused });
    expect(isOver(contest, at(minute))).toBe(state === "ended");
  });
});

describe("the next change of the state by itself", () => {
  it.each<
    [what: string, contest: TimedContest, minute: number, next: [minute: number, state: ContestState] | null]
  >([
    ["is the start", contest, -100, [0, "running"]],
    ["is the freeze", contest, 0, [240, "frozen"]],
    ["is the freeze until its last millisecond", contest, 239.9999, [240, "frozen"]],
    ["is the end", contest, 240, [300, "ended"]],
    ["is the end without a freeze", unfrozen, 10, [300, "ended"]],
    ["is the last team's end", undecided(slow), 300, [330, "ended"]],
    [
      "is the freeze after what was removed",
      undecided({ ...fiveHours, removed: [removed(10, 20)] }),
      240,
      [250, "frozen"],
    ],
    [
      "is the start, which is the freeze too",
      undecided({ ...fiveHours, freezeMs: minutes(300) }),
      -1,
      [0, "frozen"],
    ],
    ["is none after the end: thaw and finalise are decisions", contest, 300, null],
    ["is none after a thaw", thawed, 450, null],
    ["is none in a pause", pausedIn(100), 200, null],
    ["is none in a pause in the freeze", pausedIn(250), 260, null],
    ["is none without a start", withoutStart, 0, null],
  ])("%s", (_, contest, minute, next) => {
    const change = nextChange(contest, at(minute));
    expect(change === null ? null : [change.at, change.status.state]).toEqual(
      next === null ? null : [at(next[0]), next[1]],
    );
  });
});

describe("the moments of CLICS's state", () => {
  it.each<[what: string, contest: TimedContest, minute: number, moments: (number | null)[]]>([
    ["have not come before the start", contest, -1, [null, null, null, null, null, null]],
    ["begin with the start", contest, 0, [0, null, null, null, null, null]],
    ["go on with the freeze", contest, 250, [0, 240, null, null, null, null]],
    ["go on with the end", contest, 310, [0, 240, 300, null, null, null]],
    ["go on with the thaw", thawed, 410, [0, 240, 300, 400, null, null]],
    ["close with the later of thaw and finalise", both, 510, [0, 240, 300, 400, 500, 500]],
    ["do not close while the board is frozen", finalised, 510, [0, 240, 300, null, 500, null]],
    [
      "close with a thaw after the results are final",
      { ...contest, finalisedAt: at(500), thawedAt: at(520) },
      530,
      [0, 240, 300, 520, 500, 520],
    ],
    [
      "close with finalise when nothing froze",
      { ...unfrozen, finalisedAt: at(500) },
      510,
      [0, null, 300, null, 500, 500],
    ],
    ["know nothing of what comes later", both, 310, [0, 240, 300, null, null, null]],
    ["wait for the last team", undecided(slow), 310, [0, 240, null, null, null, null]],
  ])("%s", (_, contest, minute, moments) => {
    const { started, frozen, ended, thawed, finalised, endOfUpdates } = stateMoments(contest, at(minute));
    const inOrder = [started, frozen, ended, thawed, finalised, endOfUpdates];
    expect(inOrder).toEqual(moments.map((moment) => (moment === null ? null : at(moment))));
  });
});

describe("a thaw", () => {
  it.each<[what: string, contest: TimedContest, minute: number]>([
    ["is possible at the end", contest, 300],
    ["is possible once the results are final", finalised, 510],
  ])("%s", (_, contest, minute) => {
    expect(thaw(contest, at(minute))).toEqual({ ok: true, contest: { ...contest, thawedAt: at(minute) } });
  });

  it.each<[what: string, contest: TimedContest, minute: number, refusal: string]>([
    ["before the start", contest, -1, "The contest is not over: its board can be thawed after the end only."],
    [
      "before the freeze",
      contest,
      100,
      "The contest is not over: its board can be thawed after the end only.",
    ],
    ["in the freeze", contest, 299, "The contest is not over: its board can be thawed after the end only."],
    [
      "while a team has extra time",
      undecided(slow),
      310,
      "The contest is not over: its board can be thawed after the end only.",
    ],
    ["twice", thawed, 410, "The board is thawed already."],
    ["without a freeze", unfrozen, 310, "The board never froze: there is nothing to thaw."],
  ])("is refused %s", (_, contest, minute, refusal) => {
    expect(thaw(contest, at(minute))).toEqual({ ok: false, refusal });
  });
});

describe("final results", () => {
  const nothing: OpenMatters = { pending: 0, judgingErrors: 0, unanswered: 0 };

  it.each<[what: string, contest: TimedContest, minute: number]>([
    ["are declared at the end, also while the board is frozen", contest, 300],
    ["are declared after a thaw", thawed, 410],
  ])("%s", (_, contest, minute) => {
    expect(finalise(contest, nothing, at(minute))).toEqual({
      ok: true,
      contest: { ...contest, finalisedAt: at(minute) },
    });
  });

  it.each<[what: string, contest: TimedContest, minute: number, open: Partial<OpenMatters>, refusal: string]>(
    [
      ["before the start", contest, -1, {}, "The contest is not over: its results cannot be final."],
      ["while it runs", contest, 100, {}, "The contest is not over: its results cannot be final."],
      ["in the freeze", contest, 250, {}, "The contest is not over: its results cannot be final."],
      ["in a pause", pausedIn(100), 500, {}, "The contest is not over: its results cannot be final."],
      [
        "while a team has extra time",
        undecided(slow),
        310,
        {},
        "The contest is not over: its results cannot be final.",
      ],
      ["twice", finalised, 510, {}, "The results are final already."],
      [
        "with a submission not judged",
        contest,
        310,
        { pending: 1 },
        "The results cannot be final: one submission is not judged.",
      ],
      [
        "with a judging error",
        contest,
        310,
        { judgingErrors: 2 },
        "The results cannot be final: 2 submissions could not be judged.",
      ],
      [
        "with a question not answered",
        contest,
        310,
        { unanswered: 1 },
        "The results cannot be final: one clarification request is not answered.",
      ],
      [
        "with all of these",
        contest,
        310,
        { pending: 3, judgingErrors: 1, unanswered: 2 },
        "The results cannot be final: 3 submissions are not judged, one submission could not be judged, 2 clarification requests are not answered.",
      ],
    ],
  )("are refused %s", (_, contest, minute, open, refusal) => {
    expect(finalise(contest, { ...nothing, ...open }, at(minute))).toEqual({ ok: false, refusal });
  });
});

describe("the sentence of a frozen board", () => {
  const sentence =
    "The scoreboard was frozen with 60 minutes remaining - submissions in the last 60 minutes of the contest are still shown as pending.";

  it.each<[what: string, contest: TimedContest, minute: number, said: string | null]>([
    ["is not said before the freeze", contest, 239, null],
    ["is said in the freeze", contest, 240, sentence],
    ["is said after the end", contest, 310, sentence],
    ["is said once the results are final, until the thaw", finalised, 510, sentence],
    ["is not said after the thaw", thawed, 410, null],
    ["is not said without a freeze", unfrozen, 310, null],
    ["counts a begun minute", undecided({ ...fiveHours, freezeMs: minutes(59) + 1 }), 260, sentence],
  ])("%s", (_, contest, minute, said) => {
    expect(frozenSentence(contest, at(minute))).toBe(said);
  });
});
