import { type LanguageId, languages } from "../protocol/language.ts";
import type { Package } from "../rules/package/package.ts";
import { type Compiled, compile } from "./compile.ts";
import { JudgingFailure } from "./failure.ts";
import type { Problem } from "./problem.ts";
import type { Slot, Toolchain } from "./slot.ts";

/** What a contestant handed in. */
export interface SubmittedSource {
  /** By their names: one, or several. */
  files: ReadonlyMap<string, Uint8Array | string>;
  /** Which of several files (in Java: which class) starts the program; null where the language has a rule for it. */
  entryPoint: string | null;
}

/** A submission made ready to run. */
export interface Submission {
  ok: true;
  toolchain: Toolchain;
  compiled: Compiled;
  /**
   * What a program finds in its working folder (2025-09, "Working directory"): all that was submitted and included, laid
   * out in a folder of the store. Null for a single file, which nobody reads there.
   */
  files: { folder: string; contents: SubmittedSource["files"] } | null;
  release(): Promise<void>;
}

/** One that does not compile. */
export interface RefusedSubmission {
  ok: false;
  toolchain: Toolchain;
  /** What the compiler said. */
  output: string;
}

/**
 * Adds the files that go with every submission of the problem, and compiles.
 *
 * @throws JudgingFailure when this judge does not have the language
 */
export async function prepareSubmission(
  slot: Slot,
  { pkg }: Problem,
  language: LanguageId,
  source: SubmittedSource,
): Promise<Submission | RefusedSubmission> {
  const toolchain = slot.toolchains.get(language);
  if (toolchain === undefined) throw new JudgingFailure(`this judge does not have the language ${language}`);
  const files = withIncluded(pkg, toolchain, source.files);
  const compiled = await compile(
    slot,
    toolchain,
    { files, entryPoint: source.entryPoint },
    {
      cpuMs: pkg.limits.compilationTimeS * 1000,
      memoryMiB: pkg.limits.compilationMemoryMiB,
    },
  );
  if (!compiled.ok) return { ok: false, toolchain, output: compiled.output };
  const laid = files.size > 1 ? { folder: await laidOut(slot, files), contents: files } : null;
  return {
    ok: true,
    toolchain,
    compiled,
    files: laid,
    release: async () => {
      if (laid !== null) await slot.store.remove(laid.folder);
      await compiled.release();
    },
  };
}

/** Included files come over those of the same name (2025-09, "Included files"); the code limit was checked before. */
function withIncluded(
  pkg: Package,
  { language }: Toolchain,
  files: SubmittedSource["files"],
): SubmittedSource["files"] {
  const { dialectOf } = languages[language.id];
  const included =
    pkg.include.get(language.id) ??
    (dialectOf === undefined ? undefined : pkg.include.get(dialectOf)) ??
    pkg.include.get("default");
  if (included === undefined) return files;
  const [only, ...others] = files;
  const submitted =
    only !== undefined && others.length === 0
      ? [[nameBeside(included, language, only), only[1]] as const]
      : files;
  return new Map<string, Uint8Array | string>([...submitted, ...included]);
}

/**
 * A file that comes alone is named as its language wants it, whatever it was called. Not if that is the name of an
 * included one, the driver of what is submitted: then it keeps its own.
 */
function nameBeside(
  included: ReadonlyMap<string, unknown>,
  language: Toolchain["language"],
  [name, content]: readonly [string, Uint8Array | string],
): string {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  const usual = language.entry(text).file;
  return included.has(usual) ? name : usual;
}

async function laidOut({ store }: Slot, files: SubmittedSource["files"]): Promise<string> {
  const folder = await store.newFolder();
  for (const [name, content] of files) await store.write(`${folder}/${name}`, content);
  return folder;
}
