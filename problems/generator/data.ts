import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A file below a package's `data/`, e.g. `secret/01-smallest.in`. */
export interface DataFile {
  path: string;
  text: string;
}

export interface TestData<Input> {
  /** Become `sample/1`, `sample/2`, … */
  samples: readonly Input[];
  /** In the order of judging. A name `group/name` puts the test into a test group; numbers are added. */
  secret: readonly (readonly [name: string, input: Input])[];
  /** What the team's program reads (an interactive problem: what the interactor reads). */
  print: (input: Input) => string;
  /** The `.ans` file. */
  answer: (input: Input) => string;
}

/**
 * The `.in` and `.ans` files of all tests. Secret tests are numbered from 01 within their group, since tests run in the
 * order of their names (2025-09, "Test Data").
 */
export function testFiles<Input>(data: TestData<Input>): DataFile[] {
  const named = [
    ...data.samples.map((input, index) => ({ path: `sample/${index + 1}`, input })),
    ...data.secret.map(([name, input], index) => ({
      path: `secret/${numbered(name, index, data.secret)}`,
      input,
    })),
  ];
  return named.flatMap(({ path, input }) => [
    { path: `${path}.in`, text: data.print(input) },
    { path: `${path}.ans`, text: data.answer(input) },
  ]);
}

function numbered(name: string, index: number, all: TestData<unknown>["secret"]): string {
  const group = name.includes("/") ? `${dirname(name)}/` : "";
  const before = all.slice(0, index).filter(([other]) => other.startsWith(group)).length;
  return `${group}${String(before + 1).padStart(2, "0")}-${basename(name)}`;
}

/** Inputs that the input validator must refuse (2025-09, "Invalid Test Cases"). */
export function invalidInputs(inputs: Readonly<Record<string, string>>): DataFile[] {
  return Object.entries(inputs).map(([name, text]) => ({ path: `invalid_input/${name}.in`, text }));
}

/**
 * Replaces a package's test data. A generator writes into its own package unless it is given another folder as its
 * argument, which must be called `data`, because everything in it is removed first.
 *
 * @param generatorFolder the folder of the generator, `import.meta.dirname`
 */
export function writeData(generatorFolder: string, files: readonly DataFile[]): void {
  const folder = process.argv[2] ?? join(generatorFolder, "..", "data");
  if (basename(folder) !== "data") throw new Error(`refused to replace ${folder}: it is not called "data"`);
  const paths = new Set(files.map((file) => file.path));
  if (paths.size !== files.length) throw new Error("two data files have the same path");
  rmSync(folder, { recursive: true, force: true });
  for (const file of files) {
    const path = join(folder, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text);
  }
}

/** Stops a generator whose two ways of solving a test disagree. */
export function agree<Answer>(what: string, fast: Answer, slow: Answer): void {
  const [one, other] = [JSON.stringify(fast), JSON.stringify(slow)];
  if (one !== other) throw new Error(`${what}: the solution says ${one}, the brute force ${other}`);
}
