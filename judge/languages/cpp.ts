import type { Language } from "./language.ts";

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
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
