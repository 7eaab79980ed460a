import { inBox, type Language, wordsOf } from "./language.ts";

export const csharp: Language = {
  id: "csharp",
  tool: "Mono",
  probe: ["/usr/bin/mcs", "--version"],
  version: /version (\d+(?:\.\d+)+)/,
  hello: 'class Program { static void Main() { System.Console.WriteLine("ok"); } }\n',
  entry: () => ({ file: "main.cs", start: "" }),
  // The compiler finds the only class with a Main; of several it wants to be told one.
  start: (_sources, asked) => asked ?? "",
  compile: (files, { start }) => [
    "/usr/bin/mcs",
    "-optimize+",
    "-r:System.Numerics",
    ...(start === "" ? [] : [`-main:${start}`]),
    "-out:/scratch/main.exe",
    ...inBox(files),
  ],
  makesProgram: true,
  run: (_entry, _memoryMiB, args) => ["/usr/bin/mono", "/box/main.exe", ...args],
  ranOutOfMemory: (ending) =>
    ending.exitCode === 1 &&
    /^\[ERROR\] FATAL UNHANDLED EXCEPTION: System\.OutOfMemoryException/m.test(wordsOf(ending)),
  // 17 to 29 ms to start, and 16 MiB held by then, where that was measured.
  allowance: { cpuMs: 50, memoryMiB: 16 },
};
