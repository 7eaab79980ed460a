import type { LanguageId } from "../protocol/language.ts";
import * as v from "valibot";
import { RuntimeManifest, type RuntimeFile } from "./manifest.ts";
import type { SnapshotShelf } from "./session.ts";

const MANIFEST = "/runtimes.json";
/** Files under hashed names; kept here so that the page can tell what is on this machine already, and works without a network. */
const CACHE = "runtimes";

/** @throws Error when the site does not tell which runtimes it has */
export async function loadManifest(signal?: AbortSignal): Promise<RuntimeManifest> {
  const response = await fetch(MANIFEST, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${MANIFEST} could not be loaded (HTTP ${response.status}).`);
  const manifest = v.safeParse(RuntimeManifest, await response.json());
  if (!manifest.success)
    throw new Error(`${MANIFEST} does not describe runtimes: ${manifest.issues[0].message}.`);
  return manifest.output;
}

/** @throws Error when the site has no runtime for this language */
export function filesOf(manifest: RuntimeManifest, language: LanguageId): RuntimeFile[] {
  const files = manifest[language];
  if (files === undefined) throw new Error(`${language} does not run in the browser on this site.`);
  return files;
}

/** Bytes that travel for a language, and whether all of them are on this machine already. */
export async function sizeOfFiles(
  files: readonly RuntimeFile[],
): Promise<{ bytes: number; cached: boolean }> {
  const cache = await openCache();
  const found = await Promise.all(files.map(async ({ path }) => (await cache?.match(path)) !== undefined));
  return { bytes: totalBytes(files), cached: files.length > 0 && found.every(Boolean) };
}

export const totalBytes = (files: readonly RuntimeFile[]): number =>
  files.reduce((sum, file) => sum + file.bytes, 0);

/**
 * Loads all files, side by side, and unpacks them.
 * @param onLoaded hears the bytes received so far over all files; never falls, ends at `totalBytes(files)`
 * @throws Error that names the file which could not be loaded or had another size than the manifest says
 */
export async function download(
  files: readonly RuntimeFile[],
  onLoaded: (loaded: number) => void,
  signal?: AbortSignal,
): Promise<Map<string, Blob>> {
  let loaded = 0;
  const count = (bytes: number): void => {
    loaded += bytes;
    onLoaded(loaded);
  };
  const cache = await openCache();
  const blobs = await Promise.all(
    files.map(async (file) => [file.name, await load(file, cache, count, signal)] as const),
  );
  return new Map(blobs);
}

async function load(
  file: RuntimeFile,
  cache: Cache | null,
  count: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Blob> {
  const kept = await cache?.match(file.path);
  const response = kept ?? (await fetch(file.path, signal ? { signal } : {}));
  if (!response.ok || response.body === null) {
    throw new Error(`${file.path} could not be loaded (HTTP ${response.status}).`);
  }
  const packed = await received(file, response.body.getReader(), count);
  if (kept === undefined) await keep(cache, file.path, packed);
  if (file.encoding === "identity") return packed;
  return new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
}

/** Tells how many bytes have come; an answer that is longer or shorter than promised is an error, not a progress of 104 %. */
async function received(
  file: RuntimeFile,
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  count: (bytes: number) => void,
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let seen = 0;
  for (let next = await reader.read(); !next.done && seen <= file.bytes; next = await reader.read()) {
    chunks.push(next.value);
    seen += next.value.byteLength;
    if (seen <= file.bytes) count(next.value.byteLength);
  }
  if (seen !== file.bytes) {
    void reader.cancel();
    throw new Error(`${file.path} has not the ${file.bytes} bytes that were promised.`);
  }
  return new Blob(chunks);
}

/** Null where the browser has no Cache API (pages over plain HTTP): then its HTTP cache alone keeps the files. */
async function openCache(): Promise<Cache | null> {
  return "caches" in globalThis ? caches.open(CACHE) : null;
}

async function keep(cache: Cache | null, path: string, content: Blob): Promise<void> {
  try {
    await cache?.put(path, new Response(content));
  } catch {
    // A full disk only means that it is loaded or made again next time.
  }
}

/** No file of the site: a name in the cache that changes with any of the files the snapshot was made from. */
const snapshotPath = (files: readonly RuntimeFile[]): string =>
  `/runtimes/snapshot?of=${files.map(({ path }) => path.replace("/runtimes/", "")).join("+")}`;

/** Keeps the snapshot of these files for this page and for later visits. */
export function snapshotShelf(files: readonly RuntimeFile[]): SnapshotShelf {
  const path = snapshotPath(files);
  let held: Blob | null = null;
  return {
    async get() {
      const response = held === null ? await (await openCache())?.match(path) : undefined;
      return held ?? (await response?.blob()) ?? null;
    },
    async put(snapshot) {
      held = snapshot;
      const cache = await openCache();
      if (snapshot === null) await cache?.delete(path);
      else await keep(cache, path, snapshot);
    },
  };
}

/** Forgets what no runtime of this site uses any more. */
export async function dropStale(manifest: RuntimeManifest): Promise<void> {
  const cache = await openCache();
  const wanted = new Set(
    Object.values(manifest).flatMap((files) => [snapshotPath(files), ...files.map((file) => file.path)]),
  );
  for (const request of (await cache?.keys()) ?? []) {
    const { pathname, search } = new URL(request.url);
    if (!wanted.has(pathname + search)) await cache?.delete(request);
  }
}
