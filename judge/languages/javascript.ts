import { realpathSync } from "node:fs";
import type { Mount } from "../sandbox.ts";
import { type Language, SIGABRT } from "./language.ts";

/** Programs run on the Node that runs the judge, as the browser's shims are made after that version. */
export const nodeMount: Mount = { from: realpathSync(process.execPath), to: "/opt/node/bin/node" };

export const javascript: Language = {
  id: "javascript",
  tool: "Node.js",
  probe: [nodeMount.to, "--version"],
  version: /^v(\d+(?:\.\d+)+)/,
  hello: 'require("fs").readFileSync(0);\nconsole.log("ok");\n',
  entry: () => ({ file: "main.js", start: "main.js" }),
  compile: (files) => [nodeMount.to, "--check", `/box/${files[0] ?? ""}`],
  makesProgram: false,
  run: (entry, memoryMiB) => [
    nodeMount.to,
    // In KiB. The jail's own stack is unlimited; V8's default of 1 MiB ends an ordinary depth-first search.
    "--stack-size=65500",
    `--max-old-space-size=${memoryMiB}`,
    `/box/${entry.start}`,
  ],
  // V8 aborts at --max-old-space-size; a stack trace of its own follows these words.
  ranOutOfMemory: ({ signal, stderr }) =>
    signal === SIGABRT && /^FATAL ERROR: .*out of memory/m.test(new TextDecoder().decode(stderr)),
  // 134 ms to start, and 18 MiB held by then, where that was measured.
  allowance: { cpuMs: 200, memoryMiB: 64 },
};
