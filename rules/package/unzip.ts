import { Inflate } from "fflate";
import { crc32 } from "./crc32.ts";
import { PackageError } from "./package-error.ts";
import type { Files } from "./package.ts";
import { compressedData, readZipDirectory, type ZipEntry } from "./zip-directory.ts";

export { PackageError };

const MIB = 1024 * 1024;

/** Bounds on what a zip may unpack to, checked against its directory before anything is inflated. */
export interface UnzipLimits {
  totalBytes: number;
  fileBytes: number;
  entries: number;
}

/** Large enough for every package of the ICPC world finals, small enough for a Worker's or a judge's memory. */
export const packageLimits: UnzipLimits = { totalBytes: 256 * MIB, fileBytes: 64 * MIB, entries: 20_000 };

/**
 * Unpacks a problem package.
 *
 * One folder that holds everything, `problem.yaml` included, is stripped. Folders, `__MACOSX/` and `.DS_Store` are
 * left out. Every file is checked against the size and the CRC-32 in the zip's directory: fflate's own `unzipSync`
 * checks neither, and quietly truncates a file that is longer than it says.
 *
 * @param zip - the whole zip, in memory
 * @returns the files by their path inside the package
 * @throws {PackageError} for whatever is not a sound zip, leaves its folder, or is larger than `limits`
 */
export function unzipPackage(zip: Uint8Array, limits: UnzipLimits = packageLimits): Files {
  const directory = readZipDirectory(zip);
  if (directory.length > limits.entries) {
    throw new PackageError(`The zip has ${directory.length} entries; at most ${limits.entries} are allowed.`);
  }
  for (const entry of directory) refuseBadPath(entry.name);
  const entries = directory.filter((entry) => !entry.name.endsWith("/") && !isDebris(entry.name));
  refuseClashes(entries);
  refuseLargeEntries(entries, limits);
  const top = topFolder(entries);
  return new Map(entries.map((entry) => [entry.name.slice(top.length), inflate(zip, entry)]));
}

function isDebris(name: string): boolean {
  return name.startsWith("__MACOSX/") || name.endsWith("/.DS_Store") || name === ".DS_Store";
}

function refuseBadPath(name: string): void {
  const shown = JSON.stringify(name);
  if (name.includes("\0")) throw new PackageError(`The path ${shown} in the zip contains a NUL character.`);
  if (name.includes("\\"))
    throw new PackageError(`The path ${shown} in the zip contains a backslash; use "/".`);
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) {
    throw new PackageError(`The path ${shown} in the zip is absolute.`);
  }
  const parts = (name.endsWith("/") ? name.slice(0, -1) : name).split("/");
  if (parts.some((part) => part === ".." || part === "." || part === "")) {
    throw new PackageError(`The path ${shown} in the zip has an empty, "." or ".." part.`);
  }
}

/** Two files at one path, or a file where another path needs a folder, would overwrite each other on a disk. */
function refuseClashes(entries: readonly ZipEntry[]): void {
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) throw new PackageError(`${name} is in the zip twice.`);
    names.add(name);
  }
  for (const { name } of entries) {
    for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1)) {
      const folder = name.slice(0, slash);
      if (names.has(folder))
        throw new PackageError(`${folder} is in the zip both as a file and as a folder.`);
    }
  }
}

function refuseLargeEntries(entries: readonly ZipEntry[], limits: UnzipLimits): void {
  let total = 0;
  for (const entry of entries) {
    if (entry.bytes > limits.fileBytes) {
      throw new PackageError(
        `${entry.name} unpacks to ${inMiB(entry.bytes)}; at most ${inMiB(limits.fileBytes)} a file are allowed.`,
      );
    }
    total += entry.bytes;
  }
  if (total > limits.totalBytes) {
    throw new PackageError(
      `The zip unpacks to ${inMiB(total)}; at most ${inMiB(limits.totalBytes)} are allowed.`,
    );
  }
}

function inMiB(bytes: number): string {
  return `${Math.ceil((bytes / MIB) * 10) / 10} MiB`;
}

/** The folder (with its slash) that everything lies in, when `problem.yaml` lies there too; else the empty string. */
function topFolder(entries: readonly ZipEntry[]): string {
  const [first] = entries;
  if (first === undefined) return "";
  const top = first.name.slice(0, first.name.indexOf("/") + 1);
  const inTop = entries.every((entry) => entry.name.startsWith(top));
  return inTop && entries.some((entry) => entry.name === `${top}problem.yaml`) ? top : "";
}

function inflate(zip: Uint8Array, entry: ZipEntry): Uint8Array {
  const data = compressedData(zip, entry);
  if (entry.method !== 0 && entry.method !== 8) {
    throw new PackageError(
      `${entry.name} is compressed by method ${entry.method}; only "stored" and "deflated" are supported.`,
    );
  }
  const bytes = entry.method === 0 ? data.slice() : inflateDeflated(data, entry);
  if (bytes.length !== entry.bytes) throw lyingSize(entry);
  if (crc32(bytes) !== entry.crc) {
    throw new PackageError(`The zip is damaged: the contents of ${entry.name} do not match their checksum.`);
  }
  return bytes;
}

/** What is inflated before the next look at its size: deflate makes at most a thousand times as much of it. */
const SLICE_BYTES = 16 * 1024;

function inflateDeflated(data: Uint8Array, entry: ZipEntry): Uint8Array {
  // Deflate adds at most 5 bytes to every 16 KiB. More compressed bytes than that means a false size.
  if (data.length > entry.bytes + (entry.bytes >>> 10) + 64) throw lyingSize(entry);
  const whole = new Uint8Array(entry.bytes);
  let length = 0;
  // Piece by piece, since a small stream can go on for gigabytes after the bytes that the directory says.
  const stream = new Inflate((piece) => {
    if (length + piece.length > whole.length) throw lyingSize(entry);
    whole.set(piece, length);
    length += piece.length;
  });
  try {
    let at = 0;
    do {
      const end = at + SLICE_BYTES;
      stream.push(data.subarray(at, end), end >= data.length);
      at = end;
    } while (at < data.length);
  } catch (error) {
    if (error instanceof PackageError) throw error;
    throw new PackageError(`The zip is damaged: ${entry.name} cannot be inflated.`, { cause: error });
  }
  return whole.subarray(0, length);
}

function lyingSize(entry: ZipEntry): PackageError {
  return new PackageError(
    `The zip is damaged: ${entry.name} does not have the ${entry.bytes} bytes that the zip's directory says.`,
  );
}
