import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";

/** How a run of the tests ended. */
export interface Tally {
  passed: number;
  /** Full names of the tests that failed, with the first line of what was wrong. */
  failed: { name: string; reason: string }[];
  /** Full names of the tests that were skipped, with the reason where the test gave one. */
  skipped: { name: string; reason: string }[];
  /** Files that could not be loaded, hooks that threw, errors that no test was there to catch. */
  broken: string[];
}

/** A reporter that counts, into `tally`. */
export function counter(tally: Tally): Reporter {
  return {
    onTestRunEnd(modules, unhandled) {
      for (const module of modules) countModule(tally, module);
      for (const error of unhandled) tally.broken.push(firstLine(error));
    },
  };
}

function countModule(tally: Tally, module: TestModule): void {
  for (const error of module.errors()) tally.broken.push(`${module.relativeModuleId}: ${firstLine(error)}`);
  for (const suite of module.children.allSuites()) {
    for (const error of suite.errors()) tally.broken.push(`${suite.fullName}: ${firstLine(error)}`);
  }
  for (const test of module.children.allTests()) countTest(tally, module, test);
}

function countTest(tally: Tally, module: TestModule, test: TestCase): void {
  const result = test.result();
  switch (result.state) {
    case "passed":
      tally.passed++;
      return;
    case "failed":
      tally.failed.push({
        name: `${module.relativeModuleId} > ${test.fullName}`,
        reason: result.errors.map(firstLine).join("; "),
      });
      return;
    case "skipped":
      tally.skipped.push({
        name: `${module.relativeModuleId} > ${test.fullName}`,
        reason: result.note ?? "",
      });
      return;
    case "pending":
      tally.broken.push(`${module.relativeModuleId} > ${test.fullName}: never ran`);
      return;
  }
  result satisfies never;
}

const firstLine = (error: Pick<SerializedError, "message">): string => error.message.split("\n")[0] ?? "";

/** `123 passed, 0 failed`, with the skipped if there are any. What broke outside of a test counts as failed. */
export function summary({ passed, failed, skipped, broken }: Tally): string {
  const skips = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  return `${passed} passed, ${failed.length + broken.length} failed${skips}`;
}
