import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProgrammingLanguageId } from "../protocol/language.ts";
import { openFloor } from "./floor.ts";
import { openHostLoad } from "./host-load.ts";
import { judgeLanguages } from "./languages/index.ts";
import { nodeMount } from "./languages/javascript.ts";
import type { Proven } from "./proven.ts";
import { openSandbox, type Sandbox, type SandboxOptions, type SupervisedLevel } from "./sandbox.ts";
import { buildSupervisor } from "./sandbox/build.ts";
import type { Slot } from "./slot.ts";
import { openStore, type Store } from "./store.ts";
import { findToolchains } from "./toolchains.ts";
import type { Files } from "../rules/package/package.ts";

/** A sandbox with a store of its own, both gone after `close`. */
export interface TestSandbox {
  sandbox: Sandbox;
  store: Store;
  close(): Promise<void>;
}

/** A slot number, and so a user, that neither a judge nor another test of this machine uses at the same time. */
export const TEST_SLOT = 1000 + (process.pid % 40_000);
export const TEST_UID = 10_001 + TEST_SLOT;

export async function openTestSandbox(
  slot = TEST_SLOT,
  level: SupervisedLevel = "full",
  options: Pick<SandboxOptions, "processor" | "root"> = {},
): Promise<TestSandbox> {
  const root = await mkdtemp(join(tmpdir(), "judge-test-"));
  const store = await openStore(root);
  const supervisor = await buildSupervisor();
  const remove = async (): Promise<void> => {
    await store.close();
    await rm(root, { recursive: true, force: true });
  };
  try {
    const sandbox = await openSandbox({
      supervisor,
      store: store.root,
      slot,
      level,
      binds: [nodeMount],
      ...options,
    });
    return { sandbox, store, close: () => sandbox.close().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Why the sandbox cannot be tested here, or null when it can; told on the console, since skipped tests say nothing. */
export async function whyNoSandbox(level: SupervisedLevel = "full"): Promise<string | null> {
  try {
    await (await openTestSandbox(TEST_SLOT, level)).close();
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`Sandbox tests are skipped at level ${level}: ${reason}`);
    return reason;
  }
}

/** Enough for tests that are not of languages: to look for all of them takes ten times as long. */
const usualLanguages = ["c", "cpp", "java", "javascript", "python3"] as const;

/** A test that uses a toolchain which does not work says so itself; to try each of them first takes as long again. */
const trusted: Proven = { has: () => true, add: () => undefined, save: () => Promise.resolve() };

export async function openTestSlot(
  level: SupervisedLevel = "full",
  wanted: readonly ProgrammingLanguageId[] = usualLanguages,
): Promise<{ slot: Slot; close(): Promise<void> }> {
  const { sandbox, store, close } = await openTestSandbox(TEST_SLOT, level);
  const { toolchains } = await findToolchains(
    sandbox,
    store,
    wanted.map((id) => judgeLanguages[id]),
    trusted,
  );
  const shared = { floor: openFloor(), hostLoad: openHostLoad(null) };
  return { slot: { sandbox, store, toolchains, madeAhead: () => null, ...shared }, close };
}

/** The folders of the cgroup trees that belong to these supervisors. */
export async function judgeCgroups(supervisors: readonly number[]): Promise<string[]> {
  const root = "/sys/fs/cgroup";
  const trees = [root, ...(await readdir(root)).map((name) => join(root, name))];
  const lists = await Promise.all(
    trees.map(async (tree) => {
      const names = await readdir(tree).catch(() => []);
      return names
        .filter((name) => supervisors.some((pid) => isOf(name, pid)))
        .map((name) => join(tree, name));
    }),
  );
  return lists.flat();
}

/** Whether a cgroup's name is that of a supervisor: `tabarena-judge.<pid namespace>.<pid>.<start time>`. */
function isOf(name: string, pid: number): boolean {
  return new RegExp(`^tabarena-judge\\.\\d+\\.${pid}\\.\\d+$`).test(name);
}

/** The processes that a process has started. */
export async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const children = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      // The command's name, in parentheses, may hold anything.
      const [, parentOf] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(parentOf) === parent ? [Number(pid)] : [];
    }),
  );
  return children.flat();
}

/** Waits until something holds; a test that waits in vain ends by its own time limit. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Processes of the whole machine whose user is one of a sandbox slot's. */
export async function processesOf(uid: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const owned = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return new RegExp(`^Uid:\\t${uid}\\t`, "m").test(status) ? [Number(pid)] : [];
    }),
  );
  return owned.flat();
}

/** Reads a folder as the files of a package. */
export async function readFiles(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(
        async (path) => [path.slice(folder.length + 1), new Uint8Array(await readFile(path))] as const,
      ),
    ),
  );
}
