import { MAX_SOURCE_FILES } from "../../protocol/source.ts";
import type { Report } from "./report.ts";

/** Endings that an output file may have, the usual one first. */
const ENDINGS = [".out", ".ans", ".txt", ""] as const;

/**
 * The names that a file may have which answers a test of a submit-answer problem. The format says only that "a submission
 * consists of the answers to the test cases"; here a file is named after its test, with a `-` for each `/`, by as much of
 * its path as tells it from all others:
 *
 *     secret/1         1.out, secret-1.out           unless there is a sample/1: then secret-1.out alone
 *     secret/easy/01   01.out, easy-01.out, secret-easy-01.out
 *
 * @param test - the test's name: its path below `data/` without the ending
 * @param tests - the names of all tests
 * @returns the usual name first; none where the name of another test, so written, is the same
 */
export function answerFiles(test: string, tests: readonly string[]): string[] {
  const taken = new Set(tests.filter((other) => other !== test).flatMap(stemsOf));
  const stems = stemsOf(test).filter((stem) => !taken.has(stem));
  return stems.flatMap((stem) => ENDINGS.map((ending) => `${stem}${ending}`));
}

/** The ends of a test's path, the shortest first: `01`, `easy-01`, `secret-easy-01`. */
function stemsOf(name: string): string[] {
  const parts = name.split("/");
  return parts.map((_, index) => parts.slice(parts.length - 1 - index).join("-"));
}

/** Refuses tests whose answers could not be submitted, or not told apart. */
export function checkAnswers(tests: readonly string[], report: Report): void {
  if (tests.length > MAX_SOURCE_FILES) {
    report.error(
      "data/",
      `holds ${tests.length} tests, but at most ${MAX_SOURCE_FILES} files can be submitted`,
    );
    return;
  }
  for (const test of tests) {
    if (answerFiles(test, tests).length === 0)
      report.error(`data/${test}.in`, "could not be told by a file's name from another test: rename it");
  }
}
