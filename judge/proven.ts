import { createHash } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { SandboxLevel } from "../protocol/submission.ts";
import type { Store } from "./store.ts";
import type { Toolchain } from "./slot.ts";

/**
 * Which toolchains have compiled and run their small program here before, so that a judge which starts anew need not try
 * all of them again, which takes ten seconds and more. Remembered in the store, for as long as no package of the system
 * is installed or removed.
 */
export interface Proven {
  has(toolchain: Toolchain, level: SandboxLevel): boolean;
  add(toolchain: Toolchain, level: SandboxLevel): void;
  /** Writes down what was added. */
  save(): Promise<void>;
}

/** Knows nothing, and keeps nothing. */
export const nothingProven: Proven = {
  has: () => false,
  add: () => undefined,
  save: () => Promise.resolve(),
};

const FILE = "proven.json";
const Kept = v.array(v.string());

/**
 * What was proven with the packages that `root` has now; nothing where no package manager tells when they change.
 *
 * @param root - the folder whose `usr` programs see
 */
export async function openProven(store: Store, root: string): Promise<Proven> {
  const packages = await stat(join(root, "var/lib/dpkg/status")).catch(() => null);
  if (packages === null) return nothingProven;
  const file = store.absolute(FILE);
  const before = new Set(await readKept(file));
  const now = new Set<string>();
  const keyOf = ({ language, version }: Toolchain, level: SandboxLevel): string => {
    const { id, hello, probe } = language;
    const entry = { file: "hello", start: "hello" };
    const commands = [
      language.compile(["hello"], { start: "hello", ahead: false }),
      language.run(entry, 256, []),
    ];
    const facts = [
      root,
      packages.mtimeMs,
      packages.size,
      process.version,
      level,
      id,
      version,
      hello,
      probe,
      commands,
    ];
    return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
  };
  return {
    has: (toolchain, level) => before.has(keyOf(toolchain, level)),
    add: (toolchain, level) => void now.add(keyOf(toolchain, level)),
    save: () => writeFile(file, JSON.stringify([...now])),
  };
}

async function readKept(file: string): Promise<string[]> {
  try {
    return v.parse(Kept, JSON.parse(await readFile(file, "utf8")));
  } catch {
    // Not there yet, or cut short as a judge was killed: all is tried again.
    return [];
  }
}
