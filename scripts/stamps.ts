import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DIST, ROOT } from "./folders.ts";

const STAMPS = join(DIST, ".stamps.json");
// Neither decides what is built, and an edited test should not cost a build.
const IGNORED = /(^|\/)(node_modules|dist)(\/|$)|\.test\.tsx?$|\.md$/;

/**
 * A digest of what a build step reads: the names and bytes of all files below `inputs`.
 * Bytes and not times, since a checkout gives old files new times.
 *
 * @param inputs files and folders, relative to the root; one that is missing counts as such
 * @param more anything else that decides the result, e.g. the digests of steps that go before
 */
export function digestOf(inputs: readonly string[], more: readonly string[] = []): string {
  const hash = createHash("sha256");
  for (const input of inputs) {
    for (const file of filesBelow(join(ROOT, input))) {
      hash
        .update(`${relative(ROOT, file)}\0`)
        .update(createHash("sha256").update(readFileSync(file)).digest());
    }
  }
  for (const text of more) hash.update(`${text}\0`);
  return hash.digest("hex");
}

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !IGNORED.test(relative(path, file)))
    .sort();
}

/** The digest under which each step last succeeded. Unreadable stamps mean that everything is built anew. */
export function readStamps(): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(STAMPS, "utf8"))));
  } catch {
    return new Map();
  }
}

export function writeStamps(stamps: ReadonlyMap<string, string>): void {
  writeFileSync(STAMPS, `${JSON.stringify(Object.fromEntries(stamps), null, 2)}\n`);
}
