import { type Compiled, compile } from "../../judge/compile.ts";
import { environment, programLimits } from "../../judge/limits.ts";
import type { Problem } from "../../judge/problem.ts";
import { SandboxError } from "../../judge/sandbox.ts";
import type { Slot } from "../../judge/slot.ts";
import { type LanguageId, languageOfFile } from "../../protocol/language.ts";
import { withConstants } from "../../rules/package/constants.ts";
import type { Files, TestCase } from "../../rules/package/package.ts";
import { readProblemYaml } from "../../rules/package/problem-yaml.ts";
import { newReport } from "../../rules/package/report.ts";
import { judgingPlan } from "../../rules/submission-verdict.ts";
import { argumentsFor } from "./input-arguments.ts";

/** What the input validators say of the inputs. */
export interface InputCheck {
  /** What was tried, in a sentence. */
  tried: string;
  /** A sentence for each input that is refused and should not be, or the other way about, and each validator that fails. */
  faults: readonly string[];
}

interface Validator {
  /** The file or folder below `input_validators/`: `validate.py` */
  name: string;
  files: Files;
}

/** Exit code for a valid input (2025-09, "Input validators"); any other refuses it. */
const VALID = 42;

/**
 * Runs a package's input validators in the sandbox: all of them must accept every sample and secret test, and of each
 * file of `data/invalid_input` at least one must refuse it.
 */
export async function checkInputs(slot: Slot, problem: Problem, packageFiles: Files): Promise<InputCheck> {
  const constants = readProblemYaml(packageFiles, newReport())?.constants ?? new Map<string, string>();
  const files = withConstants(packageFiles, constants);
  const validators = validatorsOf(files);
  if (validators.length === 0) return { tried: "There is no input validator to try", faults: [] };

  const faults: string[] = [];
  const compiled: { name: string; program: Compiled }[] = [];
  for (const validator of validators) {
    const result = await compileValidator(slot, problem, validator);
    if ("fault" in result) faults.push(`${validator.name} ${result.fault}`);
    else compiled.push({ name: validator.name, program: result });
  }
  const folder = await slot.store.newFolder();
  try {
    const valid = judgingPlan(problem.pkg).map(({ test }) => test);
    const invalid = invalidInputs(files);
    for (const [index, test] of [...valid, ...invalid].entries()) {
      const place = await layOut(slot, `${folder}/${index}`, test);
      const refused: string[] = [];
      for (const { name, program } of compiled) {
        const args = [...argumentsFor(files, test.name, name), ...test.args];
        const how = await refusal(slot, problem, program, { ...place, args });
        if (how !== null) refused.push(`${name} ${how}`);
      }
      await slot.store.remove(`${folder}/${index}`);
      if (index < valid.length) faults.push(...refused.map((how) => `${test.name}: ${how}, but must accept`));
      else if (compiled.length > 0 && refused.length === 0)
        faults.push(`${test.name}: accepted by every input validator, but must be refused by one`);
    }
    const names = compiled.map(({ name }) => name).join(", ");
    const tried = `Input validators ${names || "(none works)"}: tried on ${valid.length} valid and ${invalid.length} invalid inputs`;
    return { tried: `${tried}${faults.length === 0 ? ", all as they should" : ":"}`, faults };
  } finally {
    await slot.store.remove(folder);
    for (const { program } of compiled) await program.release();
  }
}

/** What a validator is given of a test. */
type Input = Pick<TestCase, "name" | "input" | "args" | "files">;

function invalidInputs(files: Files): Input[] {
  const paths = [...files].filter(([path]) => /^data\/invalid_input\/.*\.in$/.test(path));
  return paths.map(([path, input]) => {
    const around = `${path.slice(0, -".in".length)}.files/`;
    const own = [...files].filter(([other]) => other.startsWith(around));
    return {
      name: path.slice("data/".length, -".in".length),
      input,
      args: [],
      files: new Map(own.map(([other, bytes]) => [other.slice(around.length), bytes])),
    };
  });
}

/** Where an input lies in the store, and the files that the validator finds where it runs, if there are any. */
interface Place {
  input: string;
  files: string | null;
  bytes: number;
}

async function layOut({ store }: Slot, folder: string, { input, files }: Input): Promise<Place> {
  await store.write(`${folder}/input`, input);
  for (const [name, content] of files) await store.write(`${folder}/files/${name}`, content);
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  return { input: `${folder}/input`, files: files.size === 0 ? null : `${folder}/files`, bytes };
}

/** The programs below `input_validators/`: files there, and folders of several files. */
function validatorsOf(files: Files): Validator[] {
  const found = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of files) {
    const [, name, rest] = /^input(?:_format)?_validators\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    if (name === undefined) continue;
    const own = found.get(name) ?? new Map<string, Uint8Array>();
    found.set(name, own.set(rest ?? name, bytes));
  }
  return [...found].map(([name, own]) => ({ name, files: own }));
}

async function compileValidator(
  slot: Slot,
  { pkg: { limits } }: Problem,
  { files }: Validator,
): Promise<Compiled | { fault: string }> {
  const names = [...files.keys()].sort();
  const language = languageOf(names);
  if (language === null) return { fault: "is in no language that is run here" };
  const toolchain = slot.toolchains.get(language);
  if (toolchain === undefined) return { fault: `needs ${language}, which this judge does not have` };
  const starts = names.filter((name) => /^(__main__|main)\.py$/.test(name));
  const source = { files, entryPoint: files.size > 1 ? (starts[0] ?? null) : null };
  const compiled = await compile(slot, toolchain, source, {
    cpuMs: limits.compilationTimeS * 1000,
    memoryMiB: limits.compilationMemoryMiB,
  });
  return compiled.ok ? compiled : { fault: `does not compile: ${compiled.output}` };
}

/** C++ where any file is: headers, and C, may come along. */
function languageOf(names: readonly string[]): LanguageId | null {
  const found = names.map((name) => languageOfFile(name)).filter((language) => language !== null);
  return found.find((language) => language === "cpp") ?? found[0] ?? null;
}

/** How a validator refused an input; null when it accepted. */
async function refusal(
  slot: Slot,
  { pkg: { limits } }: Problem,
  { toolchain: { language }, entry, box }: Compiled,
  { input, files, bytes, args }: Place & { args: readonly string[] },
): Promise<string | null> {
  const { validationTimeS, validationMemoryMiB, validationOutputMiB } = limits;
  const memoryMiB = validationMemoryMiB + language.allowance.memoryMiB;
  const own = programLimits(validationTimeS * 1000, memoryMiB, validationOutputMiB);
  const ending = await slot.floor.beside(() =>
    slot.sandbox.run({
      argv: language.run(entry, validationMemoryMiB, args),
      env: environment,
      input,
      ...(files === null ? {} : { files }),
      collect: null,
      mounts: [{ from: box, to: "/box" }],
      limits: { ...own, workBytes: own.workBytes + bytes },
    }),
  );
  if (ending.notStarted !== null) throw new SandboxError(ending.notStarted);
  if (ending.timedOut) return "takes too long";
  if (ending.outOfMemory) return "runs out of memory";
  if (ending.exitCode === VALID) return null;
  const said = new TextDecoder().decode(ending.stderr).trim().split("\n").at(-1) ?? "";
  const how =
    ending.exitCode === null ? `ends by signal ${ending.signal}` : `ends with exit code ${ending.exitCode}`;
  return said === "" ? how : `${how} (${said.slice(0, 200)})`;
}
