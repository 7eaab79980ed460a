import { inBox, type Language, lastWords, type SelfEnding, startingFile } from "./language.ts";

/** Neither the environment nor a user's own packages; no compiled files beside the source. */
export const pythonFlags = ["-E", "-s", "-B"] as const;

/** Compiles each file in memory; a syntax error is printed as Python prints it. */
export const pythonCheck = `import sys, traceback
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            compile(file.read(), path.rsplit("/", 1)[-1], "exec")
    except (SyntaxError, ValueError) as error:
        sys.exit("".join(traceback.format_exception_only(type(error), error)))
`;

/** More than the host has is refused at once. NumPy has an error of its own below this one. */
export const pythonRanOutOfMemory = (ending: SelfEnding): boolean =>
  ending.exitCode === 1 && /^[\w.]*MemoryError\b/.test(lastWords(ending));

const python = ["/usr/bin/python3", ...pythonFlags] as const;

export const python3: Language = {
  id: "python3",
  tool: "CPython",
  probe: [...python, "--version"],
  version: /^Python (\d+(?:\.\d+)+)/,
  hello: 'import sys, math\nprint("ok")\n',
  entry: () => ({ file: "main.py", start: "main.py" }),
  start: startingFile("main.py"),
  compile: (files) => [...python, "-c", pythonCheck, ...inBox(files)],
  makesProgram: false,
  run: ({ start }, _memoryMiB, args) => [...python, `/box/${start}`, ...args],
  ranOutOfMemory: pythonRanOutOfMemory,
  // The interpreter's own start, 16 ms where that was measured, with room for slower machines.
  allowance: { cpuMs: 50, memoryMiB: 0 },
};
