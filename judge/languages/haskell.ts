import { discarding, inBox, type Language, linkedStart, wordsOf } from "./language.ts";

const HEAP_EXHAUSTED = 251;

export const haskell: Language = {
  id: "haskell",
  tool: "GHC",
  probe: ["/usr/bin/ghc", "--numeric-version"],
  version: /^(\d+(?:\.\d+)+)/,
  hello: 'main :: IO ()\nmain = putStrLn "ok"\n',
  entry: () => ({ file: "main.hs", start: "main" }),
  start: linkedStart,
  compile: (files) =>
    discarding("/scratch/objects", [
      "/usr/bin/ghc",
      "-v0",
      "-O2",
      "-i/box",
      "-outputdir",
      "/scratch/objects",
      "-o",
      "/scratch/main",
      ...inBox(files),
    ]),
  makesProgram: true,
  run: (_entry, _memoryMiB, args) => ["/box/main", ...args],
  ranOutOfMemory: (ending) =>
    ending.exitCode === HEAP_EXHAUSTED || /: out of memory|: Heap exhausted/.test(wordsOf(ending)),
  allowance: { cpuMs: 0, memoryMiB: 8 },
};
