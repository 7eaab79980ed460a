import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { commands, Exit, type Tree } from "@yowasp/clang";
import { EXCEPTION_FLAGS } from "./flags.ts";

const options = ["-c", "-O2", "-std=gnu++20", ...EXCEPTION_FLAGS];
const folder = join(import.meta.dirname, "source");

/**
 * Compiles the C++ support, which the sysroot lacks: exceptions, an allocation that throws, the start of a program, and optimised
 * streams and strings (the sysroot's libc++ was built without optimisation and without exceptions). Takes about half a minute of one
 * core.
 * @returns an archive, which is linked into every C++ program before the libraries, and in the place of `crt1-command.o`: nothing is
 * taken from it that a program does not use
 * @throws Error with what the compiler said
 */
export async function buildSupport(): Promise<Uint8Array> {
  const names = (await readdir(folder)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const sources: Tree = Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ""]));
  const objects: Record<string, Uint8Array> = {};
  for (const name of names.filter((each) => !each.endsWith(".h"))) {
    const object = `${name}.o`;
    objects[object] = await make("clang++", [...options, name, "-o", object], object, sources);
  }
  return make("ar", ["rcs", "libsupport.a", ...Object.keys(objects)], "libsupport.a", objects);
}

async function make(
  tool: "clang++" | "ar",
  words: readonly string[],
  result: string,
  files: Tree,
): Promise<Uint8Array> {
  const said: string[] = [];
  const decoder = new TextDecoder();
  const hear = (bytes: Uint8Array | null) => {
    if (bytes !== null) said.push(decoder.decode(bytes, { stream: true }));
  };
  try {
    const made = await commands[tool]([...words], files, {
      stdout: hear,
      stderr: hear,
      decodeASCII: false,
      fetchProgress: () => {},
    });
    const bytes = made?.[result];
    if (bytes instanceof Uint8Array) return bytes;
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  }
  throw new Error(`The C++ support was not compiled: ${tool} ${words.join(" ")}\n${said.join("")}`);
}
