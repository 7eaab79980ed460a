import { lastWords, type Language, SIGABRT } from "./language.ts";

/** A precompiled header is used only by compilations with the very same flags. */
export const cppFlags = ["-O2", "-std=gnu++20"] as const;

export const cpp: Language = {
  id: "cpp",
  tool: "GCC",
  probe: ["/usr/bin/g++", "-dumpfullversion"],
  version: /^(\d+(?:\.\d+)+)/,
  hello: '#include <iostream>\nint main() { std::cout << "ok\\n"; }\n',
  entry: () => ({ file: "main.cpp", start: "main" }),
  compile: (files, { header }) => [
    "/usr/bin/g++",
    ...cppFlags,
    ...(header ? ["-I/pch"] : []),
    "-o",
    "/scratch/main",
    ...files.map((file) => `/box/${file}`),
  ],
  makesProgram: true,
  run: () => ["/box/main"],
  // More than the host has is refused at once: an uncaught exception, and abort().
  ranOutOfMemory: (ending) => ending.signal === SIGABRT && /\bstd::bad_alloc$/.test(lastWords(ending)),
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
