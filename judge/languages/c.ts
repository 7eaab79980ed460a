import { inBox, type Language, linkedStart } from "./language.ts";

export const c: Language = {
  id: "c",
  tool: "GCC",
  probe: ["/usr/bin/gcc", "-dumpfullversion"],
  version: /^(\d+(?:\.\d+)+)/,
  hello: '#include <stdio.h>\n#include <math.h>\nint main(void) { puts("ok"); return sqrt(0) != 0; }\n',
  entry: () => ({ file: "main.c", start: "main" }),
  start: linkedStart,
  compile: (files) => ["/usr/bin/gcc", "-O2", "-std=gnu17", "-o", "/scratch/main", ...inBox(files), "-lm"],
  makesProgram: true,
  run: (_entry, _memoryMiB, args) => ["/box/main", ...args],
  // malloc() tells the program, whose crash then looks like any other.
  ranOutOfMemory: () => false,
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
