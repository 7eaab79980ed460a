/** One test that both programs have run on this device. */
export interface TimedTest {
  mineMs: number;
  juryMs: number;
}

/**
 * The reader's program beside the jury's solution on the same device, at the test that takes the longer of the two longest.
 * - `short`  both are over before a browser's clock can tell them apart
 * - `ratio`  how many times as long as the jury's it took; `atLeast` when the jury's was too quick to be measured
 */
export type Comparison = { type: "short" } | { type: "ratio"; ratio: number; atLeast: boolean };

/** Browsers make their clocks coarse, and starting a run varies by as much: nothing below this says anything. */
export const LEAST_MS = 5;

/**
 * Compares times by the test that took longest, as a time limit is about the slowest test; one test's noise is not added to another's.
 * @param tests on which both programs ended well
 * @returns null when there is no such test
 */
export function compareTimes(tests: readonly TimedTest[]): Comparison | null {
  const [slowest] = tests.toSorted((a, b) => Math.max(b.mineMs, b.juryMs) - Math.max(a.mineMs, a.juryMs));
  if (slowest === undefined) return null;
  const { mineMs, juryMs } = slowest;
  if (mineMs < LEAST_MS && juryMs < LEAST_MS) return { type: "short" };
  const ratio = Math.max(mineMs, LEAST_MS) / Math.max(juryMs, LEAST_MS);
  return { type: "ratio", ratio: rounded(ratio), atLeast: juryMs < LEAST_MS };
}

/** Two digits: more would promise what no measurement in a browser holds. */
const rounded = (ratio: number): number => Number(ratio.toPrecision(ratio >= 100 ? 3 : 2));
