import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import * as v from "valibot";
import { describe, expect, it } from "vitest";

const CLIENT = resolve(import.meta.dirname, "../dist/client");

/** Vite's build manifest (https://vite.dev/guide/backend-integration), by source file. */
const Manifest = v.record(
  v.string(),
  v.object({ file: v.string(), imports: v.optional(v.array(v.string())), isEntry: v.optional(v.boolean()) }),
);
const manifest = v.parse(Manifest, JSON.parse(readFileSync(join(CLIENT, ".vite/manifest.json"), "utf8")));

/** The scripts that must arrive before `source` runs: its own and all that it imports, lazily loaded ones left out. */
function scriptsOf(source: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[source];
  if (!chunk) throw new Error(`${source} is not in the build's manifest`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) scriptsOf(imported, found);
  return found;
}

const gzipped = (files: Iterable<string>): number =>
  [...files]
    .filter((file) => file.endsWith(".js"))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(CLIENT, file)), { level: 9 }).length, 0);

describe("what a page must load, in gzipped JavaScript,", () => {
  const shell = scriptsOf("index.html");

  it("is at most 40 KB for the shell", () => {
    expect(gzipped(shell)).toBeGreaterThan(0);
    expect(gzipped(shell)).toBeLessThanOrEqual(40_000);
  });

  it("is at most 140 KB more for the editor, without languages", () => {
    const editor = [...scriptsOf("editor/codemirror.ts")].filter((file) => !shell.has(file));
    expect(gzipped(editor)).toBeGreaterThan(0);
    expect(gzipped(editor)).toBeLessThanOrEqual(140_000);
  });
});
