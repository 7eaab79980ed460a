import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

/** A process of the benchmark's. */
export interface Child<Ready> {
  pid: number;
  /** What it said once it was ready. */
  ready: Ready;
  tell(message: object): void;
  /** @returns ends the listening */
  hear(heard: (message: unknown) => void): () => void;
  /** Fulfilled with a sentence when it ends, asked for or not. */
  ended: Promise<string>;
  end(): Promise<void>;
}

/** One that has been told to end gets this long. */
const PATIENCE_MS = 10_000;

/**
 * Runs a program of this folder; it ends when this process does, however that ends.
 *
 * @param ready what it says first
 * @throws Error when it ends without that
 */
export async function startChild<Ready>(
  program: string,
  words: readonly string[],
  ready: v.GenericSchema<unknown, Ready>,
): Promise<Child<Ready>> {
  const child = fork(join(import.meta.dirname, program), words, { serialization: "advanced", execArgv: [] });
  const ended = once(child, "exit").then(
    ([code, signal]) => `${program} ended (${signal ?? `exit code ${code}`})`,
  );
  const [said] = await Promise.race([
    once(child, "message"),
    ended.then((how) => {
      throw new Error(`${how} before it was ready`);
    }),
  ]);
  return {
    // A child that said something has an id.
    pid: child.pid ?? NaN,
    ready: v.parse(ready, said),
    tell: (message) => void child.send(message),
    hear(heard) {
      child.on("message", heard);
      return () => void child.off("message", heard);
    },
    ended,
    end: () => endChild(child),
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await ended;
  clearTimeout(impatience);
}

/** Linux tells processors' time in hundredths of a second. */
const TICK_MS = 10;

/**
 * The time of processors that each of these processes has used, with all that descend from it and run now; in milliseconds.
 * Null where the system does not tell as Linux does; 0 for no process.
 */
export function usedMs(pids: readonly (number | null)[]): number[] | null {
  const all = processes();
  if (all === null) return null;
  const withChildren = (pid: number): number => {
    const own = all.get(pid);
    const children = [...all].filter(([, { parent }]) => parent === pid);
    return children.reduce((sum, [child]) => sum + withChildren(child), own?.usedMs ?? 0);
  };
  return pids.map((pid) => (pid === null ? 0 : withChildren(pid)));
}

function processes(): Map<number, { parent: number; usedMs: number }> | null {
  try {
    const found = new Map<number, { parent: number; usedMs: number }>();
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const fields = statOf(name);
      if (fields === null) continue;
      const [, parent = 0, , , , , , , , , , user = 0, system = 0] = fields;
      found.set(Number(name), { parent, usedMs: (user + system) * TICK_MS });
    }
    return found;
  } catch {
    return null;
  }
}

/** proc_pid_stat(5), from its third field on: before that, a name in parentheses with whatever in it. */
function statOf(pid: string): number[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
  } catch {
    // It has ended meanwhile.
    return null;
  }
}
