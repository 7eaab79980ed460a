import { inBox, type Language, startingFile } from "./language.ts";
import { pythonCheck, pythonFlags, pythonRanOutOfMemory } from "./python3.ts";

const pypy = ["/usr/bin/pypy3", ...pythonFlags] as const;

/** In the jail it cannot see the processor's cache, and would complain of that on stderr instead of taking this size. */
const nursery = ["/usr/bin/env", "PYPY_GC_NURSERY=4M"] as const;

export const pypy3: Language = {
  id: "pypy3",
  tool: "PyPy",
  probe: [...nursery, ...pypy, "--version"],
  version: /PyPy (\d+(?:\.\d+)+)/,
  hello: 'import sys, math\nprint("ok")\n',
  entry: () => ({ file: "main.py", start: "main.py" }),
  start: startingFile("main.py"),
  compile: (files) => [...nursery, ...pypy, "-c", pythonCheck, ...inBox(files)],
  makesProgram: false,
  run: ({ start }, memoryMiB, args) => [
    ...nursery,
    `PYPY_GC_MAX=${memoryMiB}M`,
    ...pypy,
    `/box/${start}`,
    ...args,
  ],
  ranOutOfMemory: pythonRanOutOfMemory,
  // 41 to 87 ms to start, and 56 MiB held by then, where that was measured.
  allowance: { cpuMs: 150, memoryMiB: 96 },
};
