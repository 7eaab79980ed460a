import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { ContestTimes, TimesEdit, TimesPreview } from "../protocol/contest-times.ts";
import { nextChange, statusAt, undecided } from "./contest-state.ts";
import {
  contestTime,
  endAt,
  freezeAt,
  freezeHasBegun,
  freezeTime,
  lastEndAt,
  remainingTime,
  submissionTime,
  timesOf,
  wallTime,
  wholeLength,
} from "./contest-times.ts";
import { editTimes, timesProblem } from "./contest-times-edit.ts";
import { editContest, previewEdit } from "./contest-times-preview.ts";
import { LATE, storyTeller } from "./contest-times-stories.ts";

const { upTo, times, anyClock, anyEdit, anyStory } = storyTeller(11);
const everyMoment = Array.from({ length: LATE }, (_, moment) => moment);
const stories = times(160, anyStory);
const steps = stories.flat();
const teams = [null, "t0", "t1", "t2"];
/** What a story came to, one contest of each. */
const contests = stories.map((story) => story.at(-1)?.after ?? timesOf(anyClock()));

describe("whatever has become of a contest's times", () => {
  it("every kind of edit has been possible", () => {
    const done = new Set(steps.map(({ edit }) => edit.type));
    expect([...done].toSorted()).toEqual(
      TimesEdit.options.map(({ entries }) => entries.type.literal).toSorted(),
    );
    expect(steps.length).toBeGreaterThan(1_000);
  });

  it("they are free of problems and as the wire has them", () => {
    for (const { edit, after } of steps) {
      expect(timesProblem(after)).toBeNull();
      expect(v.parse(ContestTimes, JSON.parse(JSON.stringify(after)))).toEqual(after);
      expect(v.parse(TimesEdit, edit)).toEqual(edit);
    }
  });

  it("contest time never goes back, and in a millisecond passes one or none", () => {
    for (const contest of contests) {
      for (const team of teams) {
        const passed = everyMoment.map(
          (at) => contestTime(contest, at + 1, team) - contestTime(contest, at, team),
        );
        expect(passed.filter((ms) => ms !== 0 && ms !== 1)).toEqual([]);
      }
    }
  });

  it("contest time leads back to its moment, outside what is removed and the pause", () => {
    for (const contest of contests) {
      for (const team of teams) {
        const from = wallTime(contest, 0, team) ?? Infinity;
        const to = endAt(contest, team) ?? contest.pausedAt ?? -Infinity;
        const outside = everyMoment.filter(
          (at) =>
            at >= from && at <= to && !contest.removed.some((still) => still.from < at && at <= still.to),
        );
        expect(outside.map((at) => wallTime(contest, contestTime(contest, at, team), team))).toEqual(outside);
      }
    }
  });

  it("a moment of contest time has that contest time", () => {
    for (const contest of contests) {
      const known = everyMoment.filter(
        (time) => time <= contest.durationMs && wallTime(contest, time) !== null,
      );
      expect(known.map((time) => contestTime(contest, wallTime(contest, time) ?? -1))).toEqual(known);
    }
  });

  it("all contest time together is the duration, whatever is removed", () => {
    for (const contest of contests) {
      const end = endAt(contest);
      if (contest.startAt === null || end === null) continue;
      const inRemoved = (at: number): boolean =>
        contest.removed.some(({ from, to }) => from <= at && at < to);
      let running = 0;
      for (let at = contest.startAt; at < end; at++) running += Number(!inRemoved(at));
      expect(running).toBe(contest.durationMs);
    }
  });

  it("what has passed and what is left make up everybody's time", () => {
    for (const contest of contests) {
      const sums = everyMoment.map((at) => contestTime(contest, at) + (remainingTime(contest, at) ?? NaN));
      expect([...new Set(sums)]).toEqual([contest.durationMs]);
    }
  });

  it("the next change of the state comes when it is said to, and nothing changes before", () => {
    for (const contest of contests.map(undecided)) {
      const words = [...everyMoment, LATE].map((at) => {
        const { state, boardFrozen } = statusAt(contest, at);
        return `${state} ${boardFrozen}`;
      });
      const changes = everyMoment.filter((at) => at > 0 && words[at] !== words[at - 1]);
      const wanted = everyMoment.map((at) => changes.find((change) => change > at) ?? null);
      const told = everyMoment.map((at) => nextChange(contest, at));
      const soon = told.map((next) => (next === null || next.at >= LATE ? null : next.at));
      expect(soon).toEqual(wanted);
      const then = told.filter((next) => next !== null);
      expect(then.map(({ status }) => status)).toEqual(then.map(({ at }) => statusAt(contest, at)));
    }
  });

  it("a board is frozen from the freeze until it is thawed", () => {
    for (const contest of contests) {
      const from = freezeAt(contest) ?? Infinity;
      const frozen = everyMoment.filter((at) => statusAt(undecided(contest), at).boardFrozen);
      expect(frozen).toEqual(everyMoment.filter((at) => at >= from));
    }
  });
});

