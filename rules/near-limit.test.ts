import { describe, expect, it } from "vitest";
import type { RunVerdict } from "../protocol/verdict.ts";
import { nextStep, stopAfterMs, type Step, type TimedRun } from "./near-limit.ts";
import { seededRandom } from "./seeded-random.ts";

const LIMIT = 1000;

function run(verdict: RunVerdict, cpuMs: number, more: Partial<TimedRun> = {}): TimedRun {
  return { verdict, cpuMs, stopped: null, hostOverloaded: false, ...more };
}
const step = (...runs: TimedRun[]): Step => nextStep(runs, LIMIT);

const again: Step = { type: "run again alone" };
const counts = (index: number): Step => ({ type: "counts", index });
const overloaded: Step = { type: "host overloaded" };

const loop = run("TLE", 1104, { stopped: "cpu" });
const sleeper = run("TLE", 5, { stopped: "wall" });
const starved = run("TLE", 200, { stopped: "wall", hostOverloaded: true });

describe("the first run of a test", () => {
  it.each<[what: string, run: TimedRun, step: Step]>([
    ["counts when it is far below the limit", run("AC", 899), counts(0)],
    ["is repeated when it is just below the limit", run("AC", 900), again],
    ["is repeated when it is just above the limit", run("TLE", 1001), again],
    ["is repeated up to a tenth above the limit", run("TLE", 1100), again],
    ["counts when it ended by itself beyond that", run("TLE", 1101), counts(0)],
    ["counts when it was an endless loop", loop, counts(0)],
    // The sandbox may stop a program by a coarser measure than the one that it then tells.
    [
      "counts when it was stopped for its CPU time, seemingly in the band",
      { ...loop, cpuMs: 1095 },
      counts(0),
    ],
    ["counts when a wrong answer came near the limit", run("WA", 990), counts(0)],
    ["counts when a crash came near the limit", run("RTE", 990), counts(0)],
    ["counts when it slept on an idle host", sleeper, counts(0)],
    ["is repeated when it was stopped at the wall of an overloaded host", starved, again],
    [
      "is repeated when an overloaded host may have made its CPU time longer",
      { ...loop, hostOverloaded: true },
      again,
    ],
    [
      "counts when it kept the time on an overloaded host",
      run("AC", 500, { hostOverloaded: true }),
      counts(0),
    ],
    ["is repeated at the wall, near the CPU limit", run("TLE", 950, { stopped: "wall" }), again],
  ])("%s", (_, first, expected) => {
    expect(step(first)).toEqual(expected);
  });
});

describe("a test that ran more than once", () => {
  it("is done after one more run when it was accepted near the limit", () => {
    expect(step(run("AC", 950), run("AC", 930))).toEqual(counts(1));
    expect(step(run("AC", 950), run("AC", 970))).toEqual(counts(0));
  });

  it("is accepted when it was accepted once, whatever another run did", () => {
    expect(step(run("AC", 950), run("TLE", 1010))).toEqual(counts(0));
    expect(step(run("AC", 950), run("WA", 900))).toEqual(counts(0));
    expect(step(run("TLE", 1010), run("AC", 990))).toEqual(counts(1));
  });

  it("is settled by the first run in time, also when that is no accepted one", () => {
    expect(step(run("TLE", 1010), run("WA", 990))).toEqual(counts(1));
  });

  it("is TLE with its least CPU time after three runs just above the limit", () => {
    expect(step(run("TLE", 1050), run("TLE", 1020))).toEqual(again);
    expect(step(run("TLE", 1050), run("TLE", 1020), run("TLE", 1060))).toEqual(counts(1));
  });

  it("is TLE at once when the run alone was clear", () => {
    expect(step(run("TLE", 1050), loop)).toEqual(counts(0));
    expect(step({ ...loop, hostOverloaded: true }, { ...loop, hostOverloaded: true })).toEqual(counts(0));
  });

  it("that starved beside others and slept alone is a sleeper", () => {
    expect(step(starved, sleeper)).toEqual(counts(1));
  });

  it("is no verdict when it starved every time, even alone", () => {
    expect(step(starved, starved)).toEqual(again);
    expect(step(starved, starved, starved)).toEqual(overloaded);
  });

  it("is TLE when it once had half of its time before the wall", () => {
    const half = { ...starved, cpuMs: 500 };
    expect(step(starved, half, starved)).toEqual(counts(0));
  });
});

describe("whatever the runs are", () => {
  const random = seededRandom(3);
  const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];
  const anyRun = (): TimedRun => {
    const stopped = pick([null, "cpu", "wall"] as const);
    const cpuMs = stopped === "cpu" ? stopAfterMs(LIMIT) + random() * 50 : random() * stopAfterMs(LIMIT);
    const inTime = pick<RunVerdict>(["AC", "WA", "RTE", "MLE", "OLE"]);
    const verdict = stopped !== null || cpuMs > LIMIT ? "TLE" : inTime;
    return { verdict, cpuMs, stopped, hostOverloaded: random() < 0.5 };
  };
  /** Runs a test until it is decided. */
  const judge = (): { runs: TimedRun[]; end: Step } => {
    const runs = [anyRun()];
    for (;;) {
      const end = nextStep(runs, LIMIT);
      if (end.type !== "run again alone") return { runs, end };
      runs.push(anyRun());
    }
  };
  const judged = Array.from({ length: 5000 }, judge);

  it("a test runs three times at most", () => {
    expect(new Set(judged.map(({ runs }) => runs.length))).toEqual(new Set([1, 2, 3]));
  });

  it("a run that timed out never counts against one that did not, nor any against an accepted one", () => {
    for (const { runs, end } of judged) {
      if (end.type !== "counts") continue;
      const verdict = runs[end.index]?.verdict;
      if (runs.some((other) => other.verdict !== "TLE")) expect(verdict).not.toBe("TLE");
      if (runs.some((other) => other.verdict === "AC")) expect(verdict).toBe("AC");
    }
  });

  it("only programs that never ended, and never had half of their time, are no verdict", () => {
    const undecided = judged.filter(({ end }) => end.type === "host overloaded");
    expect(undecided.length).toBeGreaterThan(0);
    for (const { runs } of undecided)
      expect(runs.every(({ stopped, cpuMs }) => stopped === "wall" && cpuMs < LIMIT / 2)).toBe(true);
  });
});

it("a submission is stopped beyond the band, never in it", () => {
  for (const limit of [1, 50, 333, 1000, 1550, 60_000]) {
    expect(stopAfterMs(limit)).toBeGreaterThanOrEqual(limit + limit / 10);
    expect(nextStep([run("TLE", stopAfterMs(limit) + 1)], limit)).toEqual(counts(0));
  }
});
