import { LanguageId } from "../protocol/language.ts";
import * as v from "valibot";
import type { Readiness } from "./contract.ts";
import { PreparedFiles, RuntimeManifest, type Piece, type RuntimeFile } from "./manifest.ts";
import type { SnapshotShelf } from "./session.ts";
import { forget, keep, keptPaths, keptTexts, take } from "./shelf.ts";
import { ofThisVersion } from "./site-version.ts";
import { fetchPiece } from "./transfers.ts";

/**
 * How a language's files come to this machine:
 *
 *     /runtimes.json -> files of the language, and the list of prepared ones when the site has made them
 *                    -> pieces: those on the shelf already, the others over the network and at once onto the shelf
 *                    -> whole files, unpacked
 *
 * A download that was broken off, or cancelled, leaves what has come: the next one fetches only the rest.
 */

export const MANIFEST = "/runtimes.json";
/** For lists, which are small: on a line that is dead, what is here already must not wait for long. */
const PATIENCE_MS = 10_000;

/** What a language needs now. */
export interface NeededFiles {
  language: LanguageId;
  files: readonly RuntimeFile[];
  /** Whether the files that the site makes after its start are among them; true for a language that has none. */
  prepared: boolean;
}

/**
 * From the site; while that is away, or something between answers in its place, the one that was heard last.
 * @throws Error when the site does not tell which runtimes it has
 */
export async function loadManifest(signal?: AbortSignal): Promise<RuntimeManifest> {
  try {
    const text = await textAt(ofThisVersion(MANIFEST), signal);
    if (text === null) throw new Error(`${MANIFEST} is not there.`);
    const manifest = parse(RuntimeManifest, MANIFEST, text);
    await keep(MANIFEST, new Blob([text]));
    return manifest;
  } catch (error) {
    signal?.throwIfAborted();
    const kept = await take(MANIFEST);
    if (kept === null) throw error;
    return parse(RuntimeManifest, MANIFEST, await kept.text());
  }
}

/** Null when there is nothing at this address. */
async function textAt(path: string, signal?: AbortSignal): Promise<string | null> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const stop = signal ? AbortSignal.any([signal, patience]) : patience;
  const response = await fetch(path, { signal: stop }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new Error(`${path} could not be loaded (the connection broke).`, { cause: error });
  });
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`${path} could not be loaded (HTTP ${response.status}).`);
  return response.text();
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  path: string,
  text: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (!parsed.success) throw new Error(`${path} does not describe runtimes: ${parsed.issues[0].message}.`);
  return parsed.output;
}

/**
 * The files of a language, prepared ones too when the site has made them; asked for anew each time until then.
 * @throws Error when the site has no runtime for this language
 */
export async function filesOf(
  manifest: RuntimeManifest,
  language: LanguageId,
  signal?: AbortSignal,
): Promise<NeededFiles> {
  const listed = manifest[language];
  if (listed === undefined) throw new Error(`${language} does not run in the browser on this site.`);
  if (listed.prepared === null) return { language, files: listed.files, prepared: true };
  const further = (await keptList(listed.prepared)) ?? (await fetchList(listed.prepared, signal));
  return { language, files: [...listed.files, ...(further ?? [])], prepared: further !== null };
}

/**
 * What a language has beside its files, for those who ask for it.
 * @throws Error when the site has no runtime for this language
 */
export function onDemandOf(manifest: RuntimeManifest, language: LanguageId): NeededFiles {
  const listed = manifest[language];
  if (listed === undefined) throw new Error(`${language} does not run in the browser on this site.`);
  return { language, files: listed.onDemand, prepared: true };
}

async function keptList(path: string): Promise<PreparedFiles | null> {
  const text = await (await take(path))?.text();
  return text === undefined ? null : parse(PreparedFiles, path, text);
}

/** Null while there is none; a site in trouble is no reason to do without what works without it. */
async function fetchList(path: string, signal?: AbortSignal): Promise<PreparedFiles | null> {
  try {
    const text = await textAt(path, signal);
    if (text === null) return null;
    const list = parse(PreparedFiles, path, text);
    await keep(path, new Blob([text]));
    return list;
  } catch {
    signal?.throwIfAborted();
    return null;
  }
}

/** Each once, even where files share them. */
export function piecesOf(files: readonly RuntimeFile[]): Piece[] {
  const all = files.flatMap((file) => file.pieces);
  return [...new Map(all.map((piece) => [piece.path, piece])).values()];
}

export const sumBytes = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + piece.bytes, 0);

/** Bytes that travel for these files. */
export const totalBytes = (files: readonly RuntimeFile[]): number => sumBytes(piecesOf(files));

/** Whether a language can run here at once, and what it takes until it can. */
export async function readiness(language: LanguageId, signal?: AbortSignal): Promise<Readiness> {
  const { files, prepared } = await filesOf(await loadManifest(signal), language, signal);
  const kept = await keptPaths();
  const pieces = piecesOf(files);
  return {
    language,
    bytes: sumBytes(pieces),
    cachedBytes: sumBytes(pieces.filter(({ path }) => kept.has(path))),
    prepared,
  };
}

/** An entry beside a language's pieces that tells that somebody wanted it, and not only another one which shares them. */
export const wantedPath = (language: LanguageId): string => `/runtimes/wanted?language=${language}`;

/**
 * Brings the files of a language onto this machine, whatever of them is missing.
 * @param onLoaded hears the bytes that are here, of those that travel; never falls, ends at `totalBytes(needed.files)`
 * @throws Error that names the piece which could not be loaded or has another size than the manifest says; what `signal` was aborted
 *   with when it fired
 */
