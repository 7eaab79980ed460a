import type { Files } from "./package.ts";
import type { Report } from "./report.ts";

/** The files of one test case by their endings (2025-09, "Test data"), e.g. `.in`, `.ans`, `.ans.statement`. */
export interface TestFiles {
  /** Path below `data/` without an ending: `secret/group1/03-big`. */
  name: string;
  parts: ReadonlyMap<string, Uint8Array>;
}

/** Longer endings first, so that `1.in.statement` is not test `1.in`. */
const ENDINGS = [
  ".in.statement",
  ".ans.statement",
  ".in.download",
  ".ans.download",
  ".interaction",
  ".in",
  ".ans",
  ".out",
  ".yaml",
  ".hint",
  ".desc",
  ".png",
  ".jpg",
  ".jpeg",
  ".svg",
];
const CONFIGURATION = /(?:^|\/)(?:test_group|testdata)\.yaml$/;

/**
 * Gathers the test cases below a folder of `data/`, in lexicographical order of their names: the order of judging.
 * A test exists when its `.in` file does; a test without an answer, or a file of no test, is reported.
 */
export function testFiles(files: Files, folder: string, report: Report): TestFiles[] {
  const prefix = `data/${folder}/`;
  const tests = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of files) {
    if (!path.startsWith(prefix) || CONFIGURATION.test(path)) continue;
    if (/\.files\//.test(path)) {
      report.error(path, "input files beside standard input (.files) are not supported yet");
      continue;
    }
    const ending = ENDINGS.find((one) => path.endsWith(one));
    if (ending === undefined) {
      report.warn(path, "is ignored: its ending is none of a test case's");
      continue;
    }
    const name = path.slice("data/".length, -ending.length);
    const parts = tests.get(name) ?? new Map<string, Uint8Array>();
    tests.set(name, parts.set(ending, bytes));
  }
  const sorted = [...tests].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, parts]) => ({ name, parts }));
  return sorted.filter((test) => isWhole(test, report));
}

function isWhole({ name, parts }: TestFiles, report: Report): boolean {
  const hasInput = parts.has(".in");
  if (hasInput && parts.has(".ans")) return true;
  if (hasInput) report.error(`data/${name}.in`, `has no answer file data/${name}.ans`);
  else if (parts.has(".ans")) report.error(`data/${name}.ans`, `has no input file data/${name}.in`);
  else if (!parts.has(".interaction")) {
    for (const ending of parts.keys())
      report.warn(`data/${name}${ending}`, `belongs to no test: there is no data/${name}.in`);
  }
  return false;
}
