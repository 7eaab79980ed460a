import { Inflate } from "fflate";
import { compressedData, readZipDirectory, type ZipEntry } from "../rules/package/zip-directory.ts";
import { loadBlob } from "./blobs.ts";
import type { Env } from "./env.ts";

/** The start of a file as text, and how many bytes it has in all. */
export interface FileStart {
  text: string;
  bytes: number;
}

/** Finds the start of one file of a package, by its path inside it; null when there is no such file. */
export type PackageReader = (path: string) => FileStart | null;

const CHUNK = 16 * 1024;

/**
 * Opens a stored package for looking into single files. Nothing is unpacked but the first `limit` bytes of what is asked
 * for, however large the package is.
 *
 * @returns null when there is no such package
 */
export async function openPackage(env: Env, hash: string, limit: number): Promise<PackageReader | null> {
  const blob = await loadBlob(env, hash);
  if (!blob) return null;
  const zip = new Uint8Array(await blob.arrayBuffer());
  const entries = readZipDirectory(zip);
  const top = topFolder(entries);
  const byPath = new Map(entries.map((entry) => [entry.name, entry]));
  return (path) => {
    const entry = byPath.get(top + path);
    return entry ? { text: startOf(zip, entry, limit), bytes: entry.bytes } : null;
  };
}

/** As the import strips it: the one folder that holds problem.yaml, if that is not at the root. */
function topFolder(entries: readonly ZipEntry[]): string {
  const metadata = entries.find(({ name }) => /^([^/]+\/)?problem\.yaml$/.test(name));
  return metadata?.name.slice(0, -"problem.yaml".length) ?? "";
}

function startOf(zip: Uint8Array, entry: ZipEntry, limit: number): string {
  const data = compressedData(zip, entry);
  return textStart(entry.method === 0 ? data : inflatedStart(data, limit), limit);
}

function inflatedStart(data: Uint8Array, limit: number): Uint8Array {
  const start = new Uint8Array(limit);
  let length = 0;
  const inflate = new Inflate((chunk) => {
    const part = chunk.subarray(0, limit - length);
    start.set(part, length);
    length += part.length;
  });
  for (let at = 0; at < data.length; at += CHUNK) {
    if (length >= limit) break;
    inflate.push(data.subarray(at, at + CHUNK), at + CHUNK >= data.length);
  }
  return start.subarray(0, length);
}

/** The first `limit` bytes as text; what is not UTF-8 is shown as U+FFFD. */
export function textStart(bytes: Uint8Array, limit: number): string {
  // Not the last: a character that the limit cuts in two is left out.
  return new TextDecoder().decode(bytes.subarray(0, limit), { stream: bytes.length > limit });
}
