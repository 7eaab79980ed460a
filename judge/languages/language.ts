import type { ProgrammingLanguageId } from "../../protocol/language.ts";
import type { Ending } from "../sandbox.ts";

/** What running a source needs to know of it. */
export interface Entry {
  /** The name that the source file must have, when it is the only one: `Main.java`. */
  file: string;
  /** What starts the program: a class in Java, else a file. */
  start: string;
}

/** How a program ended, as far as it tells why. */
export type SelfEnding = Pick<Ending, "exitCode" | "signal" | "stderr">;

export const SIGABRT = 6;

/** What an implementation says on stderr. Of much stderr the sandbox keeps only the start. */
export function wordsOf({ stderr }: SelfEnding): string {
  return new TextDecoder().decode(stderr);
}

/** The last line on stderr that is not empty; "" when there is none. */
export function lastWords(ending: SelfEnding): string {
  return wordsOf(ending).trimEnd().split("\n").at(-1) ?? "";
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
  /** What a program of a single file is called, and what starts it. */
  entry(source: string): Entry;
  /**
   * What starts a program of several files, which keep their names (package format 2025-09, appendix "Languages",
   * "Default entry point").
   *
   * @param sources - the texts of its files in this language, by name
   * @param asked - what was said to start it, or null
   * @returns null when that cannot be told
   */
  start(sources: ReadonlyMap<string, string>, asked: string | null): string | null;
  /**
   * The command that checks or compiles sources in /box; what it leaves in /scratch is the program if `makesProgram`,
   * else the sources are.
   *
   * @param files - the files in this language, by their names in /box
   * @param made - what starts the program, and whether what is made `ahead` is at /pch
   */
  compile(files: readonly string[], made: { start: string; ahead: boolean }): readonly string[];
  makesProgram: boolean;
  /** What its checker says of every file that it accepts, which nobody needs to read. */
  praise?: RegExp;
  /**
   * What compilers want to find ready, made once: a command that leaves it in /scratch, given `files` in /box. Whatever
   * it is for, it is shown at /pch.
   */
  ahead?: { what: string; files: Readonly<Record<string, string>>; command: readonly string[] };
  /** The command that runs the program in /box with arguments. */
  run(entry: Entry, memoryMiB: number, args: readonly string[]): readonly string[];
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

/** Files as the jail shows them. */
export const inBox = (files: readonly string[]): string[] => files.map((file) => `/box/${file}`);

/** `start` of languages that compile all files into one program, which finds its own beginning. */
export const linkedStart = (): string => "main";

/** `start` of languages that run or compile one file, which names the others: the one asked for, the usual, the only. */
export function startingFile(usual: string): Language["start"] {
  return (sources, asked) => {
    const [only] = sources.keys();
    if (sources.size === 1) return only ?? null;
    if (asked !== null) return sources.has(asked) ? asked : null;
    return sources.has(usual) ? usual : null;
  };
}

/** A command for checkers that take a single file: `command flags FILE` for each, until one is refused. */
export function onEach(
  command: string,
  flags: readonly string[],
  files: readonly string[],
): readonly string[] {
  const [first, ...others] = inBox(files);
  if (first !== undefined && others.length === 0) return [command, ...flags, first];
  // Nothing is put into the script: at level `process` only whole words are given this machine's paths.
  const script = 'command=$1; flags=$2; shift 2; for file; do "$command" $flags "$file" || exit 1; done';
  return ["/bin/sh", "-c", script, "sh", command, flags.join(" "), ...inBox(files)];
}

/** A command whose leftovers in `folder` are no part of the program. */
export function discarding(folder: string, command: readonly string[]): readonly string[] {
  return [
    "/bin/sh",
    "-c",
    'folder=$1; shift; "$@"; code=$?; rm -rf "$folder"; exit $code',
    "sh",
    folder,
    ...command,
  ];
}
