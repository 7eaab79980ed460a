import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const sources = import.meta.dirname;
const output = join(import.meta.dirname, "../../dist/sandbox");

const strict = ["-Wall", "-Wextra", "-Werror", "-std=gnu11"];
const sanitized = [...strict, "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
/** The fuzzer's own parts: neither slowed by sanitizers nor counted as coverage. */
const plain = [...strict, "-O2", "-g"];

/** Why a supervisor could not be built, with the compiler's words if there are any. */
export class BuildError extends Error {}

/** Sources that are compiled with the same flags. */
interface Units {
  flags: readonly string[];
  /** Paths of `.c` files below `judge/sandbox`. */
  files: readonly string[];
}

/**
 * Compiles the sandbox supervisor with the system's gcc, unless that was done before for the same sources and flags.
 *
 * @returns the path of the executable, `dist/sandbox/supervisor-<hash>`
 * @throws BuildError when this is not Linux, or gcc is missing or refuses
 */
export async function buildSupervisor(): Promise<string> {
  return build("supervisor", [{ flags: [...strict, "-O2"], files: await unitsIn(".") }], []);
}

/**
 * As `buildSupervisor`, for tests: the process ends with exit code 99 and a report on stderr at a memory error or
 * undefined behaviour, and tells at its end what it left on the heap.
 *
 * @returns the path of the executable, `dist/sandbox/supervisor-sanitized-<hash>`
 */
export async function buildSanitizedSupervisor(): Promise<string> {
  const files = [...(await unitsIn(".")), "fuzz/sanitizers.c"];
  return build("supervisor-sanitized", [{ flags: sanitized, files }], sanitized);
}

/** A defect of `fuzz/check.c` that is compiled in on purpose, to see that the fuzzer finds it. */
export type PlantedDefect = "PLANT_OVERREAD" | "PLANT_LEAK" | "PLANT_MAZE";

/**
 * Compiles the fuzzer of the supervisor's message parser; `fuzz/fuzz.c` tells how it is called.
 *
 * @returns the path of the executable, `dist/sandbox/fuzzer-<hash>`
 */
export async function buildFuzzer(defect?: PlantedDefect): Promise<string> {
  const parser = ["protocol.c", "request.c", "failure.c"];
  const checks = ["fuzz/check.c", "fuzz/stream.c"];
  const instrumented = [...sanitized, "-fsanitize-coverage=trace-pc"];
  const units = [
    { flags: instrumented, files: parser },
    { flags: defect ? [...instrumented, `-D${defect}`] : sanitized, files: checks },
    {
      flags: plain,
      files: ["fuzz/fuzz.c", "fuzz/corpus.c", "fuzz/mutate.c", "fuzz/coverage.c"],
    },
  ];
  // The parser reads and writes through these, so that a stream comes in the pieces that the fuzzer wants.
  return build("fuzzer", units, [...sanitized, "-Wl,--wrap=read,--wrap=writev"]);
}

async function unitsIn(folder: string): Promise<string[]> {
  return (await readdir(join(sources, folder))).filter((name) => name.endsWith(".c")).sort();
}

/** Compiles and links, into a file named by the hash of all that goes in. */
async function build(name: string, units: readonly Units[], linking: readonly string[]): Promise<string> {
  if (process.platform !== "linux")
    throw new BuildError(`the sandbox needs Linux, this is ${process.platform}`);
  const target = join(output, `${name}-${await hashOf(units, linking)}`);
  if (await exists(target)) return target;
  // Several judges may build at once: each in a folder of its own, and the last rename wins with the same bytes.
  await mkdir(output, { recursive: true });
  const draft = await mkdtemp(`${target}.`);
  try {
    const objects = (await Promise.all(units.map((unit) => compile(unit, draft)))).flat();
    await gcc([...linking, "-o", join(draft, name), ...objects]);
    await rename(join(draft, name), target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

/** Compiles units into `folder`. Returns the paths of the objects. */
async function compile({ flags, files }: Units, folder: string): Promise<string[]> {
  const paths = files.map((file) => join(sources, file));
  await gcc([...flags, "-c", ...paths], folder);
  return files.map((file) => join(folder, `${basename(file, ".c")}.o`));
}

async function hashOf(units: readonly Units[], linking: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([process.arch, units, linking]));
  const folders = units.some(({ files }) => files.some((file) => file.includes("/"))) ? [".", "fuzz"] : ["."];
  for (const folder of folders) {
    const names = (await readdir(join(sources, folder))).filter((name) => /\.[ch]$/.test(name)).sort();
    for (const name of names) hash.update(name).update(await readFile(join(sources, folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

async function gcc(args: readonly string[], folder = sources): Promise<void> {
  try {
    await promisify(execFile)("gcc", [...args], { cwd: folder });
  } catch (error) {
    throw new BuildError(explain(error), { cause: error });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function explain(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT")
    return "gcc is not installed; it builds the sandbox";
  return `gcc could not build the sandbox: ${error instanceof Error ? error.message : String(error)}`;
}
