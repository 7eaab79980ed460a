import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Deeper than any compiler nests; more is a program's trick. */
const MAX_DEPTH = 32;

/**
 * Copies the plain files below a folder, and the folders they lie in, into another, which must exist. Links, pipes and
 * the like are left out, never followed: the program whose work folder it was may have made them.
 *
 * @returns why not all was copied, which is the program's own doing; else null
 */
export async function collect(from: string, to: string, depth = 0): Promise<string | null> {
  if (depth > MAX_DEPTH) return `folders nested more than ${MAX_DEPTH} deep`;
  for (const name of await readdir(from)) {
    const source = join(from, name);
    const target = join(to, name);
    const found = await lstat(source);
    if (found.isDirectory()) {
      await mkdir(target);
      const refused = await collect(source, target, depth + 1);
      if (refused !== null) return refused;
    } else if (found.isFile()) {
      await copyFile(source, target, constants.COPYFILE_EXCL);
      await chmod(target, found.mode & 0o111 ? 0o755 : 0o644);
    }
  }
  return null;
}

/** Removes a folder, also when its program made folders in it that may not be entered. */
export async function removeFolder(path: string): Promise<void> {
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    await remove();
  } catch {
    await openFolders(path);
    await remove();
  }
}

async function openFolders(path: string): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isDirectory()) await openFolders(join(path, entry.name));
}
