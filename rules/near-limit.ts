import type { RunVerdict } from "../protocol/verdict.ts";

/** This near to the CPU limit, on either side, a measurement could as well have come out on the other side. */
function band(cpuLimitMs: number): number {
  return cpuLimitMs / 10;
}

/** A program near its limit runs at most so often. */
const MAX_RUNS = 3;

/**
 * The CPU time after which a submission is stopped: beyond the band. Stopped at the limit itself, an endless loop
 * would look like a program that needs a little more than it has, and would be measured again every time. The verdict
 * is TLE from the limit on all the same.
 *
 * @param cpuLimitMs - the limit that the verdict goes by
 */
export function stopAfterMs(cpuLimitMs: number): number {
  return Math.ceil(cpuLimitMs + band(cpuLimitMs));
}

/** One time that a submission ran on a test. */
export interface TimedRun {
  verdict: RunVerdict;
  cpuMs: number;
  /** What stopped it for time: `stopAfterMs` of CPU time, or the wall guard; null when neither did. */
  stopped: "cpu" | "wall" | null;
  /** Whether others kept the processors from it for a good part of the time (`judge/host-load.ts`). */
  hostOverloaded: boolean;
}

export type Step =
  /** Nothing else of the judge's may run meanwhile. */
  | { type: "run again alone" }
  /** The run at this index is the test's result. */
  | { type: "counts"; index: number }
  /** Whether the program is too slow cannot be said here: a failure of the judge, never a verdict. */
  | { type: "host overloaded" };

/**
 * Whether to measure a test again, and which run is its result:
 *
 *     first run ---+-- within 10 % of the limit, AC or TLE -------------+
 *                  +-- TLE while the host was overloaded ---------------+--> again, alone
 *                  +-- anything else: it counts                         ^         |
 *                                                                       |         +-- not TLE: done
 *                        near again, or at the wall again while --------+---------+
 *                        the host was overloaded; three runs in all               +-- clearly TLE: done
 *
 * - Time alone makes a run worth repeating. A wrong answer or a crash near the limit has another cause.
 * - The best run counts: an accepted one before others, one that kept the time before one that did not, and of equals
 *   the one with the least CPU time; with all that it did, since figures of one run and output of another belong to no
 *   program. So a run too many never takes away what was reached. It follows that a program which throws dice and ends
 *   in the band on purpose when it loses may throw three times, for three times the work; every run is kept for a jury.
 * - At the wall guard on an idle host a program has slept, or waits for a partner that waits for it: that is final at
 *   once. With the host overloaded it may have starved. If that was so each time, even alone, and it never got half of
 *   the CPU time that it may use, nothing is known of it. Another attempt, later or on another judge, has to tell, and
 *   the queue bounds attempts. Nothing that a program does alone makes `hostOverloaded` true, and one that only sleeps
 *   does not under any load; but where others overload the host all the time, one that computes a little and then
 *   sleeps can leave its verdict to a jury. With more than half of it used, the guard (twice the limit and more) has
 *   been fair enough: TLE.
 *
 * Ten percent is more than the CPU time of a compute-bound program varies by under load (4 %, where that was measured);
 * a memory-bound one's varies by up to 1.8 times, which only running alone helps against.
 *
 * @param runs - in order, at least one; all but the first were alone
 * @param cpuLimitMs - the limit that the verdict goes by
 */
export function nextStep(runs: readonly TimedRun[], cpuLimitMs: number): Step {
  const last = runs.at(-1);
  if (last === undefined) throw new Error("A test that was not run has no result.");
  if (runs.length < MAX_RUNS && isWorthRepeating(runs, last, cpuLimitMs)) return { type: "run again alone" };
  if (runs.every((run) => mayHaveStarved(run, cpuLimitMs))) return { type: "host overloaded" };
  return { type: "counts", index: best(runs) };
}

function isWorthRepeating(runs: readonly TimedRun[], last: TimedRun, cpuLimitMs: number): boolean {
  if (runs.length > 1 && runs.some(({ verdict }) => verdict !== "TLE")) return false;
  if (last.verdict !== "TLE") return last.verdict === "AC" && isNear(last, cpuLimitMs);
  // CPU time is hardly the host's fault: once without company is enough to tell.
  const disturbed = last.hostOverloaded && (runs.length === 1 || last.stopped === "wall");
  return disturbed || isNear(last, cpuLimitMs);
}

function isNear({ cpuMs, stopped }: TimedRun, cpuLimitMs: number): boolean {
  return stopped !== "cpu" && Math.abs(cpuMs - cpuLimitMs) <= band(cpuLimitMs);
}

function mayHaveStarved({ verdict, cpuMs, stopped, hostOverloaded }: TimedRun, cpuLimitMs: number): boolean {
  return verdict === "TLE" && stopped === "wall" && hostOverloaded && cpuMs < cpuLimitMs / 2;
}

/** The index of the best run; of equals the first. */
function best(runs: readonly TimedRun[]): number {
  const rank = ({ verdict }: TimedRun): number => (verdict === "AC" ? 0 : verdict === "TLE" ? 2 : 1);
  const order = runs
    .map((run, index) => ({ run, index }))
    .sort((a, b) => rank(a.run) - rank(b.run) || a.run.cpuMs - b.run.cpuMs || a.index - b.index);
  return order[0]?.index ?? 0;
}
