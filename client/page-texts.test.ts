import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { describe, expect, it } from "vitest";

const CLIENT = import.meta.dirname;
const LOCALES = join(CLIENT, "locales");

/** The keys of every piece of texts that pages bring along, by the piece's name. */
const pieces = new Map(
  readdirSync(LOCALES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const texts: unknown = JSON.parse(readFileSync(join(LOCALES, name, "en.json"), "utf8"));
      return [name, Object.keys(v.parse(v.record(v.string(), v.string()), texts))];
    }),
);

/** It knows the complaints of every form; those about contests come on no other page. */
const OF_ALL_FORMS = join(CLIENT, "field-errors.ts");

const STATIC = /^(?:import|export)(?!\s+type\b)[^"]*"(\.[^"]+)"/gm;
const DYNAMIC = /\bimport\("(\.[^"]+)"\)/g;
const ASKED = /\bt\(\s*["`]([\w.]+)/g;

function importsOf(file: string, form: RegExp): string[] {
  return [...readFileSync(file, "utf8").matchAll(form)]
    .map(([, path = ""]) => resolve(dirname(file), path))
    .filter((path) => path.startsWith(CLIENT) && /\.tsx?$/.test(path) && existsSync(path));
}

/** A file and all that is loaded before it runs. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const imported of importsOf(file, STATIC)) loadedWith(imported, found);
  return found;
}

const piecesIn = (files: Iterable<string>): string[] =>
  [...files].filter((file) => dirname(file) === LOCALES).map((file) => basename(file, ".ts"));

/** The texts that a file asks for, and that are in none of the pieces at hand, each as `file: key`. */
function missingIn(files: Iterable<string>, atHand: readonly string[]): string[] {
  return [...files]
    .filter((file) => file !== OF_ALL_FORMS)
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(ASKED)].flatMap(([, asked = ""]) => {
        const having = [...pieces].filter(([, keys]) =>
          keys.some(
            (key) =>
              key === asked || key === `${asked}_other` || (asked.endsWith(".") && key.startsWith(asked)),
          ),
        );
        const isAtHand = having.length === 0 || having.some(([name]) => atHand.includes(name));
        return isAtHand ? [] : [`${file.slice(CLIENT.length + 1)}: ${asked}`];
      }),
    );
}

/** What is missing on a page, and in the parts that it loads when they are first shown. */
function missingOn(page: string, inherited: readonly string[] = [], seen = new Set<string>()): string[] {
  if (seen.has(page)) return [];
  seen.add(page);
  const files = loadedWith(page);
  const atHand = [...inherited, ...piecesIn(files)];
  const parts = [...files].flatMap((file) => importsOf(file, DYNAMIC));
  return [...missingIn(files, atHand), ...parts.flatMap((part) => missingOn(part, atHand, seen))];
}

describe("a page", () => {
  const pages = readdirSync(join(CLIENT, "pages")).filter((name) => name.endsWith(".tsx"));

  it.each(pages)("%s brings the pieces of texts that it and its parts ask for", (page) => {
    expect(missingOn(join(CLIENT, "pages", page))).toEqual([]);
  });

  it("that asked for a text of a piece which it does not load would be found", () => {
    expect(missingIn([join(CLIENT, "parts", "team-fields.tsx")], [])).toContain(
      "parts/team-fields.tsx: teams.group",
    );
  });
});
