import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Exit, runLLVM } from "@yowasp/clang";
import type { PreparedFiles } from "../manifest.ts";
import { packInto } from "../pieces.ts";
import { HEADER_FILE } from "./files.ts";
import { HEADER_COMMAND } from "./flags.ts";
import { compilerVersion } from "./objects.ts";
import { standardHeaderTree, standardHeaderText } from "./standard-header.ts";

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
  // Through standard output: what goes into a file is copied as a whole for every block.
  const parts: Uint8Array[] = [];
  let said = "";
  const ignore = (): void => {};
  const options = {
    stdout: (part: Uint8Array | null) => void (part && parts.push(part.slice())),
    stderr: (part: Uint8Array | null) => void (said += part ? new TextDecoder().decode(part) : ""),
    fetchProgress: ignore,
  };
  try {
    await runLLVM([...HEADER_COMMAND], standardHeaderTree(), options);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    throw new Error(`The C++ library's header was not compiled:\n${said}`, { cause: error });
  }
  return Buffer.concat(parts);
}
