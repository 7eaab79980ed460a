import { randomInt } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { environment, programLimits } from "./limits.ts";
import type { Sandbox } from "./sandbox.ts";

/**
 * What a slot's programs leave behind on the host: processes, cgroups, mounts, files, shared memory. Found by looking
 * at the host, not by asking the sandbox.
 *
 * @returns a function that gives a sentence for each thing that is there now and was not at the last call; what is
 * only just ending is given a second for it
 * @throws Error when a program of the slot could not be found on the host while it ran
 */
export async function watchResidue(sandbox: Sandbox): Promise<() => Promise<string[]>> {
  const who = await identify(sandbox);
  const before = await observe(sandbox, who);
  return async () => {
    for (let attempt = 0; ; attempt++) {
      const left = [...(await observe(sandbox, who))].filter((thing) => !before.has(thing));
      if (left.length > 0 && attempt < 20) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      // What one program left is not held against the next.
      for (const thing of left) before.add(thing);
      return left;
    }
  };
}

/** As whom a slot's programs run, seen from the host. */
interface Identity {
  uid: number;
  /** Our child process that starts them. */
  supervisor: number;
}

/** Runs a program that sleeps for a time that nobody else sleeps for, and looks for it; longer on a slow host. */
async function identify(sandbox: Sandbox): Promise<Identity> {
  for (const seconds of ["0", "3", "15"]) {
    const found = await identifyWithin(sandbox, `${seconds}.3${randomInt(1e9, 1e10)}`);
    if (found !== null) return found;
  }
  throw new Error("no program of the sandbox is to be seen on this host");
}

async function identifyWithin(sandbox: Sandbox, seconds: string): Promise<Identity | null> {
  const argv = ["/bin/sleep", seconds];
  const over = new AbortController();
  const ending = sandbox
    .run({
      argv,
      env: environment,
      input: null,
      collect: null,
      mounts: [],
      limits: programLimits(10_000, 64, 1),
    })
    .finally(() => over.abort());
  let found: Identity | null = null;
  while (!over.signal.aborted && found === null) {
    found = await findProgram(argv.join("\0"));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { notStarted } = await ending;
  if (notStarted !== null) throw new Error(`no program can be started in the sandbox: ${notStarted}`);
  return found;
}

async function findProgram(command: string): Promise<(Identity & { pid: number }) | null> {
  const processes = await allProcesses();
  for (const { pid, uid } of processes.values()) {
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line !== `${command}\0`) continue;
    const supervisor = ancestors(processes, pid).find(({ parent }) => parent === process.pid);
    if (supervisor !== undefined) return { pid, uid, supervisor: supervisor.pid };
  }
  return null;
}

interface Process {
  pid: number;
  parent: number;
  uid: number;
  name: string;
}

/** Every process of the machine. */
async function allProcesses(): Promise<Map<number, Process>> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(readProcess));
  return new Map(all.flatMap((found) => (found === null ? [] : [[found.pid, found]])));
}

async function readProcess(pid: number): Promise<Process | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:\\s*([^\\t\\n]*)`, "m").exec(status)?.[1];
  const [name, parent, uid] = ["Name", "PPid", "Uid"].map(field);
  if (name === undefined || parent === undefined || uid === undefined) return null;
  return { pid, parent: Number(parent), uid: Number(uid), name };
}

/** A process and those above it, upwards. */
function ancestors(processes: ReadonlyMap<number, Process>, pid: number): Process[] {
  const line: Process[] = [];
  for (let at = processes.get(pid); at !== undefined; at = processes.get(at.parent)) line.push(at);
  return line;
}

/** A sentence for each thing that a slot's programs could have left. */
async function observe(sandbox: Sandbox, who: Identity): Promise<Set<string>> {
  const lists = await Promise.all([
    processesOf(who),
    groupsOf(who.supervisor),
    mountsOf(process.pid),
    mountsOf(who.supervisor),
    sharedMemoryOf(who),
    filesOf(sandbox.store),
  ]);
  return new Set(lists.flat());
}

/** The supervisor's children, and the processes of the slot's user, if that is nobody else's. */
async function processesOf({ uid, supervisor }: Identity): Promise<string[]> {
  const processes = await allProcesses();
  return [...processes.values()]
    .filter(
      (each) =>
        (each.uid === uid && uid !== process.getuid?.()) ||
        ancestors(processes, each.parent).some(({ pid }) => pid === supervisor),
    )
    .map(({ pid, name }) => `the process ${pid} (${name}) is left`);
}

const CGROUPS = "/sys/fs/cgroup";

/** Groups of single programs in the supervisor's folders; `sandbox/cgroup.h` tells how those are named. */
async function groupsOf(supervisor: number): Promise<string[]> {
  const own = new RegExp(`^tabarena-judge\\.\\d+\\.${supervisor}\\.\\d+$`);
  const foldersIn = async (path: string): Promise<string[]> => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
  };
  const trees = [CGROUPS, ...(await foldersIn(CGROUPS))];
  const folders = (await Promise.all(trees.map(foldersIn))).flat();
  const groups = await Promise.all(
    folders.filter((path) => own.test(path.slice(path.lastIndexOf("/") + 1))).map(foldersIn),
  );
  return groups.flat().map((path) => `the cgroup ${path} is left`);
}

/** Where a process sees what mounted (proc(5), mountinfo); none where it may not be read. */
async function mountsOf(pid: number): Promise<string[]> {
  const table = await readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "");
  return table.split("\n").flatMap((line) => {
    const [head, tail] = line.split(" - ");
    const [id, , , , point] = head?.split(" ") ?? [];
    const type = tail?.split(" ")[0];
    return point === undefined || type === undefined ? [] : [`${type} is left mounted at ${point} (${id})`];
  });
}

/** Shared memory of System V outside the programs' own namespaces (proc(5), sysvipc: the owner is the eighth field). */
async function sharedMemoryOf({ uid }: Identity): Promise<string[]> {
  if (uid === process.getuid?.()) return [];
  const table = await readFile("/proc/sysvipc/shm", "utf8").catch(() => "");
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/));
  return rows.filter((row) => row[7] === String(uid)).map((row) => `the shared memory ${row[1]} is left`);
}

async function filesOf(store: string): Promise<string[]> {
  const names = await readdir(store, { recursive: true }).catch(() => []);
  return names.map((name) => `the file ${name} is left in the store`);
}
