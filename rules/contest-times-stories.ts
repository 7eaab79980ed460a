import type { ContestTimes, TimesEdit } from "../protocol/contest-times.ts";
import { timesOf } from "./contest-times.ts";
import { editTimes } from "./contest-times-edit.ts";
import { seededRandom } from "./seeded-random.ts";

/** Stories of contests for tests of what always holds. Their numbers are small, so that moments meet. */

/** When all of a story is over, whatever happened in it. It begins at 0. */
export const LATE = 400;

/** An edit that was possible, and what it made of the times. */
export interface Step {
  now: number;
  edit: TimesEdit;
  before: ContestTimes;
  after: ContestTimes;
}

interface Clock {
  startAt: number;
  durationMs: number;
  freezeMs: number;
}

export interface StoryTeller {
  /** A whole number from 0 to this one. */
  upTo: (most: number) => number;
  times: <T>(count: number, make: () => T) => T[];
  anyClock: () => Clock;
  /** An edit that may be possible then, or may not. */
  anyEdit: (now: number, known: ContestTimes) => TimesEdit;
  /** Edits of one contest one after the other, of which the possible ones take effect. */
  anyStory: () => Step[];
}

export function storyTeller(seed: number): StoryTeller {
  const random = seededRandom(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

  function anyClock(): Clock {
    const durationMs = 1 + upTo(150);
    return { startAt: upTo(60), durationMs, freezeMs: upTo(1) * upTo(durationMs) };
  }

  function anyEdit(now: number, known: ContestTimes): TimesEdit {
    const from = upTo(now);
    const team = `t${upTo(2)}`;
    const again = known.removed[upTo(known.removed.length)];
    const edits: TimesEdit[] = [
      { type: "start", startAt: random() < 0.3 ? "now" : now + upTo(40) },
      { type: "duration", durationMs: random() < 0.05 ? "now" : 1 + upTo(200) },
      { type: "freeze", freezeMs: random() < 0.2 ? "now" : upTo(100) },
      { type: "pause" },
      { type: "resume" },
      { type: "resume" },
      { type: "remove", from, to: from + upTo(15) },
      { type: "restore", ...(again ?? { from, to: now }) },
      { type: "extra", team, extraMs: upTo(40) },
      { type: "begin", team },
    ];
    return edits[upTo(edits.length - 1)] ?? { type: "pause" };
  }

  function anyStory(): Step[] {
    let known: ContestTimes = { ...timesOf(anyClock()), windowMs: random() < 0.3 ? 1 + upTo(80) : null };
    const steps: Step[] = [];
    for (let now = 0; now < LATE - 100; now += 1 + upTo(25)) {
      const edit = anyEdit(now, known);
      const result = editTimes(known, edit, now);
      if (!result.ok) continue;
      steps.push({ now, edit, before: known, after: result.times });
      known = result.times;
    }
    return steps;
  }

  return { upTo, times, anyClock, anyEdit, anyStory };
}