export async function fetchMissing(
  { language, files }: NeededFiles,
  onLoaded: (loaded: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  await keep(wantedPath(language), new Blob([]));
  const kept = await keptPaths();
  const pieces = piecesOf(files);
  const missing = pieces.filter(({ path }) => !kept.has(path));
  const received = new Map<string, number>();
  let told = sumBytes(pieces) - sumBytes(missing);
  const base = told;
  onLoaded(told);
  const broken = new AbortController();
  const stop = signal ? AbortSignal.any([signal, broken.signal]) : broken.signal;
  const fetchOne = (piece: Piece): Promise<Blob> =>
    fetchPiece(
      piece,
      (bytes) => {
        received.set(piece.path, bytes);
        const loaded = base + [...received.values()].reduce((sum, each) => sum + each, 0);
        // A piece that is asked for again starts from nothing.
        if (loaded > told) onLoaded((told = loaded));
      },
      stop,
    );
  try {
    await Promise.all(missing.map(fetchOne));
  } finally {
    // One that cannot be had ends the others.
    broken.abort();
  }
}

/**
 * Brings a language onto this machine without starting it, and forgets what the site has replaced.
 * @param onProgress hears the bytes that are here, of all that travel for it
 * @throws Error as `loadManifest`, `filesOf` and `fetchMissing`
 */
export async function fetchLanguage(
  language: LanguageId,
  onProgress: (loaded: number, total: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const manifest = await loadManifest(signal);
  const needed = await filesOf(manifest, language, signal);
  const total = totalBytes(needed.files);
  await fetchMissing(needed, (loaded) => onProgress(loaded, total), signal);
  await dropStale(manifest);
}

/**
 * Brings the files of a language onto this machine and gives them, unpacked, by name.
 * @throws Error as `fetchMissing`, and when a file is damaged: it is fetched anew the next time
 */
export async function download(
  needed: NeededFiles,
  onLoaded: (loaded: number) => void,
  signal?: AbortSignal,
): Promise<Map<string, Blob>> {
  await fetchMissing(needed, onLoaded, signal);
  const files = needed.files.map(async (file) => [file.name, await whole(file, signal)] as const);
  return new Map(await Promise.all(files));
}

async function whole(file: RuntimeFile, signal?: AbortSignal): Promise<Blob> {
  const packed = new Blob(await Promise.all(file.pieces.map((piece) => content(piece, signal))));
  if (file.encoding === "identity") return packed;
  try {
    return await new Response(packed.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
  } catch (error) {
    await Promise.all(file.pieces.map(({ path }) => forget(path)));
    throw new Error(`${file.name} arrived damaged; it will be downloaded anew.`, { cause: error });
  }
}

/** Browsers may drop what they keep, at any moment. */
async function content(piece: Piece, signal?: AbortSignal): Promise<Blob> {
  const kept = await take(piece.path);
  return kept?.size === piece.bytes ? kept : fetchPiece(piece, () => {}, signal);
}

/** No file of the site: a name that changes with any of the files the snapshot was made from. */
export const snapshotPath = (files: readonly RuntimeFile[]): string =>
  `/runtimes/snapshot?of=${piecesOf(files)
    .map(({ path }) => path.replace("/runtimes/", ""))
    .join("+")}`;

/** Keeps the snapshot of these files for this page and for later visits. */
export function snapshotShelf(files: readonly RuntimeFile[]): SnapshotShelf {
  const path = snapshotPath(files);
  return {
    get: () => take(path),
    put: (snapshot) => (snapshot === null ? forget(path) : keep(path, snapshot)),
  };
}

/** The files of a language as far as they are known here: without asking the site for prepared ones. */
async function knownFiles(manifest: RuntimeManifest, language: LanguageId): Promise<RuntimeFile[]> {
  const listed = manifest[language];
  if (listed === undefined) return [];
  const further = listed.prepared === null ? null : await keptList(listed.prepared);
  return [...listed.files, ...(further ?? [])];
}

/** All that may lie on the shelf for a language. */
interface Shelf {
  /** Without all of these it does not run. */
  pieces: readonly Piece[];
  /** Of what is fetched only when somebody asks for it. */
  onDemand: readonly Piece[];
  snapshot: string;
  others: readonly string[];
}

export async function shelfOf(manifest: RuntimeManifest, language: LanguageId): Promise<Shelf> {
  const listed = manifest[language];
  const files = await knownFiles(manifest, language);
  return {
    pieces: piecesOf(files),
    onDemand: piecesOf(listed?.onDemand ?? []),
    snapshot: snapshotPath(listed?.files ?? []),
    others: [wantedPath(language), ...(listed?.prepared ? [listed.prepared] : [])],
  };
}

/** The languages that a site's manifest tells of. */
export const languagesOf = (manifest: RuntimeManifest): LanguageId[] =>
  LanguageId.options.filter((language) => manifest[language] !== undefined);

/** The lists of the site's versions that the service worker has. */
async function manifestsBeside(): Promise<RuntimeManifest[]> {
  return (await keptTexts(MANIFEST)).flatMap((text) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), RuntimeManifest), text);
    return parsed.success ? [parsed.output] : [];
  });
}

/** Forgets what no runtime uses any more, neither of this version of the site nor of another that pages may still be open of. */
export async function dropStale(manifest: RuntimeManifest): Promise<void> {
  const used = new Set([MANIFEST]);
  for (const version of [manifest, ...(await manifestsBeside())]) {
    for (const language of languagesOf(version)) {
      const { pieces, onDemand, snapshot, others } = await shelfOf(version, language);
      for (const { path } of [...pieces, ...onDemand]) used.add(path);
      for (const path of [snapshot, ...others]) used.add(path);
    }
  }
  for (const path of await keptPaths()) if (!used.has(path)) await forget(path);
}
