import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";

/** A small process that starts a program whenever asked to. */
export interface Starter {
  /** Runs the program once. */
  run(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Compiles `plain.c` into `folder` and starts it: fork and exec as cheap as they get, asked for over pipes as the sandbox
 * is. Node's own `spawn` would be no floor, since it costs several times as much.
 */
export async function openStarter(folder: string, program: string): Promise<Starter> {
  const executable = join(folder, "plain");
  await promisify(execFile)("gcc", ["-O2", "-o", executable, join(import.meta.dirname, "plain.c")]);
  const child = spawn(executable, [program], { stdio: ["pipe", "pipe", "inherit"] });
  return {
    run: async () => {
      child.stdin.write("\0");
      const [answer]: Buffer[] = await once(child.stdout, "data");
      if (answer?.[0] !== 0) throw new Error(`${program} ended with ${answer?.[0]}`);
    },
    close: async () => {
      child.stdin.end();
      await once(child, "close");
    },
  };
}
