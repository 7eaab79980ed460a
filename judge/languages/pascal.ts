import { type Language, startingFile, wordsOf } from "./language.ts";

/** Debian's name for the architecture, in the path of the compiled library. */
const triplet = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

const HEAP_OVERFLOW = 203;

const fileStart = startingFile("main.pas");

export const pascal: Language = {
  id: "pascal",
  tool: "Free Pascal",
  probe: ["/usr/bin/fpc", "-n", "-iV"],
  version: /^(\d+(?:\.\d+)+)/,
  hello: "program Hello;\nbegin\n  writeln('ok');\nend.\n",
  entry: () => ({ file: "main.pas", start: "main.pas" }),
  // A unit says that it is one; the program finds its units by their names.
  start: (sources, asked) => {
    const programs = [...sources].filter(
      ([, source]) => !/^\s*(?:(?:\{[^}]*\}|\(\*[\s\S]*?\*\)|\/\/.*)\s*)*unit\b/i.test(source),
    );
    return fileStart(programs.length === 1 && asked === null ? new Map(programs) : sources, asked);
  },
  compile: (_files, { start }) => [
    "/usr/bin/fpc",
    // Its settings are in /etc, which is not shown; their paths follow.
    "-n",
    `-Fu/usr/lib/${triplet}/fpc/$fpcversion/units/$fpctarget/*`,
    "-O2",
    // goto, inline and += as in C, as Debian's own settings have them.
    "-Sgic",
    "-Xs",
    "-v0ew",
    "-Fu/box",
    "-FE/scratch",
    "-omain",
    `/box/${start}`,
  ],
  makesProgram: true,
  run: (_entry, _memoryMiB, args) => ["/box/main", ...args],
  ranOutOfMemory: (ending) =>
    ending.exitCode === HEAP_OVERFLOW && /^Runtime error 203\b/m.test(wordsOf(ending)),
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
