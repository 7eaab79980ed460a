import type { SandboxLevel } from "../protocol/submission.ts";
import { nodeMount } from "./languages/javascript.ts";
import { environment, programLimits } from "./limits.ts";
import { openProcessSandbox } from "./process-sandbox.ts";
import { openSandbox, type Sandbox, SandboxError } from "./sandbox.ts";
import { buildSupervisor, BuildError } from "./sandbox/build.ts";
import type { Store } from "./store.ts";

/** What a judge is told of how it may isolate. */
export interface Conditions {
  /** The only level that will do; null for the best that holds here. */
  level: SandboxLevel | null;
  /** The folder whose `usr`, `bin`, `lib` … programs see: `/` for the host's own. */
  root: string;
  /** Why nothing may be run at level `process`, or null when its operator has allowed that. */
  notUnsafe: string | null;
}

/** A level that holds here: opens its sandboxes, of which number 0 is open already. */
export interface Level {
  level: SandboxLevel;
  /** What it stands on, and why nothing better: `user namespace; …; not full: cannot create a cgroup: Permission denied`. */
  reason: string;
  first: Sandbox;
  /** @param processor - the one that programs run on, counted among those that this process may use; null for any */
  open(store: Store, slot: number, processor: number | null): Promise<Sandbox>;
}

const best: readonly SandboxLevel[] = ["full", "userns", "process"];

/**
 * Finds the best level that holds, by running a program at it. Nothing is given up silently: what does not hold is told
 * with its reason.
 *
 * @param processor - where the first sandbox's programs run
 */
export async function findLevel(
  store: Store,
  { level: wanted, root, notUnsafe }: Conditions,
  processor: number | null,
): Promise<Level | { level: null; reason: string }> {
  const given: string[] = [];
  for (const level of wanted === null ? best : [wanted]) {
    const open: Level["open"] = (where, slot, on) => openAt(level, where, root, notUnsafe, slot, on);
    try {
      const first = await open(store, 0, processor);
      await tryOut(first);
      const stands = level === "full" ? `root, ${first.reason}` : first.reason;
      return { level, reason: [stands, ...given].join("; "), first, open };
    } catch (error) {
      if (!(error instanceof SandboxError || error instanceof BuildError)) throw error;
      given.push(`not ${level}: ${error.message}`);
    }
  }
  return { level: null, reason: given.join("; ") };
}

async function openAt(
  level: SandboxLevel,
  store: Store,
  root: string,
  notUnsafe: string | null,
  slot: number,
  processor: number | null,
): Promise<Sandbox> {
  if (level === "process") {
    if (notUnsafe !== null) throw new SandboxError(notUnsafe);
    if (root !== "/") throw new SandboxError("a child process has no root of its own");
    return openProcessSandbox({ store, binds: [nodeMount] });
  }
  return openSandbox({
    supervisor: await buildSupervisor(),
    store: store.root,
    slot,
    level,
    root,
    ...(processor !== null && { processor }),
    binds: [nodeMount],
  });
}

/** A sandbox may open where nothing can be started in it: in a container whose /proc is masked, for one. */
async function tryOut(sandbox: Sandbox): Promise<void> {
  try {
    const ending = await sandbox.run({
      argv: ["/bin/sh", "-c", ":"],
      env: environment,
      input: null,
      collect: null,
      mounts: [],
      limits: programLimits(2000, 64, 1),
    });
    if (ending.notStarted !== null) throw new SandboxError(ending.notStarted);
    if (ending.exitCode !== 0) throw new SandboxError("/bin/sh does not end well in it");
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
