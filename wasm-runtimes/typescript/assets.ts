import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { LanguageAssets } from "../assets.ts";
import { HANDOVER } from "./amaro.ts";

const require = createRequire(import.meta.url);
const here = import.meta.dirname;

export const typescriptAssets: LanguageAssets = {
  scripts: { "boot.js": join(here, "../javascript/boot.ts"), "compiler.js": join(here, "compiler.ts") },
  files: [],
  made: amaroFiles,
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
  const script = `${HANDOVER}(function (module, require, WebAssembly) {\n${text.replace(carried, "")}\n});`;
  return new Map([
    ["amaro.js", Buffer.from(script)],
    ["amaro.wasm", Buffer.from(carried, "base64")],
  ]);
}