describe("whatever edit is possible", () => {
  it("shows nothing that the public has not seen: what was hidden stays so, or falls out of the contest", () => {
    let hidden = 0;
    for (const { now, before, after } of steps) {
      for (const team of ["t0", "t1", "nobody"]) {
        const secret = everyMoment.filter((at) => at < now && submissionTime(before, team, at).frozen);
        hidden += secret.length;
        const later = secret.map((at) => submissionTime(after, team, at));
        expect(later.filter(({ at, frozen }) => at !== null && !frozen)).toEqual([]);
      }
    }
    expect(hidden).toBeGreaterThan(1_000);
  });

  it("keeps a freeze that has begun, and never makes one begin before now but where the clock stood still", () => {
    for (const { now, before, after } of steps) {
      if (freezeHasBegun(before, now)) {
        expect(freezeHasBegun(after, now)).toBe(true);
        expect(freezeAt(after)).toBeLessThanOrEqual(freezeAt(before) ?? -1);
      } else if (freezeHasBegun(after, now)) {
        expect(contestTime(after, now)).toBe(freezeTime(after));
      }
    }
  });

  it("leaves nobody whose time went on with an end in the past, but to take a removal back", () => {
    for (const { now, edit, before, after } of steps) {
      if (edit.type === "restore") continue;
      for (const team of teams) {
        const [was, is] = [endAt(before, team), endAt(after, team)];
        if (was !== null && was > now && is !== null) expect(is).toBeGreaterThanOrEqual(now);
      }
    }
  });

  it("is the edit that was previewed, with the consequences that it has", () => {
    for (const { now, edit, before, after } of steps) {
      const submissions = [0, 1, 2, 3, 4, 5, 6, 7].map((id) => ({
        id: `s${id}`,
        team: `t${upTo(3)}`,
        receivedAt: upTo(now),
      }));
      const contest = undecided(before);
      const result = previewEdit(contest, edit, now, submissions);
      if (!result.ok) throw new Error(result.refusal);
      const { preview } = result;
      expect(editContest(contest, edit, now)).toEqual({ ok: true, contest: result.contest });
      expect(result.contest.times).toEqual(after);
      expect(v.parse(TimesPreview, preview)).toEqual(preview);
      expect([preview.after.endAt, preview.after.freezeAt]).toEqual([lastEndAt(after), freezeAt(after)]);
      const told = new Map(preview.submissions.map((one) => [one.submission, one.after]));
      expect(
        submissions.map(
          ({ id, team, receivedAt }) => told.get(id) ?? submissionTime(before, team, receivedAt),
        ),
      ).toEqual(submissions.map(({ team, receivedAt }) => submissionTime(after, team, receivedAt)));
    }
  });

  it("is refused by the preview as it is by itself", () => {
    for (const contest of contests) {
      const now = upTo(LATE);
      const edit = anyEdit(now, contest);
      const [itself, previewed] = [
        editTimes(contest, edit, now),
        previewEdit(undecided(contest), edit, now, []),
      ];
      expect(itself.ok).toBe(previewed.ok);
      if (!itself.ok && !previewed.ok) expect(previewed.refusal).toBe(itself.refusal);
      if (!itself.ok) expect(itself.refusal).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe("a pause", () => {
  it("that was resumed is the same as its interval removed afterwards, unless without it the board froze meanwhile", () => {
    const compared = { same: 0, froze: 0 };
    for (const contest of contests) {
      const from = upTo(LATE - 60);
      const to = from + 1 + upTo(50);
      const paused = editTimes(contest, { type: "pause" }, from);
      if (!paused.ok) continue;
      const resumed = editTimes(paused.times, { type: "resume" }, to);
      const removed = editTimes(contest, { type: "remove", from, to }, to);
      if (!resumed.ok || !removed.ok) throw new Error("One of them was refused.");
      if (freezeHasBegun(contest, to) && !freezeHasBegun(contest, from)) {
        expect([resumed, removed].map((one) => freezeHasBegun(one.times, to))).toEqual([false, true]);
        expect({ ...removed.times, freezeMs: 0 }).toEqual({ ...resumed.times, freezeMs: 0 });
        compared.froze++;
      } else {
        expect(removed).toEqual(resumed);
        compared.same++;
      }
    }
    expect(compared.same).toBeGreaterThan(20);
    expect(compared.froze).toBeGreaterThan(1);
  });

  it("looks, while it lasts, like its interval removed up to now", () => {
    for (const contest of contests) {
      const from = upTo(LATE - 60);
      const to = from + 1 + upTo(50);
      const paused = editTimes(contest, { type: "pause" }, from);
      const removed = editTimes(contest, { type: "remove", from, to }, to);
      if (!paused.ok || !removed.ok) continue;
      const clocks = [paused, removed].map((one) =>
        everyMoment.filter((at) => at < to).map((at) => contestTime(one.times, at)),
      );
      expect(clocks[0]).toEqual(clocks[1]);
    }
  });
});

describe("a removal taken back", () => {
  it("leaves the times as they were, where contest time did not stand still at the freeze", () => {
    let compared = 0;
    for (const contest of contests) {
      const now = upTo(LATE);
      const from = upTo(now);
      const to = from + 1 + upTo(20);
      const removed = editTimes(contest, { type: "remove", from, to }, now);
      const froze = freezeAt(contest);
      if (!removed.ok || (froze !== null && froze <= now && from < froze && froze <= to)) continue;
      expect(editTimes(removed.times, { type: "restore", from, to }, now)).toEqual({
        ok: true,
        times: contest,
      });
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });
});

describe("times in which nothing special is set", () => {
  const phases = {
    scheduled: "before",
    running: "running",
    frozen: "frozen",
    ended: "over",
    thawed: "",
    finalised: "",
  };

  it("are those of a contest's plain clock", () => {
    for (const clock of times(200, anyClock)) {
      const contest = timesOf(clock);
      expect(freezeTime(contest)).toBe(clock.freezeMs === 0 ? Infinity : clock.durationMs - clock.freezeMs);
      expect([lastEndAt(contest), wholeLength(contest)]).toEqual([
        clock.startAt + clock.durationMs,
        clock.durationMs,
      ]);
      expect(
        everyMoment.map((at) => ({
          phase: phases[statusAt(undecided(contest), at).state],
          time: contestTime(contest, at),
          submitted: submissionTime(contest, "a", at),
        })),
      ).toEqual(
        everyMoment.map((at) => {
          const passed = at - clock.startAt;
          const time = Math.min(Math.max(0, passed), clock.durationMs);
          const isIn = passed >= 0 && passed < clock.durationMs;
          const isFrozen = clock.freezeMs > 0 && passed >= clock.durationMs - clock.freezeMs;
          const phase = isIn ? (isFrozen ? "frozen" : "running") : passed < 0 ? "before" : "over";
          return { phase, time, submitted: { at: isIn ? time : null, frozen: isIn && isFrozen } };
        }),
      );
    }
  });
});
