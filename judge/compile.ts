import { languages } from "../protocol/language.ts";
import { JudgingFailure } from "./failure.ts";
import { isOverloaded } from "./host-load.ts";
import type { Entry } from "./languages/index.ts";
import { compilerLimits, environment } from "./limits.ts";
import type { Ending, Mount, Program } from "./sandbox.ts";
import type { Slot, Toolchain } from "./slot.ts";

/** A program that can be run: a folder of the store to be shown at /box, and what starts it there. */
export interface Compiled {
  ok: true;
  /** All that compiling made, to be removed once the program is no longer needed. */
  folder: string;
  toolchain: Toolchain;
  box: string;
  entry: Entry;
  /** What the compiler said, though it accepted. */
  output: string;
}

export type Compilation = Compiled | { ok: false; output: string };

export interface CompileLimits {
  cpuMs: number;
  memoryMiB: number;
}

/** What a team is shown of a compiler's words; a template error can go on for megabytes. */
const MAX_OUTPUT_CHARACTERS = 16 * 1024;

/**
 * Compiles sources (or checks their syntax) in the sandbox, into a new folder of the store.
 *
 * @param sources - by their names; the first is the main one, those that are not compiled (headers) come along
 * @throws SandboxError when the compiler could not be run at all
 */
export async function compile(
  slot: Omit<Slot, "toolchains">,
  toolchain: Toolchain,
  entry: Entry,
  sources: ReadonlyMap<string, Uint8Array | string>,
  limits: CompileLimits,
): Promise<Compilation> {
  const { store } = slot;
  const folder = await store.newFolder("source", "box");
  try {
    const result = await compileIn(slot, toolchain, sources, limits, folder);
    if (!result.ok) await store.remove(folder);
    return result.ok
      ? { ok: true, folder, toolchain, box: result.box, entry, output: result.output }
      : result;
  } catch (error) {
    await store.remove(folder);
    throw error;
  }
}

async function compileIn(
  slot: Omit<Slot, "toolchains">,
  toolchain: Toolchain,
  sources: ReadonlyMap<string, Uint8Array | string>,
  limits: CompileLimits,
  folder: string,
): Promise<Pick<Compiled, "ok" | "box" | "output"> | { ok: false; output: string }> {
  const { store, sandbox, floor, hostLoad } = slot;
  const { language } = toolchain;
  for (const [name, bytes] of sources) await store.write(`${folder}/source/${name}`, bytes);
  const header = language.id === "cpp" ? slot.header() : null;
  const mounts: Mount[] = [{ from: `${folder}/source`, to: "/box" }];
  if (header !== null) mounts.push({ from: header, to: "/pch" });
  const compiler: Program = {
    argv: language.compile(compiledFiles(toolchain, sources), { header: header !== null }),
    env: environment,
    input: null,
    collect: language.makesProgram ? `${folder}/box` : null,
    mounts,
    limits: compilerLimits(limits.cpuMs, limits.memoryMiB),
  };
  const { result: ending, waited } = await floor.beside(() => hostLoad.watch(() => sandbox.run(compiler)));
  if (ending.notStarted !== null) throw new JudgingFailure(`the compiler: ${ending.notStarted}`);
  // At the wall guard, and others had the processors: nothing is known of what it would have needed.
  if (ending.timedOut && ending.cpuMs < limits.cpuMs && isOverloaded(waited(ending.cpuMs)))
    throw new JudgingFailure("the host is overloaded: the compiler met the wall guard before its CPU limit");
  const output = whatItSaid(ending, limits);
  if (ending.exitCode !== 0 || ending.timedOut || ending.outOfMemory || ending.notCollected !== null)
    return { ok: false, output };
  return { ok: true, box: `${folder}/${language.makesProgram ? "box" : "source"}`, output };
}

/** The names of the files that the compiler is given; others are only there to be included. */
function compiledFiles({ language }: Toolchain, sources: ReadonlyMap<string, unknown>): string[] {
  const endings = languages[language.id].extensions;
  return [...sources.keys()].filter((name) => endings.some((ending) => name.endsWith(`.${ending}`)));
}

function whatItSaid(ending: Ending, limits: CompileLimits): string {
  const decoder = new TextDecoder();
  const text = `${decoder.decode(ending.stderr)}${decoder.decode(ending.stdout)}`
    .replaceAll("/box/", "")
    .trim();
  const cut = text.length > MAX_OUTPUT_CHARACTERS || ending.stderrCut;
  const shown = cut ? `${text.slice(0, MAX_OUTPUT_CHARACTERS)}\n[the rest is not shown]` : text;
  const stopped = ending.outOfMemory
    ? `The compiler needed more than ${limits.memoryMiB} MiB of memory.`
    : ending.timedOut
      ? `The compiler needed more than ${Math.round(limits.cpuMs / 1000)} s.`
      : ending.notCollected !== null
        ? `The compiler made ${ending.notCollected}.`
        : null;
  return [stopped, shown].filter((part) => part !== null && part !== "").join("\n");
}
