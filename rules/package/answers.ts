import { MAX_SOURCE_FILES } from "../../protocol/source.ts";
import type { Report } from "./report.ts";

/**
 * The file of a submit-answer submission that holds the output for a test: the test's name without `secret/`, its
 * slashes as hyphens, and `.out`. So `secret/03` is answered by `03.out`, `secret/group1/03` by `group1-03.out` and
 * `sample/1` by `sample-1.out`. The format says only that "a submission consists of the answers to the test cases".
 *
 * @param test - the test's name: its path below `data/` without the ending
 */
export function answerFile(test: string): string {
  return `${test.replace(/^secret\//, "").replaceAll("/", "-")}.out`;
}

/** Refuses tests whose answers could not be submitted, or not told apart. */
export function checkAnswers(tests: readonly string[], report: Report): void {
  const known = new Map<string, string>();
  for (const test of tests) {
    const file = answerFile(test);
    const twin = known.get(file);
    if (twin !== undefined)
      report.error(
        `data/${test}.in`,
        `would be answered by ${file}, as data/${twin}.in is: rename one of them`,
      );
    known.set(file, test);
  }
  if (tests.length > MAX_SOURCE_FILES) {
    report.error(
      "data/",
      `holds ${tests.length} tests, but at most ${MAX_SOURCE_FILES} files can be submitted`,
    );
  }
}
