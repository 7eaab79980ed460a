import type { RunResult } from "../protocol/judge.ts";

/** Of a submission's runs a site takes so much, in characters of JSON: one row of its database carries them. */
const MAX_CHARACTERS = 1024 * 1024;

/** Shorter and shorter, until all fit. */
const CUTS = [200, 50, 0];

/** The runs of a submission with so many tests that their messages do not fit: with less of those, and none where accepted. */
export function withinBounds(runs: readonly RunResult[]): RunResult[] {
  const fits = (some: readonly RunResult[]): boolean => JSON.stringify(some).length <= MAX_CHARACTERS;
  let bounded = [...runs];
  for (const most of CUTS) {
    if (fits(bounded)) return bounded;
    bounded = runs.map((run) => ({
      ...run,
      message: run.verdict === "AC" ? "" : run.message.slice(0, most),
      teamMessage: run.verdict === "AC" ? "" : run.teamMessage.slice(0, most),
    }));
  }
  return bounded;
}
