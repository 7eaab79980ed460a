import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PreparedFiles } from "../manifest.ts";
import { packInto } from "../pieces.ts";
import { HEADER_FILE } from "./files.ts";
import { HEADER_COMMAND } from "./flags.ts";
import { compilerVersion } from "./objects.ts";
import { standardHeaderTree, standardHeaderText } from "./standard-header.ts";
import { run } from "./toolchain.ts";

/**
 * Where the list of the C++ library's precompiled header lies, below the site's root; known before it is made. The name changes with
 * all that it is made from.
 */
export function headerPath(): string {
  const inputs = JSON.stringify([compilerVersion(), HEADER_COMMAND, standardHeaderText]);
  return `/runtimes/cpp-header.${createHash("sha256").update(inputs).digest("hex").slice(0, 16)}.json`;
}

/**
 * Makes the precompiled header and writes it into a folder: its pieces, and last the list, under the file name of `headerPath()`.
 * Takes some twenty seconds of one core, half of them for packing.
 * @throws Error with what the compiler said when it cannot be made
 */
export async function makeHeader(folder: string): Promise<void> {
  const file = await packInto(folder, HEADER_FILE, await compileHeader());
  await writeFile(join(folder, basename(headerPath())), JSON.stringify([file] satisfies PreparedFiles));
}

async function compileHeader(): Promise<Uint8Array> {
  let said = "";
  const made = await run(HEADER_COMMAND, standardHeaderTree(), (words) => void (said += words));
  if (made !== null) return made.output;
  throw new Error(`The C++ library's header was not compiled:\n${said}`);
}
