import type { Files } from "./package.ts";
import type { Report } from "./report.ts";

/** The files of one test case by their endings (2025-09, "Test data"), e.g. `.in`, `.ans`, `.ans.statement`. */
export interface TestFiles {
  /** Path below `data/` without an ending: `secret/group1/03-big`. */
  name: string;
  parts: ReadonlyMap<string, Uint8Array>;
  /** What lies in the test's `.files` folder, by name. */
  files: Files;
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
const INSIDE_FILES = /^(.*?)\.files\/(.*)$/;

/**
 * Gathers the test cases below a folder of `data/`, in lexicographical order of the names of folders and tests: the
 * order of judging. A test exists when its `.in` file does; a test without an answer, or a file of no test, is reported.
 */
export function testFiles(files: Files, folder: string, report: Report): TestFiles[] {
  const prefix = `data/${folder}/`;
  const tests = new Map<string, { parts: Map<string, Uint8Array>; files: Map<string, Uint8Array> }>();
  function test(name: string): { parts: Map<string, Uint8Array>; files: Map<string, Uint8Array> } {
    const known = tests.get(name) ?? { parts: new Map(), files: new Map() };
    tests.set(name, known);
    return known;
  }
  for (const [path, bytes] of files) {
    if (!path.startsWith(prefix) || CONFIGURATION.test(path)) continue;
    const below = path.slice("data/".length);
    const [, name, file] = INSIDE_FILES.exec(below) ?? [];
    const ending = ENDINGS.find((one) => path.endsWith(one));
    if (name !== undefined && file !== undefined) {
      if (file.includes("/")) report.error(path, "lies in a folder: the files of a test lie side by side");
      test(name).files.set(file, bytes);
    } else if (path.endsWith(".args")) {
      report.error(path, "is of a draft of the format; say args: in the test's .yaml file");
    } else if (ending === undefined) {
      report.warn(path, "is ignored: its ending is none of a test case's");
    } else {
      test(below.slice(0, -ending.length)).parts.set(ending, bytes);
    }
  }
  const sorted = [...tests]
    .sort(([a], [b]) => (inOrder(a, b) ? -1 : 1))
    .map(([name, found]) => ({ name, ...found }));
  return sorted.filter((one) => isWhole(one, report));
}

/** Folder by folder, so that `a/1` comes before `a-b/1`, as folder `a` comes before folder `a-b`. */
function inOrder(a: string, b: string): boolean {
  return a.replaceAll("/", "\0") < b.replaceAll("/", "\0");
}

function isWhole({ name, parts, files }: TestFiles, report: Report): boolean {
  const hasInput = parts.has(".in");
  if (hasInput && parts.has(".ans")) return true;
  if (hasInput) report.error(`data/${name}.in`, `has no answer file data/${name}.ans`);
  else if (parts.has(".ans")) report.error(`data/${name}.ans`, `has no input file data/${name}.in`);
  else if (!parts.has(".interaction")) {
    for (const ending of [...parts.keys(), ...(files.size > 0 ? [".files"] : [])])
      report.warn(`data/${name}${ending}`, `belongs to no test: there is no data/${name}.in`);
  }
  return false;
}
