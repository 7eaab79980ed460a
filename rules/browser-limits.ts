import type { ProblemLimits } from "../protocol/problem.ts";

/** Browsers run programs more slowly than the judge, so a run there may take longer before it counts as too slow. */
export const BROWSER_FACTOR = 3;
const LEAST_WALL_MS = 2000;
const MIB = 1024 * 1024;

/**
 * The limits of a run in the browser, from those of the problem: the same memory and output, and for the clock on the wall some times
 * what the judge allows of CPU time.
 *
 * @param timeMs - the problem's time limit
 */
export function browserLimits(
  timeMs: number,
  { memoryMiB, outputMiB }: Pick<ProblemLimits, "memoryMiB" | "outputMiB">,
): { wallMs: number; outputBytes: number; memoryBytes: number } {
  return {
    wallMs: Math.max(LEAST_WALL_MS, timeMs * BROWSER_FACTOR),
    outputBytes: outputMiB * MIB,
    memoryBytes: memoryMiB * MIB,
  };
}
