import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Remembers which processes, control groups and mounts the guest has; nothing else goes on in it.
 *
 * @returns a function that tells of those that came since, a sentence each
 */
export async function watchResidue(): Promise<() => Promise<string[]>> {
  const before = new Set(await everything());
  return async () => (await everything()).filter((thing) => !before.has(thing));
}

async function everything(): Promise<string[]> {
  const mounts = (await readFile("/proc/self/mountinfo", "utf8")).trim().split("\n");
  return [
    ...(await processes()).map((process) => `process ${process}`),
    ...(await controlGroups()).map((folder) => `control group ${folder}`),
    ...mounts.map((mount) => `mount ${mount.split(" ")[4]}`),
  ];
}

/** Number and command of every process but the kernel's own, which are all children of number 2. */
async function processes(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return stats.flatMap((stat) => {
    const [, pid, command, parent] = /^(\d+) \((.*)\) \S (\d+)/s.exec(stat) ?? [];
    return pid === undefined || pid === "2" || parent === "2" ? [] : [`${pid} ${command}`];
  });
}

async function controlGroups(): Promise<string[]> {
  const root = "/sys/fs/cgroup";
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
