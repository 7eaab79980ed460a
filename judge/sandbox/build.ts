import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const sources = import.meta.dirname;
const output = join(import.meta.dirname, "../../dist/sandbox");
const flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu11"];

/** Why a supervisor could not be built, with the compiler's words if there are any. */
export class BuildError extends Error {}

/**
 * Compiles the sandbox supervisor with the system's gcc, unless that was done before for the same sources and flags.
 *
 * @returns the path of the executable, `dist/sandbox/supervisor-<hash>`
 * @throws BuildError when this is not Linux, or gcc is missing or refuses
 */
export async function buildSupervisor(): Promise<string> {
  if (process.platform !== "linux")
    throw new BuildError(`the sandbox needs Linux, this is ${process.platform}`);
  const files = (await readdir(sources)).filter((name) => /\.[ch]$/.test(name)).sort();
  const hash = createHash("sha256").update(`${process.arch} ${flags.join(" ")}`);
  for (const name of files) hash.update(name).update(await readFile(join(sources, name)));
  const target = join(output, `supervisor-${hash.digest("hex").slice(0, 16)}`);
  if (await exists(target)) return target;
  await mkdir(output, { recursive: true });
  // Several judges may build at once: each its own file, and the last rename wins with the same bytes.
  const draft = `${target}.${process.pid}`;
  const units = files.filter((name) => name.endsWith(".c")).map((name) => join(sources, name));
  try {
    await promisify(execFile)("gcc", [...flags, "-o", draft, ...units]);
  } catch (error) {
    throw new BuildError(explain(error), { cause: error });
  }
  await rename(draft, target);
  return target;
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
