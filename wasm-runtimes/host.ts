import type { LanguageId } from "../protocol/language.ts";
import type { Progress, Runtime } from "./contract.ts";
import { clang } from "./clang/adapter.ts";
import {
  download,
  dropStale,
  filesOf,
  loadManifest,
  onDemandOf,
  piecesOf,
  snapshotShelf,
  totalBytes,
} from "./download.ts";
import type { RuntimeFile } from "./manifest.ts";
import { javascript } from "./javascript/adapter.ts";
import { programShelf } from "./programs.ts";
import { python } from "./python/adapter.ts";
import type { Adapter } from "./runtime.ts";
import { typescript } from "./typescript/adapter.ts";

export { readiness } from "./download.ts";
export type {
  CompileError,
  Compiled,
  Program,
  Progress,
  Readiness,
  RunLimits,
  RunResult,
  Runtime,
  SourceFile,
  TypeCheck,
} from "./contract.ts";

const adapters: ReadonlyMap<LanguageId, Adapter> = new Map([
  ["python3", python],
  ["c", clang("c")],
  ["cpp", clang("cpp")],
  ["javascript", javascript],
  ["typescript", typescript],
]);

/** Languages that run in the browser. */
export const browserLanguages: readonly LanguageId[] = [...adapters.keys()];

/** Those of them whose types can be checked when somebody asks. */
export const typeCheckedLanguages: readonly LanguageId[] = browserLanguages.filter(
  (language) => adapters.get(language)?.checksTypes !== undefined,
);

/**
 * Loads a language and starts it in a sandbox of its own.
 * @param onProgress bytes received of those that travel, and then that the language is starting
 * @throws Error that says what could not be loaded or started; what `signal` was aborted with when it fired
 */
export async function openRuntime(
  language: LanguageId,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Runtime> {
  const adapter = adapters.get(language);
  if (adapter === undefined) throw new Error(`${language} does not run in the browser.`);
  // A page that only tells what is ready needs nothing of what runs programs.
  const [{ openBox }, { startRuntime }] = await Promise.all([import("./box/box.ts"), import("./runtime.ts")]);
  // Its process starts while the files come; that it did not is heard when it is needed.
  const box = openBox(signal);
  box.catch(() => {});
  try {
    const manifest = await loadManifest(signal);
    const needed = await filesOf(manifest, language, signal);
    const total = totalBytes(needed.files);
    const blobs = await download(
      needed,
      (loaded) => onProgress({ phase: "downloading", loaded, total }),
      signal,
    );
    void dropStale(manifest);
    onProgress({ phase: "starting", loaded: total, total });
    // What is prepared later changes nothing in snapshots, and programs know it by its name.
    const lasting = manifest[language]?.files ?? [];
    const surroundings = {
      snapshot: snapshotShelf(lasting),
      programs: programShelf(toolchainOf(language, lasting, manifest[language]?.prepared)),
      prepared: needed.prepared ? null : (closed: AbortSignal) => whenPrepared(language, closed),
      onDemand: (hear: typeof onProgress, stop: AbortSignal) => fetchOnDemand(language, hear, stop),
    };
    return await startRuntime(adapter, box, blobs, surroundings, signal);
  } catch (error) {
    void box.then(
      (opened) => opened.close(),
      () => {},
    );
    throw error;
  }
}

/** What changes with every file that a program is made by; languages that share all of these make other programs of one source. */
export function toolchainOf(
  language: LanguageId,
  files: readonly RuntimeFile[],
  prepared: string | null = null,
): string {
  return [language, ...piecesOf(files).map(({ path }) => path), prepared ?? ""].join("+");
}

/** @throws Error as `download`; what `signal` was aborted with when it fired */
async function fetchOnDemand(
  language: LanguageId,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Blob>> {
  const needed = onDemandOf(await loadManifest(signal), language);
  const total = totalBytes(needed.files);
  const files = await download(
    needed,
    (loaded) => onProgress({ phase: "downloading", loaded, total }),
    signal,
  );
  onProgress({ phase: "starting", loaded: total, total });
  return files;
}

const ASK_AGAIN_MS = 20_000;

/** The language's files, once the site has made all of them. @throws what `signal` was aborted with */
async function whenPrepared(language: LanguageId, signal: AbortSignal): Promise<ReadonlyMap<string, Blob>> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    signal.throwIfAborted();
    try {
      const needed = await filesOf(await loadManifest(signal), language, signal);
      if (needed.prepared) return await download(needed, () => {}, signal);
    } catch {
      // Without a network, later.
    }
  }
}
