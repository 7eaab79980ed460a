import type { LanguageId } from "../../protocol/language.ts";

/** What running a source needs to know of it. */
export interface Entry {
  /** The name that the source file must have: `Main.java`. */
  file: string;
  /** What starts the program: a class in Java, else the file itself. */
  start: string;
}

/** One language: how its tools are found, used and bounded. Commands are seen from within the jail. */
export interface Language {
  id: LanguageId;
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
  /** What the implementation itself needs, added to a problem's limits. */
  allowance: { cpuMs: number; memoryMiB: number };
}
