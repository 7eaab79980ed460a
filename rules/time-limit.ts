import type { JurySubmission, Package } from "./package/package.ts";

/** How long a jury submission took, and which bound of the time limit that gives. */
export interface Measured {
  /** `submissions/accepted/sum.cpp` */
  path: string;
  bounds: "lower" | "upper" | null;
  /** Of its slowest test, in CPU time. */
  slowestMs: number;
}

/**
 * The time limit where a package leaves it out: the smallest multiple of its resolution that is long enough for every
 * submission that must not be too slow, and short enough for every one that must (2025-09, "Problem timing" and "Time
 * limit inference").
 *
 * @param timing - the package's factors of safety
 * @param measured - the jury's submissions; those that bound nothing are disregarded
 * @returns the limit; or a sentence that says why there is none
 */
export function inferTimeLimit(
  { acToTimeLimit, timeLimitToTle, resolutionMs }: Package["limits"]["timing"],
  measured: readonly Measured[],
): { timeMs: number } | { fault: string } {
  const slowest = extreme(measured, "lower", (a, b) => a > b);
  const fastest = extreme(measured, "upper", (a, b) => a < b);
  if (slowest === null) {
    return { fault: "No submission says how much time is needed: an accepted one is required." };
  }
  const least = slowest.slowestMs * acToTimeLimit;
  // A product of decimal fractions may lie a hair above the multiple that it is.
  const steps = Math.max(1, Math.ceil(least / resolutionMs - 1e-9));
  const timeMs = Math.max(1, Math.round(steps * resolutionMs));
  const most = fastest === null ? Infinity : fastest.slowestMs / timeLimitToTle;
  if (timeMs <= most * (1 + 1e-9)) return { timeMs };
  const needed = `${slowest.path} takes ${inMs(slowest.slowestMs)}, so the limit must be at least ${inMs(least)} (${acToTimeLimit} times that)`;
  const allowed = `${fastest?.path} takes no more than ${inMs(fastest?.slowestMs ?? 0)}, so it must be at most ${inMs(most)} (that divided by ${timeLimitToTle})`;
  const between = least <= most ? `no multiple of ${inMs(resolutionMs)} lies between` : "no limit is both";
  return { fault: `${needed}; ${allowed}: ${between}.` };
}

function extreme(
  measured: readonly Measured[],
  bounds: "lower" | "upper",
  isMore: (a: number, b: number) => boolean,
): Measured | null {
  return measured
    .filter((one) => one.bounds === bounds)
    .reduce<Measured | null>(
      (most, one) => (most === null || isMore(one.slowestMs, most.slowestMs) ? one : most),
      null,
    );
}

function inMs(milliseconds: number): string {
  return `${Math.round(milliseconds * 1000) / 1000} ms`;
}

/**
 * What a jury submission's run times say of the time limit: one entry for each of its rules that bounds it, by the
 * slowest of the tests that the rule speaks of.
 *
 * @param runs - every test's CPU time
 */
export function measuredBounds(
  { path, requirements }: Pick<JurySubmission, "path" | "requirements">,
  runs: readonly { name: string; cpuMs: number }[],
): Measured[] {
  return requirements.flatMap(({ bounds, covers }) => {
    const covered = new Set(covers);
    const times = runs.filter(({ name }) => covered.has(name)).map(({ cpuMs }) => cpuMs);
    return bounds === null || times.length === 0 ? [] : [{ path, bounds, slowestMs: Math.max(...times) }];
  });
}
