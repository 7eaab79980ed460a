import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { minify, rolldownVersion } from "vite";
import type { LanguageAssets } from "../assets.ts";
import { AMARO_PARAMETERS } from "./amaro.ts";
import { libraryFile, NODE_DECLARATIONS, ROOT_LIBRARIES } from "./declarations.ts";
import { asHandover } from "./handover.ts";

const require = createRequire(import.meta.url);
const here = import.meta.dirname;

export const typescriptAssets: LanguageAssets = {
  scripts: { "boot.js": join(here, "../javascript/boot.ts"), "compiler.js": join(here, "compiler.ts") },
  files: [],
  made: amaroFiles,
  onDemand: { scripts: { "checker.js": join(here, "checker.ts") }, files: [], made: checkerFiles },
};

/** In amaro's script, what is WebAssembly as Base64. */
const CARRIED = /(?<=\.from\(")[A-Za-z0-9+/=]{100000,}(?=", "base64"\))/;

/**
 * Takes amaro apart into a small script and the WebAssembly that it carries as text, which so is a third smaller on its way and
 * compiled once, by the box.
 * @throws Error when the package is not built as it was
 */
async function amaroFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const text = await readFile(join(dirname(require.resolve("amaro")), "internal.js"), "utf8");
  const carried = CARRIED.exec(text)?.[0];
  if (carried === undefined) throw new Error("amaro's script no longer carries its WebAssembly as it did.");
  return new Map([
    ["amaro.js", Buffer.from(asHandover(AMARO_PARAMETERS, text.replace(carried, "")))],
    ["amaro.wasm", Buffer.from(carried, "base64")],
  ]);
}

/** TypeScript's compiler, and the declarations that programs are checked against. */
async function checkerFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const compiler = await readFile(require.resolve("@ts-morph/common/dist/typescript.js"), "utf8");
  return new Map([
    ["typescript.js", Buffer.from(asHandover("module", await minified(compiler)))],
    ["declarations.json", Buffer.from(JSON.stringify(await declarations()))],
  ]);
}

/** Making TypeScript small takes seconds; the same text is made small once. */
const KEPT = join(here, "../../node_modules/.cache/runtimes");

async function minified(text: string): Promise<string> {
  const hash = createHash("sha256").update(text).update(rolldownVersion).digest("hex");
  const file = join(KEPT, `${hash}.min.js`);
  const kept = await readFile(file, "utf8").catch(() => null);
  if (kept !== null) return kept;
  const { code, errors } = await minify("typescript.js", text, { mangle: { toplevel: true } });
  if (errors.length > 0) throw new Error(`TypeScript could not be made small: ${errors[0]?.message}`);
  await mkdir(KEPT, { recursive: true });
  // Whole or not at all, whoever else makes the same just now.
  await writeFile(`${file}.${process.pid}`, code);
  await rename(`${file}.${process.pid}`, file);
  return code;
}

/**
 * The libraries with all that they refer to, and Node's part.
 * @throws Error when TypeScript has no library of such a name
 */
async function declarations(): Promise<Record<string, string>> {
  // Imported here, since it is TypeScript as a whole.
  const { getLibFiles } = await import("@ts-morph/common");
  const all = new Map(getLibFiles().map(({ fileName, text }) => [fileName, text]));
  const found: Record<string, string> = {};
  const add = (library: string): void => {
    const name = libraryFile(library);
    if (name in found) return;
    const text = all.get(name);
    if (text === undefined) throw new Error(`TypeScript has no library "${library}".`);
    found[name] = text;
    for (const [, next = ""] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)) add(next);
  };
  for (const library of ROOT_LIBRARIES) add(library);
  found[NODE_DECLARATIONS] = await readFile(join(here, NODE_DECLARATIONS), "utf8");
  return found;
}
