import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { LanguageId } from "../protocol/language.ts";
import { build, type Plugin } from "vite";
import { clangAssets } from "./clang/assets.ts";
import { javascriptAssets } from "./javascript/assets.ts";
import type { LanguageFiles, RuntimeFile, RuntimeManifest } from "./manifest.ts";
import { packInto } from "./pieces.ts";
import { pythonAssets } from "./python/assets.ts";
import { typescriptAssets } from "./typescript/assets.ts";

const here = import.meta.dirname;
const require = createRequire(import.meta.url);

/** What files are made from. */
interface AssetSources {
  /** Entries that are bundled with all that they import, by the name that the workers know. */
  scripts: Readonly<Record<string, string>>;
  /** Files of packages, taken as they are. */
  files: readonly string[];
  /** Files that are made here, by name. */
  made?: () => Promise<ReadonlyMap<string, Uint8Array>>;
  /** For the bundling of its scripts. */
  plugins?: readonly Plugin[];
}

/**
 * What a language that runs in the browser is made of; each has an `assets.ts` that tells. Among its scripts are "boot.js", and
 * "compiler.js" if it has a compiler.
 */
export interface LanguageAssets extends AssetSources {
  /** What the browser fetches only when somebody asks for it: "checker.js" and its files. */
  onDemand?: AssetSources;
  /** Where the list of its prepared files will lie. */
  prepared?: () => string;
}

const languages: Readonly<Partial<Record<LanguageId, LanguageAssets>>> = {
  python3: pythonAssets,
  ...clangAssets,
  javascript: javascriptAssets,
  typescript: typescriptAssets,
};

/**
 * Makes what the browser needs to run programs: `box.html`, the files below `runtimes/` in pieces under names that hold their hashes,
 * and `runtimes.json`, which tells the page which pieces a language needs and how many bytes of them travel.
 * @param outDir the folder that the site is served from; other files in it are left alone
 * @param only the languages to make; all that there are
 */
export async function prepareAssets(
  outDir: string,
  only: readonly LanguageId[] = LanguageId.options,
): Promise<void> {
  const folder = join(outDir, "runtimes");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(outDir, "box.html"), boxDocument(await bundle(join(here, "box", "supervisor.ts"))));
  const manifest: RuntimeManifest = {};
  for (const language of only) {
    const assets = languages[language];
    if (assets !== undefined) manifest[language] = await prepareLanguage(folder, assets);
  }
  await writeFile(join(outDir, "runtimes.json"), JSON.stringify(manifest));
}

async function prepareLanguage(folder: string, assets: LanguageAssets): Promise<LanguageFiles> {
  return {
    files: await prepareFiles(folder, assets),
    onDemand: assets.onDemand ? await prepareFiles(folder, assets.onDemand) : [],
    prepared: assets.prepared?.() ?? null,
  };
}

async function prepareFiles(folder: string, assets: AssetSources): Promise<RuntimeFile[]> {
  const files: RuntimeFile[] = [];
  const publish = async (name: string, content: Uint8Array): Promise<void> => {
    files.push(await packInto(folder, name, content));
  };
  for (const [name, entry] of Object.entries(assets.scripts)) {
    await publish(name, Buffer.from(await bundle(entry, assets.plugins)));
  }
  for (const file of assets.files) await publish(basename(file), await readFile(require.resolve(file)));
  for (const [name, content] of (await assets.made?.()) ?? []) await publish(name, content);
  return files;
}

/** One inline script, whose hash the server puts into the document's policy, and nothing that would have to be loaded. */
function boxDocument(script: string): string {
  if (script.includes("</script"))
    throw new Error("The supervisor's script contains the end of a script element.");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox</title></head><body><script>${script}</script></body></html>`;
}

/** Bundles a script with all that it imports into one classic script. */
async function bundle(entry: string, plugins: readonly Plugin[] = []): Promise<string> {
  const results = await build({
    configFile: false,
    logLevel: "warn",
    root: here,
    plugins: [...plugins],
    build: {
      write: false,
      target: "es2024",
      lib: { entry, formats: ["iife"], name: "boot" },
      // Packages that also run in Node ask for these there.
      rolldownOptions: { external: [/^node:/, "ws"] },
    },
  });
  const [result] = Array.isArray(results) ? results : [results];
  const chunk = result !== undefined && "output" in result ? result.output[0] : undefined;
  if (chunk?.type !== "chunk") throw new Error(`${entry} was not bundled into one script.`);
  // Modules are strict and classic scripts are not: there a program could ask its functions for their `caller`, which is ours.
  return `"use strict";${chunk.code}`;
}
