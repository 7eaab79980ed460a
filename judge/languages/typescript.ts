import { node, nodeMount, nodeRanOutOfMemory } from "./javascript.ts";
import { inBox, type Language, startingFile } from "./language.ts";

/** Enums and namespaces are code, which the removal of types alone would not accept. */
const flags = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning"] as const;

/** Takes the types off each file in memory; a syntax error is told with its place. */
const check = `const { readFileSync } = require("node:fs");
const { stripTypeScriptTypes } = require("node:module");
for (const path of process.argv.slice(1)) {
  try {
    stripTypeScriptTypes(readFileSync(path, "utf8"), { mode: "transform", sourceUrl: path });
  } catch (error) {
    console.error(String(error.stack).split("\\n    at ", 1)[0]);
    process.exitCode = 1;
  }
}
`;

export const typescript: Language = {
  id: "typescript",
  tool: "Node.js",
  probe: [nodeMount.to, "--version"],
  version: /^v(\d+(?:\.\d+)+)/,
  hello: 'enum Said { ok = "ok" }\nconst said: string = Said.ok;\nconsole.log(said);\n',
  entry: () => ({ file: "main.ts", start: "main.ts" }),
  start: startingFile("main.ts"),
  compile: (files) => [nodeMount.to, "--disable-warning=ExperimentalWarning", "-e", check, ...inBox(files)],
  makesProgram: false,
  run: ({ start }, memoryMiB, args) => [...node(memoryMiB), ...flags, `/box/${start}`, ...args],
  ranOutOfMemory: nodeRanOutOfMemory,
  // Its transformer takes 100 ms more to start than Node alone where that was measured, and 50 MiB.
  allowance: { cpuMs: 400, memoryMiB: 128 },
};
