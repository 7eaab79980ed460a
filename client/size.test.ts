import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as v from "valibot";
import { describe, expect, it } from "vitest";

const DIST = join(import.meta.dirname, "..", "dist", "client");
const MANIFEST = join(DIST, ".vite", "manifest.json");

/** https://vite.dev/guide/backend-integration: by source file, what it was built into. */
const Manifest = v.record(
  v.string(),
  v.object({
    file: v.string(),
    src: v.optional(v.string()),
    imports: v.optional(v.array(v.string()), []),
    dynamicImports: v.optional(v.array(v.string()), []),
    css: v.optional(v.array(v.string()), []),
  }),
);
type Manifest = v.InferOutput<typeof Manifest>;

const KB = 1000;
const sizeOf = (file: string): number => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;
const total = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + sizeOf(file), 0);

/** A chunk and everything that it cannot run without. */
function withImports(manifest: Manifest, name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`${name} is not in the manifest; was it renamed?`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports) withImports(manifest, imported, found);
  return found;
}

/** The texts that a part of the site brings along, in the language that has the largest. */
function textsOf(manifest: Manifest, files: readonly string[]): number {
  const loaded = Object.values(manifest).filter(({ file }) => files.includes(file));
  const texts = loaded.flatMap(({ dynamicImports }) =>
    dynamicImports.filter((name) => name.startsWith("locales/")),
  );
  return Math.max(0, ...texts.map((name) => total(withImports(manifest, name))));
}

const without = (files: Set<string>, known: Set<string>): string[] =>
  [...files].filter((file) => !known.has(file));

// `npm run check` and `npm test` build first; without a build there is nothing to weigh.
describe.skipIf(!existsSync(DIST))(
  "the weight of the built client (skipped only when dist/client does not exist)",
  () => {
    const manifest = (): Manifest => v.parse(Manifest, JSON.parse(readFileSync(MANIFEST, "utf8")));
    const shell = (): Set<string> => withImports(manifest(), "index.html");

    it("is at most 40 KB of script on every page, texts of the interface included", () => {
      for (const locale of ["en", "pt-BR", "zh"]) {
        const files = new Set([...shell(), ...withImports(manifest(), `locales/${locale}.json`)]);
        expect(total(files)).toBeLessThanOrEqual(40 * KB);
      }
    });

    it("is at most 12 KB of style sheets", () => {
      const sheets = new Set(Object.values(manifest()).flatMap((chunk) => chunk.css));
      expect(sheets.size).toBeGreaterThan(0);
      expect(total(sheets)).toBeLessThanOrEqual(12 * KB);
    });

    it("grows by at most 140 KB with the editor, without the grammars of languages", () => {
      const editor = without(withImports(manifest(), "editor/codemirror.ts"), shell());
      expect(total(editor)).toBeGreaterThan(50 * KB);
      expect(total(editor)).toBeLessThanOrEqual(140 * KB);
    });

    it("is at most 30 KB more for any page with its own texts, 38 KB where programs are run, the editor apart", () => {
      const pages = Object.keys(manifest()).filter((name) => name.startsWith("pages/"));
      expect(pages.length).toBeGreaterThan(10);
      for (const page of pages) {
        const files = without(withImports(manifest(), page), shell());
        const size = total(files) + textsOf(manifest(), files);
        const most = files.some((file) => file.includes("/workspace-")) ? 38 * KB : 30 * KB;
        expect({ page, size: size <= most ? "fits" : size }).toEqual({ page, size: "fits" });
      }
    });
  },
);
