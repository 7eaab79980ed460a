import { createHash } from "node:crypto";
import { standardHeaderText } from "./standard-header.ts";
import { flags } from "./flags.ts";

/**
 * Where the list of the C++ library's precompiled header lies, below the site's root; known before it is made. The name changes with
 * all that it is made from.
 */
export function headerPath(): string {
  const inputs = JSON.stringify([flags.cpp, standardHeaderText]);
  return `/runtimes/cpp-header.${createHash("sha256").update(inputs).digest("hex").slice(0, 16)}.json`;
}

/**
 * Makes the precompiled header and writes it into a folder: its pieces, and last the list at the file name of `headerPath()`.
 * Takes about a minute of one core.
 * @throws Error with what the compiler said when it cannot be made
 */
export async function makeHeader(folder: string): Promise<void> {
  throw new Error(`Not made yet in ${folder}.`);
}
