import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PreparedFiles } from "../manifest.ts";
import { packInto } from "../pieces.ts";
import { HEADER_FILE, SUPPORT_FILE } from "./files.ts";
import { HEADER_COMMAND } from "./flags.ts";
import { buildCppSupport, stateOfSources } from "./objects.ts";
import { standardHeaderTree, standardHeaderText } from "./standard-header.ts";
import { run } from "./toolchain.ts";

/**
 * Where the list of what C++ needs besides lies, below the site's root; known before it is made. The name changes with all that it is
 * made from.
 */
export function preparedPath(): string {
  const inputs = JSON.stringify([stateOfSources(), HEADER_COMMAND, standardHeaderText]);
  return `/runtimes/cpp-library.${createHash("sha256").update(inputs).digest("hex").slice(0, 16)}.json`;
}

/**
 * Makes the support of C++ programs and the precompiled header of the C++ library, and writes them into a folder: their pieces, and
 * last the list, under the file name of `preparedPath()`. Takes about a minute of one core.
 * @throws Error with what the compiler said when something cannot be made
 */
export async function makePrepared(folder: string): Promise<void> {
  const support = await packInto(folder, SUPPORT_FILE, await buildCppSupport());
  const header = await packInto(folder, HEADER_FILE, await compileHeader());
  const list: PreparedFiles = [support, header];
  await writeFile(join(folder, basename(preparedPath())), JSON.stringify(list));
}

async function compileHeader(): Promise<Uint8Array> {
  let said = "";
  const made = await run(HEADER_COMMAND, standardHeaderTree(), (words) => void (said += words));
  if (made !== null) return made.output;
  throw new Error(`The C++ library's header was not compiled:\n${said}`);
}
