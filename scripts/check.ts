import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.ts";
import { ROOT } from "./folders.ts";

/** npm run check: what a reviewer would check, fastest first. Everything runs, even after a failure. */

const bin = (name: string): string => join(ROOT, "node_modules", ".bin", name);

/** Every folder with a tsconfig of its own: the rooms, and what inside a room has other globals. */
const typed = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !["node_modules", "dist"].includes(entry.name))
  .flatMap(({ name }) => [name, ...readdirSync(join(ROOT, name)).map((inner) => join(name, inner))])
  .filter((folder) => existsSync(join(ROOT, folder, "tsconfig.json")));

interface Check {
  name: string;
  command: string;
  args: string[];
}

const checks: Check[] = [
  { name: "format", command: bin("oxfmt"), args: ["--check", "."] },
  { name: "lint", command: bin("oxlint"), args: ["--deny-warnings", "."] },
  ...typed.map((folder) => ({ name: `types of ${folder}`, command: bin("tsc"), args: ["-p", folder] })),
  {
    name: "unit tests, import directions, size budgets",
    command: bin("vitest"),
    args: ["run", "--project", "unit"],
  },
];

function run({ command, args }: Check): Promise<{ ok: boolean; output: string }> {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.once("error", (error) => done({ ok: false, output: error.message }));
    child.once("close", (code) => done({ ok: code === 0, output }));
  });
}

await build();
let failures = 0;
for (const check of checks) {
  const began = performance.now();
  const { ok, output } = await run(check);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${ok ? "ok    " : "FAILED"} ${check.name} (${seconds} s)`);
  if (!ok) {
    failures++;
    console.log(output.trimEnd());
  }
}
console.log(failures === 0 ? "all checks passed" : `${failures} of ${checks.length} checks failed`);
process.exit(failures === 0 ? 0 : 1);
