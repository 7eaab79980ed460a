import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { LanguageId } from "../protocol/language.ts";
import { build } from "vite";
import type { RuntimeFile, RuntimeManifest } from "./manifest.ts";

const compress = promisify(gzip);
const here = import.meta.dirname;
const require = createRequire(import.meta.url);

/** Of a single file, by the hosting platform. */
const LARGEST_FILE = 25 * 1024 * 1024;

/** Scripts are bundled from our sources, the others are taken from packages as they are. */
const runtimes: Readonly<Partial<Record<LanguageId, { script: string; files: readonly string[] }>>> = {
  python3: {
    script: join(here, "python", "boot.ts"),
    files: ["pyodide/pyodide.asm.mjs", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip"],
  },
  javascript: { script: join(here, "javascript", "boot.ts"), files: [] },
};

/**
 * Makes what the browser needs to run programs: `box.html`, the files below `runtimes/` under names that hold their hashes, and
 * `runtimes.json`, which tells the page which files a language needs and how many bytes of them travel.
 * @param outDir the folder that the site is served from; other files in it are left alone
 * @throws Error when a file is larger than the hosting platform takes
 */
export async function prepareAssets(outDir: string): Promise<void> {
  const folder = join(outDir, "runtimes");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(outDir, "box.html"), boxDocument(await bundle(join(here, "box", "supervisor.ts"))));
  const manifest: RuntimeManifest = {};
  for (const language of ["python3", "javascript"] as const) {
    const runtime = runtimes[language];
    if (runtime !== undefined)
      manifest[language] = await prepareRuntime(folder, runtime.script, runtime.files);
  }
  await writeFile(join(outDir, "runtimes.json"), JSON.stringify(manifest));
}

async function prepareRuntime(
  folder: string,
  script: string,
  files: readonly string[],
): Promise<RuntimeFile[]> {
  const boot = Buffer.from(await bundle(script));
  const taken = files.map(async (file) =>
    publish(folder, basename(file), await readFile(require.resolve(file))),
  );
  return Promise.all([publish(folder, "boot.js", boot), ...taken]);
}

/** One inline script, whose hash the server puts into the document's policy, and nothing that would have to be loaded. */
function boxDocument(script: string): string {
  if (script.includes("</script"))
    throw new Error("The supervisor's script contains the end of a script element.");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox</title></head><body><script>${script}</script></body></html>`;
}

/** Bundles a script with all that it imports into one classic script. */
async function bundle(entry: string): Promise<string> {
  const results = await build({
    configFile: false,
    logLevel: "warn",
    root: here,
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
  return chunk.code;
}

/** Writes one file, packed where that saves a tenth; as opaque bytes, so that no server in between packs or unpacks it. */
async function publish(folder: string, name: string, content: Buffer): Promise<RuntimeFile> {
  const packed = await compress(content, { level: 9 });
  const encoding = packed.length < content.length * 0.9 ? "gzip" : "identity";
  const bytes = encoding === "gzip" ? packed : content;
  if (bytes.length > LARGEST_FILE)
    throw new Error(`${name} has ${bytes.length} bytes, more than ${LARGEST_FILE}.`);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  await writeFile(join(folder, `${name}.${hash}.bin`), bytes);
  return { name, path: `/runtimes/${name}.${hash}.bin`, bytes: bytes.length, encoding };
}
