import type { LanguageId } from "../protocol/language.ts";
import {
  download,
  dropStale,
  filesOf,
  loadManifest,
  sizeOfFiles,
  snapshotShelf,
  totalBytes,
} from "./download.ts";
import { javascript } from "./javascript/adapter.ts";
import { python } from "./python/adapter.ts";
import { startRuntime, type Adapter } from "./runtime.ts";
import type { Progress, Runtime } from "./runtime.ts";

export type { Program, Progress, RunLimits, RunResult, Runtime } from "./runtime.ts";

const adapters: Readonly<Partial<Record<LanguageId, Adapter>>> = { python3: python, javascript };

/** Languages that run in the browser. */
export const browserLanguages: readonly LanguageId[] = ["python3", "javascript"];

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
  const adapter = adapters[language];
  if (adapter === undefined) throw new Error(`${language} does not run in the browser.`);
  const manifest = await loadManifest(signal);
  const files = filesOf(manifest, language);
  const total = totalBytes(files);
  onProgress({ phase: "downloading", loaded: 0, total });
  const blobs = await download(
    files,
    (loaded) => onProgress({ phase: "downloading", loaded, total }),
    signal,
  );
  void dropStale(manifest);
  onProgress({ phase: "starting", loaded: total, total });
  return startRuntime(adapter, blobs, snapshotShelf(files), signal);
}

/** How much has to be loaded before a language can run, in bytes that travel, and whether it is on this machine already. */
export async function downloadSize(language: LanguageId): Promise<{ bytes: number; cached: boolean }> {
  return sizeOfFiles(filesOf(await loadManifest(), language));
}
