import { type Language, lastWords, onEach, startingFile } from "./language.ts";

export const bash: Language = {
  id: "bash",
  tool: "GNU Bash",
  probe: ["/bin/bash", "--version"],
  version: /version (\d+(?:\.\d+)+)/,
  hello: "echo ok\n",
  entry: () => ({ file: "main.sh", start: "main.sh" }),
  start: startingFile("main.sh"),
  compile: (files) => onEach("/bin/bash", ["-n"], files),
  makesProgram: false,
  run: ({ start }, _memoryMiB, args) => ["/bin/bash", `/box/${start}`, ...args],
  ranOutOfMemory: (ending) => ending.exitCode === 2 && /: cannot allocate \d+ bytes/.test(lastWords(ending)),
  allowance: { cpuMs: 0, memoryMiB: 0 },
};
