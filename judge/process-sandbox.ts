import { findShell } from "./process-sandbox/launch.ts";
import { type AllWent, runPrograms } from "./process-sandbox/run.ts";
import { type Mount, type Program, type Sandbox, SandboxError } from "./sandbox.ts";
import type { Store } from "./store.ts";

/** The level's reason wherever it is in use: there is no other way to it. */
const REASON = "no isolation: JUDGE_ALLOW_UNSAFE=1";

export interface ProcessSandboxOptions {
  store: Store;
  /** Files of this machine that programs know by another name, absolute: the judge's own Node. */
  binds: readonly Mount[];
}

/**
 * Runs programs as plain child processes: UNSANDBOXED, for developing on one's own machine, on any POSIX system.
 * `whyNotUnsafe` says whether that is allowed; ask it first.
 *
 * What holds, against programs that mean no harm: CPU time and memory of a whole process group, watched from outside; the
 * wall guard; the bounds on stdout and stderr; a work folder for each run, removed after it; the end of all its
 * processes with it, also when the judge is killed.
 *
 * What does not: a program may read and change all that the judge's user may, reach the network, and see other
 * programs. One that starts a session of its own (setsid) leaves the group: it is neither measured nor ended. Memory
 * and the number of processes are looked at every 10 ms or so, so a program may exceed them for a moment; pages that
 * processes share count once for each; a program that ends within milliseconds has no figure for its memory. CPU time
 * comes in steps of 10 ms. The work folder's size is not bounded, only that of each file. Paths of the jail in a
 * command (`/box`, `/scratch`) become this machine's; in a source they do not.
 *
 * @throws SandboxError when there is no shell here that can start programs
 */
export async function openProcessSandbox({ store, binds }: ProcessSandboxOptions): Promise<Sandbox> {
  if (process.platform === "win32") throw new SandboxError("programs cannot be run on Windows");
  const shell = await findShell();
  const closing = new AbortController();
  const place = { store, binds, shell, closing: closing.signal };
  let last: Promise<unknown> = Promise.resolve();

  /** Waits for the requests before it, whether they succeed or not. */
  const inTurn = (programs: readonly Program[]): Promise<AllWent> => {
    const turn = last.then(() => {
      if (closing.signal.aborted) throw new SandboxError("the sandbox is closed");
      return runPrograms(place, programs);
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    level: "process",
    reason: REASON,
    store: store.root,
    run: async (program) => {
      const [went] = (await inTurn([program])).each;
      if (went === undefined) throw new SandboxError("a program without an ending");
      return went.ending;
    },
    runPair: async (a, b) => {
      const { each, dialogue } = await inTurn([a, b]);
      const [one, two] = each;
      if (one === undefined || two === undefined) throw new SandboxError("a pair without two endings");
      return { first: two.silentAt < one.silentAt ? 1 : 0, endings: [one.ending, two.ending], dialogue };
    },
    close: async () => {
      closing.abort();
      await last;
    },
  };
}
