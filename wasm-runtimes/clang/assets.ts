import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import type { LanguageAssets } from "../assets.ts";
import { CORES, NOWHERE, RESOURCES_FILE } from "./files.ts";
import { buildObjects } from "./objects.ts";
import { preparedPath } from "./prepared.ts";
import { trimmed } from "./resources.ts";

const here = import.meta.dirname;
const packaged = dirname(createRequire(import.meta.url).resolve("@yowasp/clang"));

const cAssets: LanguageAssets = {
  scripts: { "boot.js": join(here, "boot.ts"), "compiler.js": join(here, "compiler.ts") },
  files: CORES.map((name) => join(packaged, name)),
  made: async () =>
    new Map([
      [RESOURCES_FILE, trimmed(await readFile(join(packaged, "llvm-resources.tar")))],
      ...(await buildObjects()),
    ]),
  plugins: [addresses()],
};

export const clangAssets: Readonly<Record<"c" | "cpp", LanguageAssets>> = {
  c: cAssets,
  cpp: { ...cAssets, prepared: preparedPath },
};

/**
 * Makes the package, which is a module and finds its files beside itself, fit for a worker that is a classic script: it looks for
 * them at an address of ours, and for `fetch` when it needs it.
 */
function addresses(): Plugin {
  const changes: readonly (readonly [from: string, to: string])[] = [
    ["fetch2 = globalThis.fetch;", "fetch2 = (...asked) => globalThis.fetch(...asked);"],
    ["import.meta.url", JSON.stringify(NOWHERE)],
  ];
  return {
    name: "clang-addresses",
    transform(code, id) {
      if (id !== join(packaged, "bundle.js")) return null;
      for (const [from] of changes)
        if (!code.includes(from))
          throw new Error(`@yowasp/clang is no longer written as it was: no "${from}".`);
      return { code: changes.reduce((text, [from, to]) => text.replaceAll(from, to), code), map: null };
    },
  };
}
