import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Holder {
  pid: number;
  /** When that process began, where the system tells: a process id alone is given again to others. */
  began: string | null;
}

/**
 * Makes this process the only one to use a data folder, which is made if missing. The lock of a process that is no more is
 * taken over.
 *
 * @returns gives the folder free again
 * @throws a sentence that names the other process
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "lock.json");
  const mine: Holder = { pid: process.pid, began: beginningOf(process.pid) };
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder)) {
      throw new Error(
        `The data folder ${folder} is in use by a site that runs already (process ${holder.pid}). ` +
          "Stop that one, or give this one a folder of its own: npm start -- --data FOLDER",
      );
    }
    rmSync(file, { force: true });
  }
  throw new Error(`The data folder ${folder} is being taken by other processes over and over.`);
}

function readHolder(file: string): Holder | null {
  try {
    const holder: Holder = JSON.parse(readFileSync(file, "utf8"));
    return Number.isSafeInteger(holder.pid) && holder.pid > 0 ? holder : null;
  } catch {
    return null;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return began === null || beginningOf(pid) === began;
}

/** Field 22 of /proc/PID/stat (man proc): clock ticks since the machine started. Null where there is no /proc. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
