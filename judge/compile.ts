import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { languages } from "../protocol/language.ts";
import { compilationsOf, type Made } from "./compilations.ts";
import { JudgingFailure } from "./failure.ts";
import { isOverloaded } from "./host-load.ts";
import type { Entry, Language } from "./languages/index.ts";
import { compilerLimits, environment } from "./limits.ts";
import type { Ending, Mount, Program } from "./sandbox.ts";
import type { Slot, Toolchain } from "./slot.ts";

/** A program that can be run: a folder of the store to be shown at /box, and what starts it there. */
export interface Compiled {
  ok: true;
  toolchain: Toolchain;
  box: string;
  entry: Entry;
  /** What the compiler said, though it accepted. */
  output: string;
  /** To be called once when the program is no longer needed; its folder may be gone after that. */
  release(): Promise<void>;
}

export type Compilation = Compiled | { ok: false; output: string };

/** What is compiled. A single file gets the name that its language wants; several keep theirs. */
export interface SourceToCompile {
  /** By name; those that are not in the language (headers, say) come along. */
  files: ReadonlyMap<string, Uint8Array | string>;
  /** Which file (in Java: which class) starts the program; null where the language has a rule for it. */
  entryPoint: string | null;
}

export interface CompileLimits {
  cpuMs: number;
  memoryMiB: number;
}

/** What a team is shown of a compiler's words; a template error can go on for megabytes. */
const MAX_OUTPUT_CHARACTERS = 16 * 1024;

/**
 * Compiles sources (or checks their syntax) in the sandbox, unless this judge still has what that would make.
 *
 * @returns the program; or what the compiler said as it refused them
 * @throws SandboxError or JudgingFailure when the compiler could not be run at all
 */
export async function compile(
  slot: Omit<Slot, "toolchains">,
  toolchain: Toolchain,
  source: SourceToCompile,
  limits: CompileLimits,
): Promise<Compilation> {
  const plan = planOf(toolchain.language, source);
  if ("fault" in plan) return { ok: false, output: plan.fault };
  const ahead = toolchain.language.ahead === undefined ? null : slot.madeAhead(toolchain.language.id);
  const task: Task = { toolchain, plan, limits, ahead };
  const { made, release } = await compilationsOf(slot.store).take(keyOf(task), () => make(slot, task));
  if (!made.ok) return made;
  return { ok: true, toolchain, box: made.box, entry: plan.entry, output: made.output, release };
}

/** What is to be compiled, with its names settled. */
interface Plan {
  files: ReadonlyMap<string, Uint8Array | string>;
  /** Those in the language itself. */
  sources: readonly string[];
  entry: Entry;
}

interface Task {
  toolchain: Toolchain;
  plan: Plan;
  limits: CompileLimits;
  /** The folder of what was compiled ahead for the language, or null while there is none. */
  ahead: string | null;
}

function planOf(language: Language, { files, entryPoint }: SourceToCompile): Plan | { fault: string } {
  const texts = new Map([...files].map(([name, bytes]) => [name, textOf(bytes)]));
  const [only] = files.values();
  const [onlyText] = texts.values();
  if (files.size === 1 && only !== undefined && onlyText !== undefined) {
    const { file, start } = language.entry(onlyText);
    const asked = entryPoint === null ? null : language.start(new Map([[file, onlyText]]), entryPoint);
    return { files: new Map([[file, only]]), sources: [file], entry: { file, start: asked ?? start } };
  }
  const endings = languages[language.id].extensions;
  const sources = new Map(
    [...texts].filter(([name]) => endings.some((ending) => name.endsWith(`.${ending}`))),
  );
  const { name } = languages[language.id];
  if (sources.size === 0)
    return { fault: `None of the files is ${name}: none ends in .${endings.join(" or .")}.` };
  const start = language.start(sources, entryPoint);
  if (start !== null) return { files, sources: [...sources.keys()], entry: { file: "", start } };
  const usual = language.entry("").file;
  return {
    fault:
      entryPoint === null
        ? `Which of the files starts the program? Call it ${usual}, or name it when you submit.`
        : `The program should start with ${entryPoint}, which is not among its files.`,
  };
}

/** Differs wherever what is made, or whether anything is, could differ. */
function keyOf({ toolchain: { language, version }, plan, limits, ahead }: Task): string {
  const hash = createHash("sha256");
  hash.update(
    JSON.stringify([language.id, version, limits.cpuMs, limits.memoryMiB, ahead, plan.entry.start]),
  );
  for (const [name, bytes] of plan.files) {
    const content = Buffer.from(bytes);
    hash.update(JSON.stringify([name, content.length])).update(content);
  }
  return hash.digest("hex");
}

async function make(slot: Omit<Slot, "toolchains">, task: Task): Promise<Made> {
  const { store } = slot;
  const folder = await store.newFolder("source", "box");
  let keep = false;
  try {
    const result = await compileIn(slot, task, folder);
    if (!result.ok) return result;
    const bytes = await bytesIn(store.absolute(folder));
    keep = true;
    return { ok: true, folder, box: result.box, output: result.output, bytes };
  } finally {
    if (!keep) await store.remove(folder);
  }
}

async function compileIn(
  slot: Omit<Slot, "toolchains">,
  { toolchain: { language }, plan, limits, ahead }: Task,
  folder: string,
): Promise<{ ok: true; box: string; output: string } | { ok: false; output: string }> {
  const { store, sandbox, floor, hostLoad } = slot;
  for (const [name, bytes] of plan.files) await store.write(`${folder}/source/${name}`, bytes);
  const mounts: Mount[] = [{ from: `${folder}/source`, to: "/box" }];
  if (ahead !== null) mounts.push({ from: ahead, to: "/pch" });
  const compiler: Program = {
    argv: language.compile(plan.sources, { start: plan.entry.start, ahead: ahead !== null }),
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
  const output = whatItSaid(ending, limits, language.praise);
  if (ending.exitCode !== 0 || ending.timedOut || ending.outOfMemory || ending.notCollected !== null)
    return { ok: false, output };
  return { ok: true, box: `${folder}/${language.makesProgram ? "box" : "source"}`, output };
}

function textOf(bytes: Uint8Array | string): string {
  return typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function whatItSaid(ending: Ending, limits: CompileLimits, praise: RegExp = /^$/): string {
  const decoder = new TextDecoder();
  const text = `${decoder.decode(ending.stderr)}${decoder.decode(ending.stdout)}`
    .replaceAll("/box/", "")
    .replace(praise, "")
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
