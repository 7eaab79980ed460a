import { realpathSync } from "node:fs";
import type { Mount } from "../sandbox.ts";
import { type Language, onEach, type SelfEnding, SIGABRT, startingFile, wordsOf } from "./language.ts";

/** Programs run on the Node that runs the judge, as the browser's shims are made after that version. */
export const nodeMount: Mount = { from: realpathSync(process.execPath), to: "/opt/node/bin/node" };

/** What every program on Node runs with. */
export const node = (memoryMiB: number): readonly string[] => [
  nodeMount.to,
  // In KiB. The jail's own stack is unlimited; V8's default of 1 MiB ends an ordinary depth-first search.
  "--stack-size=65500",
  `--max-old-space-size=${memoryMiB}`,
];

/** V8 aborts at --max-old-space-size; a stack trace of its own follows these words. */
export const nodeRanOutOfMemory = (ending: SelfEnding): boolean =>
  ending.signal === SIGABRT && /^FATAL ERROR: .*out of memory/m.test(wordsOf(ending));

export const javascript: Language = {
  id: "javascript",
  tool: "Node.js",
  probe: [nodeMount.to, "--version"],
  version: /^v(\d+(?:\.\d+)+)/,
  hello: 'require("fs").readFileSync(0);\nconsole.log("ok");\n',
  entry: () => ({ file: "main.js", start: "main.js" }),
  start: startingFile("main.js"),
  compile: (files) => onEach(nodeMount.to, ["--check"], files),
  makesProgram: false,
  run: ({ start }, memoryMiB, args) => [...node(memoryMiB), `/box/${start}`, ...args],
  ranOutOfMemory: nodeRanOutOfMemory,
  // 134 ms to start, and 18 MiB held by then, where that was measured.
  allowance: { cpuMs: 200, memoryMiB: 64 },
};
