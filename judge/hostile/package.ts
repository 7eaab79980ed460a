import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Package } from "../../rules/package/package.ts";
import { readPackage } from "../../rules/package/read.ts";
import { type HostileProgram, smallLimits } from "./program.ts";

/** A program's source as it is submitted: one file, so that what the programs in C share is put into it. */
export async function sourceOf({ source }: Pick<HostileProgram, "source">): Promise<string> {
  const read = (name: string): Promise<string> => readFile(join(import.meta.dirname, name), "utf8");
  const text = await read(source);
  const include = '#include "contained.h"\n';
  return text.includes(include) ? text.replace(include, await read("contained.h")) : text;
}

/**
 * The problem that a program is judged on: one test, or two for one that is repeated.
 *
 * @param input - of programs that have none of their own
 */
export function packageOf(program: HostileProgram, input: string): Package {
  const limits = { ...smallLimits, ...program.limits };
  const yaml = `problem_format_version: 2025-09
name: Hostile
uuid: 5d0bb1a2-90c6-4c5b-8d5e-0a5d3a0c9a11
limits:
  time_limit: ${limits.timeS}
  memory: ${limits.memoryMiB}
  output: ${limits.outputMiB}
  compilation_time: ${limits.compilationTimeS}
  compilation_memory: ${limits.compilationMemoryMiB}
`;
  const files = new Map([
    ["problem.yaml", bytes(yaml)],
    ["statement/problem.en.md", bytes("Print `contained`.\n")],
  ]);
  for (const test of program.repeated ? ["1", "2"] : ["1"]) {
    files.set(`data/secret/${test}.in`, bytes(program.input ?? input));
    files.set(`data/secret/${test}.ans`, bytes(program.answer ?? "contained\n"));
  }
  const { package: pkg, messages } = readPackage(files, "hostile");
  if (pkg === null) throw new Error(`${program.name}: ${messages.map(({ message }) => message).join("; ")}`);
  return pkg;
}

function bytes(text: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}
