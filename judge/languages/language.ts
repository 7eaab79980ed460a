import type { ProgrammingLanguageId } from "../../protocol/language.ts";
import type { Ending } from "../sandbox.ts";

/** What running a source needs to know of it. */
export interface Entry {
  /** The name that the source file must have: `Main.java`. */
  file: string;
  /** What starts the program: a class in Java, else the file itself. */
  start: string;
}

/** How a program ended, as far as it tells why. */
export type SelfEnding = Pick<Ending, "exitCode" | "signal" | "stderr">;

export const SIGABRT = 6;

/** The last line on stderr that is not empty; "" when there is none. Of much stderr the sandbox keeps only the start. */
export function lastWords({ stderr }: SelfEnding): string {
  return new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1) ?? "";
}

/** One language: how its tools are found, used and bounded. Commands are seen from within the jail. */
export interface Language {
  id: ProgrammingLanguageId;
  /** The implementation's name, for verdicts: `GCC`. */
  tool: string;
  /** Prints a version, which `version` finds in what it prints. */
  probe: readonly string[];
  version: RegExp;
  /** A program that prints `ok`: a toolchain that cannot run it is not offered. */
  hello: string;
  entry(source: string): Entry;
  /**
   * The command that checks or compiles sources in /box; what it leaves in /scratch is the program if `makesProgram`,
   * else the sources are.
   *
   * @param files - source files, by their names in /box
   */
  compile(files: readonly string[], options: { header: boolean }): readonly string[];
  makesProgram: boolean;
  /** The command that runs the program in /box. */
  run(entry: Entry, memoryMiB: number): readonly string[];
  /**
   * Whether a program that the kernel did not end for its memory ended for want of it all the same: by a bound of the
   * implementation's own, or because it asked for more than any host has. Goes by what the implementation says on
   * stderr as it ends; a program that says so itself turns its own RTE into MLE, and gains nothing. Never true of a
   * program that ended well.
   */
  ranOutOfMemory(ending: SelfEnding): boolean;
  /** What the implementation itself needs, added to a problem's limits. */
  allowance: { cpuMs: number; memoryMiB: number };
}
