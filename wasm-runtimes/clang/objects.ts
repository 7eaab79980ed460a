import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildSupport } from "./exceptions/assets.ts";
import { flags } from "./flags.ts";
import { run } from "./toolchain.ts";

const here = import.meta.dirname;
const kept = join(here, "../../node_modules/.cache/runtimes");

/**
 * Compiles what is linked into every program, by the names that the linker is told; once for each state of the sources.
 * @throws Error with what the compiler said
 */
export async function buildObjects(): Promise<Map<string, Uint8Array>> {
  const state = stateOfSources();
  return new Map([
    ["memory.o", await once(`memory.${state}.o`, () => buildC("memory"))],
    ["stack.o", await once(`stack.${state}.o`, () => buildC("stack"))],
    ["abort.o", await once(`abort.${state}.o`, () => buildC("abort"))],
  ]);
}

/**
 * Compiles what is linked into programs in C++ besides. Takes most of a minute of one core, once for each state of the sources.
 * @throws Error with what the compiler said
 */
export const buildCppSupport = (): Promise<Uint8Array> => once(`support.${stateOfSources()}.o`, buildSupport);

async function buildC(name: string): Promise<Uint8Array> {
  const text = await readFile(join(here, `support/${name}.c`), "utf8");
  let said = "";
  const command = [...flags.c.compile, "-c", "source.c", "-o", "-"];
  const made = await run(command, { "source.c": text }, (words) => void (said += words));
  if (made !== null) return made.output;
  throw new Error(`The programs' support was not compiled:\n${said}`);
}

async function once(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const path = join(kept, name);
  const known = await readFile(path).catch(() => null);
  if (known !== null) return known;
  const made = await make();
  await mkdir(kept, { recursive: true });
  await writeFile(`${path}.${process.pid}`, made);
  await rename(`${path}.${process.pid}`, path);
  return made;
}

/** A hash of the compiler's version, of how it is called and of all that it reads. */
export function stateOfSources(): string {
  const hash = createHash("sha256").update(compilerVersion()).update(JSON.stringify(flags));
  for (const folder of ["support", "exceptions", "exceptions/source"]) {
    const entries = readdirSync(join(here, folder), { withFileTypes: true });
    for (const { name } of entries
      .filter((entry) => entry.isFile())
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)))
      hash.update(name).update(readFileSync(join(here, folder, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** The package's description, which changes with everything in it. */
export function compilerVersion(): string {
  const bundle = createRequire(import.meta.url).resolve("@yowasp/clang");
  return readFileSync(join(dirname(bundle), "../package.json"), "utf8");
}
