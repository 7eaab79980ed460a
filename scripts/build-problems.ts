import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { PROBLEMS, ROOT } from "./folders.ts";

// The program that made the data uses parts outside of the package and is no part of it; and what compilers and interpreters
// leave behind when somebody tries a jury submission.
const LEFT_OUT = /^generator\/|(^|\/)(__pycache__|\.[^/]*)(\/|$)|\.(class|pyc|o|exe)$|(^|\/)a\.out$/;
// Any fixed time makes the same package the same bytes, and so the same hash; a zip counts from 1980.
const MTIME = new Date(2000, 0, 1);

/** The folders below problems/ that are packages, by name. */
export function packageFolders(): string[] {
  const folder = join(ROOT, "problems");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).includes("problem.yaml"))
    .map((entry) => entry.name)
    .sort();
}

/** Writes every problem package as dist/problems/<slug>.zip, the same bytes for the same files. */
export function buildProblems(): void {
  rmSync(PROBLEMS, { recursive: true, force: true });
  mkdirSync(PROBLEMS, { recursive: true });
  for (const slug of packageFolders()) {
    const folder = join(ROOT, "problems", slug);
    writeFileSync(join(PROBLEMS, `${slug}.zip`), zipPackage(folder, slug));
  }
}

/** A package folder as a zip with one top folder named `slug`. */
export function zipPackage(folder: string, slug: string): Uint8Array {
  const entries: Zippable = {};
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
  for (const path of paths) {
    entries[`${slug}/${path}`] = [
      new Uint8Array(readFileSync(join(folder, path))),
      { mtime: MTIME, level: 6 },
    ];
  }
  return zipSync(entries);
}
