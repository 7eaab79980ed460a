import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Remembers what there is in the guest, in which nothing else goes on: processes, control groups, mounts as every
 * process sees them, temporary files, and what the kernel keeps of System V's.
 *
 * @returns a function that tells of each thing that came since it was last called; what is only just ending is given
 * two seconds for it
 */
export async function watchGuest(): Promise<() => Promise<string[]>> {
  const known = new Set(await everything());
  return async () => {
    for (let attempt = 0; ; attempt++) {
      const left = (await everything()).filter((thing) => !known.has(thing));
      if (left.length === 0 || attempt === 20) {
        for (const thing of left) known.add(thing);
        return left;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
}

async function everything(): Promise<string[]> {
  const processes = await allProcesses();
  const mounts = await Promise.all(processes.map(mountsOf));
  return [
    ...processes.map(({ pid, command }) => `process ${pid} ${command}`),
    ...new Set(mounts.flat()),
    ...(await foldersIn("/sys/fs/cgroup")).map((folder) => `control group ${folder}`),
    ...(await readdir(tmpdir(), { recursive: true })).map((file) => `file ${file} in ${tmpdir()}`),
    ...(await systemV()),
  ];
}

interface Process {
  pid: string;
  command: string;
}

/** All but the kernel's own, which are children of number 2. */
async function allProcesses(): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")));
  return stats.flatMap((stat) => {
    const [, pid, command, parent] = /^(\d+) \((.*)\) \S (\d+)/s.exec(stat) ?? [];
    return pid === undefined || command === undefined || pid === "2" || parent === "2"
      ? []
      : [{ pid, command }];
  });
}

async function mountsOf({ pid, command }: Process): Promise<string[]> {
  const table = await readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "");
  const points = table.split("\n").flatMap((line) => line.split(" ")[4] ?? []);
  return points.map((point, index) => `mount ${point}, number ${index} of ${command}`);
}

async function foldersIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

async function systemV(): Promise<string[]> {
  const kinds = ["shm", "sem", "msg"];
  const tables = await Promise.all(kinds.map((kind) => readFile(`/proc/sysvipc/${kind}`, "utf8")));
  return tables.flatMap((table, index) =>
    table
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => `System V ${kinds[index]} ${row}`),
  );
}
