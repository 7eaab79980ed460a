import { chmod, mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The judge's folder on disk, which supervisors show to jails folder by folder.
 *
 *     packages/<sha256>.zip      fetched problem packages                 \
 *     pch/<key>/                 what was compiled ahead                   kept between runs
 *     proven.json                which toolchains have worked             /
 *     jail/                      empty: mount point of the jails' roots
 *     live/<pid>/<n>/            what one judge works on now: sources, programs, tests; gone with it
 *
 * Paths given to and from the store are relative to it, since that is what supervisors take.
 */
export interface Store {
  /** Absolute path without symbolic links. */
  readonly root: string;
  absolute(path: string): string;
  /** Makes a new folder, with folders in it, that ends with this judge. */
  newFolder(...inside: string[]): Promise<string>;
  /** Writes a file, making its folders, readable for jailed programs. */
  write(path: string, bytes: Uint8Array | string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Removes all that is this judge's own. */
  close(): Promise<void>;
}

/** Opens (and makes, if needed) the store at `root`, and removes what judges that no longer run left in it. */
export async function openStore(root: string): Promise<Store> {
  await mkdir(join(root, "live"), { recursive: true });
  const real = await realpath(root);
  await sweep(join(real, "live"));
  const own = `live/${process.pid}`;
  let made = 0;
  const absolute = (path: string): string => join(real, path);
  await makeFolder(real, own);
  return {
    root: real,
    absolute,
    newFolder: async (...inside) => {
      const path = `${own}/${++made}`;
      for (const folder of ["", ...inside]) await makeFolder(real, `${path}/${folder}`);
      return path;
    },
    write: async (path, bytes) => {
      const folder = path.slice(0, path.lastIndexOf("/"));
      await makeFolder(real, folder);
      await writeFile(absolute(path), bytes);
      await chmod(absolute(path), 0o644);
    },
    remove: (path) => rm(absolute(path), { recursive: true, force: true }),
    close: () => rm(absolute(own), { recursive: true, force: true }),
  };
}

/** Makes the folders of a relative path, each open to jailed programs whatever this process's file mode mask is. */
async function makeFolder(root: string, path: string): Promise<void> {
  const made = await mkdir(join(root, path), { recursive: true });
  if (made === undefined) return;
  const parts = path.split("/").filter((part) => part !== "");
  for (let depth = parts.length; depth > 0; depth--) {
    const folder = join(root, ...parts.slice(0, depth));
    if (folder.length < made.length) break;
    await chmod(folder, 0o755);
  }
}

async function sweep(live: string): Promise<void> {
  const dead = (await readdir(live)).filter((name) => /^\d+$/.test(name) && !isRunning(Number(name)));
  await Promise.all(dead.map((name) => rm(join(live, name), { recursive: true, force: true })));
}

/** Our own number counts as dead: whoever had it before us is. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
