import type { Package, TestCase } from "../rules/package/package.ts";
import { type Compiled, compile } from "./compile.ts";
import { JudgingFailure } from "./failure.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { Slot } from "./slot.ts";
import type { Store } from "./store.ts";

/**
 * A package made ready for judging: its tests on disk and its output validator compiled, each when first needed and
 * then kept, since many submissions use them.
 */
export interface Problem {
  readonly pkg: Package;
  /** The folder of the store that holds a test's `input` and `answer`; shown to validators only, never to submissions. */
  data(test: TestCase): Promise<string>;
  /** The output validator, compiled. @throws JudgingFailure when it does not compile or has no language of ours */
  validator(slot: Slot): Promise<Compiled>;
  close(): Promise<void>;
}

export async function openProblem(pkg: Package, store: Store): Promise<Problem> {
  const folder = await store.newFolder();
  const written = new Map<TestCase, Promise<string>>();
  let validator: Promise<Compiled> | null = null;

  const write = async (test: TestCase, index: number): Promise<string> => {
    const place = `${folder}/${index}`;
    await store.write(`${place}/input`, test.input);
    await store.write(`${place}/answer`, test.answer);
    return place;
  };

  return {
    pkg,
    data: (test) => {
      const place = written.get(test) ?? write(test, written.size);
      written.set(test, place);
      return place;
    },
    validator: (slot) => {
      validator ??= compileValidator(pkg, slot).catch((error: unknown) => {
        // The next submission tries again: the sandbox may have failed, not the validator.
        validator = null;
        throw error;
      });
      return validator;
    },
    close: async () => {
      await (await validator?.catch(() => null))?.release();
      await store.remove(folder);
    },
  };
}

/** What a validator may be written in (2025-09, "Other programs"). */
const sources: readonly { language: LanguageId; main: RegExp }[] = [
  { language: "cpp", main: /\.(cpp|cc|cxx|c\+\+)$/i },
  { language: "c", main: /\.c$/ },
  { language: "python3", main: /\.py$/ },
];

/** Where Python starts, when there are several files. */
const PYTHON_ENTRIES = ["__main__.py", "main.py"] as const;

async function compileValidator({ outputValidator, limits }: Package, slot: Slot): Promise<Compiled> {
  const names = [...outputValidator.keys()].sort();
  const kind = sources.find(({ main }) => names.some((name) => main.test(name)));
  if (kind === undefined)
    throw new JudgingFailure(`the output validator is in none of C, C++ and Python: ${names.join(", ")}`);
  const toolchain = slot.toolchains.get(kind.language);
  if (toolchain === undefined)
    throw new JudgingFailure(`the output validator needs ${kind.language}, which this judge does not have`);
  const python = kind.language === "python3";
  const start =
    PYTHON_ENTRIES.find((name) => names.includes(name)) ?? names.find((name) => kind.main.test(name));
  const source = { files: outputValidator, entryPoint: python ? (start ?? null) : null };
  const compiled = await compile(slot, toolchain, source, {
    cpuMs: limits.compilationTimeS * 1000,
    memoryMiB: limits.compilationMemoryMiB,
  });
  if (!compiled.ok) throw new JudgingFailure(`the output validator does not compile: ${compiled.output}`);
  return compiled;
}
