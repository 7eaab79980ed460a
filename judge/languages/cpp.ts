import { inBox, lastWords, type Language, linkedStart, SIGABRT } from "./language.ts";

/** C++ by GCC at one of its standards. A precompiled header is used only by compilations with the very same flags. */
export function gnuCpp(id: "cpp" | "cpp17", standard: string): Language {
  const compiler = ["/usr/bin/g++", "-O2", `-std=${standard}`] as const;
  return {
    id,
    tool: "GCC",
    probe: ["/usr/bin/g++", "-dumpfullversion"],
    version: /^(\d+(?:\.\d+)+)/,
    hello: '#include <iostream>\nint main() { std::cout << "ok\\n"; }\n',
    entry: () => ({ file: "main.cpp", start: "main" }),
    start: linkedStart,
    compile: (files, { ahead }) => [
      ...compiler,
      ...(ahead ? ["-I/pch"] : []),
      "-o",
      "/scratch/main",
      ...inBox(files),
    ],
    makesProgram: true,
    // Contestants include all of the C++ library: 2.7 s to compile at gnu++20, 0.3 s with this, which takes 124 MB on disk.
    ahead: {
      what: "header",
      // In the precompiled header's place none of this name exists, so that this finds the library's own.
      files: { "stdc++.h": "#include <bits/stdc++.h>\n" },
      command: [
        "/bin/sh",
        "-c",
        'mkdir bits && exec "$@" -o bits/stdc++.h.gch',
        "sh",
        ...compiler,
        "-x",
        "c++-header",
        "/box/stdc++.h",
      ],
    },
    run: (_entry, _memoryMiB, args) => ["/box/main", ...args],
    // More than the host has is refused at once: an uncaught exception, and abort().
    ranOutOfMemory: (ending) => ending.signal === SIGABRT && /\bstd::bad_alloc$/.test(lastWords(ending)),
    allowance: { cpuMs: 0, memoryMiB: 0 },
  };
}

export const cpp = gnuCpp("cpp", "gnu++20");
