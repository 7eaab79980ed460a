import { type Language, SIGABRT, startingFile, wordsOf } from "./language.ts";

export const rust: Language = {
  id: "rust",
  tool: "rustc",
  probe: ["/usr/bin/rustc", "--version"],
  version: /^rustc (\d+(?:\.\d+)+)/,
  hello: 'fn main() {\n    println!("ok");\n}\n',
  entry: () => ({ file: "main.rs", start: "main.rs" }),
  // The others are its modules.
  start: startingFile("main.rs"),
  compile: (_files, { start }) => [
    "/usr/bin/rustc",
    "-O",
    "--edition=2021",
    "-o",
    "/scratch/main",
    `/box/${start}`,
  ],
  makesProgram: true,
  run: (_entry, _memoryMiB, args) => ["/box/main", ...args],
  ranOutOfMemory: (ending) =>
    ending.signal === SIGABRT && /^memory allocation of \d+ bytes failed/m.test(wordsOf(ending)),
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
