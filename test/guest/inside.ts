/**
 * What runs inside the guest: opens a sandbox there, runs hostile programs in it and prints what became of each, a JSON
 * text per line (`Line`).
 *
 *     node test/guest/inside.ts LEVEL PROGRAM...
 */
import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { compile } from "../../judge/compile.ts";
import { openFloor } from "../../judge/floor.ts";
import { judgeLanguages } from "../../judge/languages/index.ts";
import { environment, MIB } from "../../judge/limits.ts";
import { type Ending, type Limits, type SupervisedLevel } from "../../judge/sandbox.ts";
import { openTestSandbox, TEST_SLOT } from "../../judge/testing.ts";
import { ROOT } from "../../scripts/folders.ts";
import { watchResidue } from "./residue.ts";

type Facts = Omit<Ending, "stdout" | "stderr">;

/** `left`: processes, control groups and mounts that were not there before. */
export type Line =
  | { type: "opened"; level: string; reason: string; kernel: string }
  | { type: "ended"; program: string; ending: Facts; stdout: string; left: string[] }
  | { type: "closed"; left: string[] };

/** Ten times what suffices on a machine that is not emulated. */
const limits: Limits = {
  cpuMs: 3000,
  wallMs: 6000,
  memoryBytes: 32 * MIB,
  outputBytes: MIB,
  errorBytes: 4096,
  workBytes: 64 * MIB,
  workInodes: 1000,
  processes: 48,
};

const say = (line: Line): void => console.log(JSON.stringify(line));

const [level, ...programs] = process.argv.slice(2);
if (level !== "full" && level !== "userns") throw new Error("the first argument is the level");
await runAll(level);

async function runAll(wanted: SupervisedLevel): Promise<void> {
  const leftFromAll = await watchResidue();
  const { sandbox, store, close } = await openTestSandbox(TEST_SLOT, wanted);
  say({ type: "opened", level: sandbox.level, reason: sandbox.reason, kernel: release() });
  const header = await readFile(join(ROOT, "judge/hostile/contained.h"));
  const slot = { sandbox, store, header: () => null, floor: openFloor() };
  const leftFromOne = await watchResidue();
  for (const program of programs) {
    const source = await readFile(join(ROOT, `judge/hostile/${program}.c`));
    const sources = new Map([["main.c", source] as const, ["contained.h", header] as const]);
    const toolchain = { language: judgeLanguages.c, version: "" };
    const entry = { file: "main.c", start: "main" };
    const compiled = await compile(slot, toolchain, entry, sources, { cpuMs: 60_000, memoryMiB: 512 });
    if (!compiled.ok) throw new Error(`${program}: ${compiled.output}`);
    const {
      stdout,
      stderr: _,
      ...ending
    } = await sandbox.run({
      argv: ["/box/main"],
      env: environment,
      input: null,
      collect: null,
      mounts: [{ from: compiled.box, to: "/box" }],
      limits,
    });
    const text = new TextDecoder().decode(stdout);
    say({ type: "ended", program, ending, stdout: text, left: await leftFromOne() });
  }
  await close();
  say({ type: "closed", left: await leftFromAll() });
}
