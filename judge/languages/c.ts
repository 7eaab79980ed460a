import type { Language } from "./language.ts";

export const c: Language = {
  id: "c",
  tool: "GCC",
  probe: ["/usr/bin/gcc", "-dumpfullversion"],
  version: /^(\d+(?:\.\d+)+)/,
  hello: '#include <stdio.h>\n#include <math.h>\nint main(void) { puts("ok"); return sqrt(0) != 0; }\n',
  entry: () => ({ file: "main.c", start: "main" }),
  compile: (files) => [
    "/usr/bin/gcc",
    "-O2",
    "-std=gnu17",
    "-o",
    "/scratch/main",
    ...files.map((file) => `/box/${file}`),
    "-lm",
  ],
  makesProgram: true,
  run: () => ["/box/main"],
  // malloc() tells the program, whose crash then looks like any other.
  ranOutOfMemory: () => false,
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
