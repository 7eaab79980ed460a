import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import type { Files } from "../../rules/package/package.ts";
import { unzipPackage } from "../../rules/package/unzip.ts";

/** What compilers and interpreters leave behind when somebody tries a submission. */
const LEFTOVER = /(^|\/)(__pycache__\/|a\.out$|[^/]*\.(?:class|pyc|o|exe)$)/;

/**
 * Reads a problem package from a folder or a zip.
 *
 * @returns its files, and the short name that it takes from the folder or zip: `hello-world`
 * @throws Error with a sentence that says why it cannot be read
 */
export function readPackageFiles(path: string): { files: Files; shortName: string } {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`there is no ${path}`);
  const name = basename(resolve(path));
  if (stats.isDirectory()) return { files: readFolder(realpathSync(path)), shortName: name };
  if (!stats.isFile()) throw new Error(`${path} is neither a folder nor a file`);
  return {
    files: unzipPackage(new Uint8Array(readFileSync(path))),
    shortName: name.replace(/\.(zip|kpp)$/i, ""),
  };
}

function readFolder(folder: string): Files {
  const files = new Map<string, Uint8Array>();
  for (const path of pathsIn(folder, "")) {
    if (!LEFTOVER.test(path)) files.set(path, new Uint8Array(readFileSync(join(folder, path))));
  }
  return files;
}

/** The files below a folder, through symbolic links that stay inside the package. */
function pathsIn(root: string, below: string, around: readonly string[] = []): string[] {
  const folder = realpathSync(join(root, below));
  if (around.includes(folder)) throw new Error(`${below} is a symbolic link to a folder that holds it`);
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    // A repository's history, and what editors leave, is no part of a package, and may be large.
    if (entry.name.startsWith(".") && path !== ".timelimit") return [];
    if (entry.isSymbolicLink()) refuseEscape(root, path);
    const stats = statSync(join(root, path));
    if (stats.isDirectory()) return pathsIn(root, path, [...around, folder]);
    return stats.isFile() ? [path] : [];
  });
}

function refuseEscape(root: string, path: string): void {
  const target = statSync(join(root, path), { throwIfNoEntry: false });
  if (target === undefined) throw new Error(`${path} is a symbolic link to nothing`);
  const place = relative(root, realpathSync(join(root, path)));
  if (place === ".." || place.startsWith(`..${sep}`))
    throw new Error(`${path} is a symbolic link out of the package`);
}
