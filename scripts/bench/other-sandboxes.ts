import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import type { Arm } from "./rounds.ts";

/** Another sandbox, as a measure: one process for each test, from nothing. */
interface Other {
  name: string;
  /** Its command with all that it isolates by, up to the program. */
  run: readonly string[];
  setUp?: readonly string[];
  tearDown?: readonly string[];
}

/** A box that no installation is likely to use. */
const BOX = "--box-id=777";

const others: readonly Other[] = [
  {
    name: "bwrap",
    run: `bwrap --unshare-all --die-with-parent --new-session --cap-drop ALL --ro-bind /usr /usr
      --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 --proc /proc --dev /dev
      --tmpfs /scratch`.split(/\s+/),
  },
  {
    name: "isolate",
    setUp: ["isolate", BOX, "--init"],
    run: ["isolate", BOX, "--silent", "--run", "--"],
    tearDown: ["isolate", BOX, "--cleanup"],
  },
];

/** Those that are installed and work here; of the others the reason is told. */
export async function otherSandboxes(
  program: string,
  notMeasured: { name: string; reason: string }[],
): Promise<{ arms: Arm[]; close(): Promise<void> }> {
  const arms: Arm[] = [];
  const closers: (readonly string[])[] = [];
  for (const { name, setUp, run, tearDown } of others) {
    const [command = "", ...words] = [...run, program];
    const arm: Arm = { name, run: () => start(command, words) };
    try {
      if (setUp !== undefined) await execute(setUp);
      if (tearDown !== undefined) closers.push(tearDown);
      await arm.run();
      arms.push(arm);
    } catch (error) {
      notMeasured.push({ name, reason: explain(error) });
    }
  }
  return {
    arms,
    close: async () => {
      for (const command of closers) await execute(command);
    },
  };
}

async function execute([command = "", ...words]: readonly string[]): Promise<void> {
  await promisify(execFile)(command, words);
}

async function start(command: string, words: readonly string[]): Promise<void> {
  const [code] = await once(spawn(command, words, { stdio: "ignore" }), "close");
  if (code !== 0) throw new Error(`it ended with ${code}`);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ENOENT" ? "not installed" : error.message.trim();
}
