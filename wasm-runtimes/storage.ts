import type { LanguageId } from "../protocol/language.ts";
import { languagesOf, loadManifest, shelfOf, sumBytes, wantedPath } from "./download.ts";
import type { Piece, RuntimeManifest } from "./manifest.ts";
import { forget, forgetAll, keptPaths, lasts, take } from "./shelf.ts";

/** Compiled programs, each under the hash of what it was compiled from and with. */
const PROGRAMS = "programs";

/** What one language takes on this machine. */
export interface KeptLanguage {
  language: LanguageId;
  /** All bytes that travel for it, as far as is known here; of what it can do without, only those that are here. */
  bytes: number;
  /** Of those, the bytes that are here. */
  keptBytes: number;
  /** The memory image that it starts from; 0 when there is none. */
  snapshotBytes: number;
  /** Whether somebody wanted it here; else what is here of it came with a language that shares its files. */
  wanted: boolean;
  /** What deleting it would free: not what another language here needs too. */
  freesBytes: number;
}

export interface KeptOnThisMachine {
  languages: readonly KeptLanguage[];
  programs: { count: number; bytes: number };
  /** Everything that this site keeps here and what it may keep, as the browser estimates it; null where it does not tell. */
  estimate: { usage: number; quota: number } | null;
  /** Whether the browser promises not to drop it when space gets short. */
  persisted: boolean;
  /** False where the browser keeps nothing beyond this page's life (a page over plain HTTP). */
  lasts: boolean;
}

/** @throws Error when it is not known which files there are */
export async function keptOnThisMachine(): Promise<KeptOnThisMachine> {
  const manifest = await loadManifest();
  const kept = await keptPaths();
  const languages = await Promise.all(
    languagesOf(manifest).map((language) => keptLanguage(manifest, language, kept)),
  );
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  const { usage, quota } = estimate ?? {};
  return {
    languages,
    programs: await keptPrograms(),
    estimate: usage === undefined || quota === undefined ? null : { usage, quota },
    persisted: (await navigator.storage?.persisted?.()) ?? false,
    lasts: lasts(),
  };
}

async function keptLanguage(
  manifest: RuntimeManifest,
  language: LanguageId,
  kept: ReadonlySet<string>,
): Promise<KeptLanguage> {
  const { pieces, onDemand, snapshot } = await shelfOf(manifest, language);
  const snapshotBytes = kept.has(snapshot) ? ((await take(snapshot))?.size ?? 0) : 0;
  const here = (all: readonly Piece[]): number => sumBytes(all.filter(({ path }) => kept.has(path)));
  return {
    language,
    bytes: sumBytes(pieces) + here(onDemand),
    keptBytes: here(pieces) + here(onDemand),
    snapshotBytes,
    wanted: kept.has(wantedPath(language)),
    freesBytes: snapshotBytes + here(await ownPieces(manifest, language, kept)),
  };
}

/** The pieces that no other language which was wanted here needs. */
async function ownPieces(
  manifest: RuntimeManifest,
  language: LanguageId,
  kept: ReadonlySet<string>,
): Promise<Piece[]> {
  const shared = new Set<string>();
  for (const other of languagesOf(manifest)) {
    if (other === language || !kept.has(wantedPath(other))) continue;
    for (const { path } of await allPieces(manifest, other)) shared.add(path);
  }
  return (await allPieces(manifest, language)).filter(({ path }) => !shared.has(path));
}

async function allPieces(manifest: RuntimeManifest, language: LanguageId): Promise<Piece[]> {
  const { pieces, onDemand } = await shelfOf(manifest, language);
  return [...pieces, ...onDemand];
}

async function keptPrograms(): Promise<{ count: number; bytes: number }> {
  if (!lasts() || !(await caches.has(PROGRAMS))) return { count: 0, bytes: 0 };
  const cache = await caches.open(PROGRAMS);
  const sizes = (await cache.matchAll()).map(async (response) => (await response.blob()).size);
  return { count: sizes.length, bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
}

/** Asks the browser not to drop what is kept here when space gets short; it decides by itself, or asks the reader. */
export async function persist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}

/** Deletes a language's files and snapshot; files that another language which was wanted here needs stay. */
export async function deleteLanguage(language: LanguageId): Promise<void> {
  const manifest = await loadManifest();
  const pieces = await ownPieces(manifest, language, await keptPaths());
  const { snapshot, others } = await shelfOf(manifest, language);
  for (const path of [...pieces.map((piece) => piece.path), snapshot, ...others]) await forget(path);
}

/** Deletes every language's files, snapshots and compiled programs. */
export async function deleteEverything(): Promise<void> {
  await forgetAll();
  if (lasts()) await caches.delete(PROGRAMS);
}
