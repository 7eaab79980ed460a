import { lastWords, type Language } from "./language.ts";

/** Neither the environment nor a user's own packages; no compiled files beside the source. */
const python = ["/usr/bin/python3", "-E", "-s", "-B"] as const;

/** Compiles each file in memory; a syntax error is printed as Python prints it. */
const check = `import sys, traceback
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            compile(file.read(), path.rsplit("/", 1)[-1], "exec")
    except (SyntaxError, ValueError) as error:
        sys.exit("".join(traceback.format_exception_only(error)))
`;

export const python3: Language = {
  id: "python3",
  tool: "CPython",
  probe: [...python, "--version"],
  version: /^Python (\d+(?:\.\d+)+)/,
  hello: 'import sys, math\nprint("ok")\n',
  entry: () => ({ file: "main.py", start: "main.py" }),
  compile: (files) => [...python, "-c", check, ...files.map((file) => `/box/${file}`)],
  makesProgram: false,
  run: (entry) => [...python, `/box/${entry.start}`],
  // More than the host has is refused at once. NumPy has an error of its own below this one.
  ranOutOfMemory: (ending) => ending.exitCode === 1 && /^[\w.]*MemoryError\b/.test(lastWords(ending)),
  // The interpreter's own start, 16 ms where that was measured, with room for slower machines.
  allowance: { cpuMs: 50, memoryMiB: 0 },
};
