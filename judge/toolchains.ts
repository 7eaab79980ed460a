import { compile } from "./compile.ts";
import { openFloor } from "./floor.ts";
import { openHostLoad } from "./host-load.ts";
import { judgeLanguages, type Language } from "./languages/index.ts";
import { environment, programLimits } from "./limits.ts";
import { nothingProven, type Proven } from "./proven.ts";
import type { Ending, Sandbox } from "./sandbox.ts";
import type { Toolchain, Toolchains } from "./slot.ts";
import type { Store } from "./store.ts";

/** Room for the slowest start of a compiler on a loaded machine. */
const PROBE_LIMITS = { cpuMs: 20_000, memoryMiB: 1024 };

/** A language that cannot be offered, and why. */
export interface Missing {
  language: Language;
  reason: string;
}

/**
 * Finds which languages work here, in the jail and not on the host: each must tell its version, and compile and run
 * a program. `g++` without a C++ library would otherwise make every submission a compile error.
 *
 * @param wanted - those to look for; all by default
 * @param proven - what has compiled and run a program before; what does so now is added
 */
export async function findToolchains(
  sandbox: Sandbox,
  store: Store,
  wanted: readonly Language[] = Object.values(judgeLanguages),
  proven: Proven = nothingProven,
): Promise<{ toolchains: Toolchains; missing: readonly Missing[] }> {
  const toolchains = new Map<Language["id"], Toolchain>();
  const missing: Missing[] = [];
  for (const language of wanted) {
    const found = await probe(sandbox, store, language, proven);
    if ("reason" in found) missing.push(found);
    else toolchains.set(language.id, found);
  }
  await proven.save();
  return { toolchains, missing };
}

async function probe(
  sandbox: Sandbox,
  store: Store,
  language: Language,
  proven: Proven,
): Promise<Toolchain | Missing> {
  const asked = await sandbox.run({
    argv: language.probe,
    env: environment,
    input: null,
    collect: null,
    mounts: [],
    limits: programLimits(PROBE_LIMITS.cpuMs, PROBE_LIMITS.memoryMiB, 1),
  });
  if (asked.notStarted !== null) return { language, reason: asked.notStarted };
  const version = language.version.exec(`${text(asked.stdout)}${text(asked.stderr)}`)?.[1];
  if (version === undefined) return { language, reason: `${language.probe.join(" ")} tells no version` };
  const toolchain = { language, version };
  if (!proven.has(toolchain, sandbox.level)) {
    const fault = await tryHello(sandbox, store, toolchain);
    if (fault !== null) return { language, reason: fault };
  }
  proven.add(toolchain, sandbox.level);
  return toolchain;
}

/** Null when the language's hello program works, else what is wrong. */
async function tryHello(sandbox: Sandbox, store: Store, toolchain: Toolchain): Promise<string | null> {
  const { language } = toolchain;
  const slot = { sandbox, store, madeAhead: () => null, floor: openFloor(), hostLoad: openHostLoad(null) };
  const source = { files: new Map([["hello", language.hello]]), entryPoint: null };
  const compiled = await compile(slot, toolchain, source, PROBE_LIMITS);
  if (!compiled.ok) return `cannot compile a small program: ${firstLine(compiled.output)}`;
  const ending = await sandbox.run({
    argv: language.run(compiled.entry, 256, []),
    env: environment,
    input: null,
    collect: null,
    mounts: [{ from: compiled.box, to: "/box" }],
    limits: programLimits(PROBE_LIMITS.cpuMs, 256 + language.allowance.memoryMiB, 1),
  });
  await compiled.release();
  if (text(ending.stdout) === "ok\n" && ending.exitCode === 0) return null;
  return `cannot run a small program: ${ending.notStarted ?? firstLine(text(ending.stderr)) ?? "it printed something else"}`;
}

function text(bytes: Ending["stdout"]): string {
  return new TextDecoder().decode(bytes);
}

function firstLine(output: string): string {
  return output.split("\n", 1)[0] ?? "";
}
