import { PackageError } from "./package-error.ts";

/** What the central directory of a zip says about one entry (APPNOTE 6.3, section 4.3.12). */
export interface ZipEntry {
  name: string;
  /** 0 stored, 8 deflated; nothing else is read. */
  method: number;
  crc: number;
  compressedBytes: number;
  bytes: number;
  /** Where the entry's local header starts. */
  headerAt: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const ENCRYPTED = 1;
const UTF8_NAME = 1 << 11;
const SYMBOLIC_LINK = 0o120000;
const FILE_TYPE = 0o170000;

/**
 * Reads the list of entries at the end of a zip, without inflating anything.
 *
 * @throws {PackageError} when this is no zip, when it is cut short, or when it uses what no problem package needs
 *   (encryption, several volumes, ZIP64, symbolic links).
 */
export function readZipDirectory(zip: Uint8Array): ZipEntry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const directoryBytes = view.getUint32(end + 12, true);
  const directoryAt = view.getUint32(end + 16, true);
  if (count === 0xffff || directoryAt === 0xffffffff) {
    throw new PackageError(
      "The zip uses the ZIP64 extension, which only archives above 4 GiB or 65,535 files need.",
    );
  }
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    throw new PackageError("The zip is one volume of several; upload it as a single file.");
  }
  if (directoryAt + directoryBytes > end) {
    throw new PackageError(
      "The zip is damaged: its directory lies outside the file. Part of the file may be missing.",
    );
  }
  const entries: ZipEntry[] = [];
  let at = directoryAt;
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw new PackageError(
        `The zip is damaged: entry ${index + 1} of ${count} in its directory cannot be read.`,
      );
    }
    entries.push(readEntry(zip, view, at));
    at +=
      ENTRY_BYTES +
      view.getUint16(at + 28, true) +
      view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true);
  }
  return entries;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  const startsAsZip = view.byteLength >= 4 && view.getUint32(0, true) === LOCAL_SIGNATURE;
  throw new PackageError(
    startsAsZip
      ? "The zip is cut short: its directory, which stands at the end, is missing."
      : "This is not a zip file.",
  );
}

function readEntry(zip: Uint8Array, view: DataView, at: number): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const nameBytes = zip.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + view.getUint16(at + 28, true));
  const name = decodeName(nameBytes, (flags & UTF8_NAME) !== 0);
  if ((flags & ENCRYPTED) !== 0) throw new PackageError(`${name} in the zip is encrypted.`);
  if (((view.getUint32(at + 38, true) >>> 16) & FILE_TYPE) === SYMBOLIC_LINK) {
    throw new PackageError(`${name} in the zip is a symbolic link; put the file itself in its place.`);
  }
  return {
    name,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    compressedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    headerAt: view.getUint32(at + 42, true),
  };
}

/** Many tools write UTF-8 without saying so; what is not UTF-8 is shown byte by byte. */
function decodeName(bytes: Uint8Array, saysUtf8: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    if (saysUtf8) throw new PackageError("The zip is damaged: a file name in it is not UTF-8.");
    return String.fromCharCode(...bytes);
  }
}

/** The bytes of an entry as they lie in the zip, still compressed. */
export function compressedData(zip: Uint8Array, entry: ZipEntry): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const at = entry.headerAt;
  if (at + LOCAL_BYTES > zip.length || view.getUint32(at, true) !== LOCAL_SIGNATURE) {
    throw new PackageError(`The zip is damaged: the contents of ${entry.name} cannot be found.`);
  }
  const start = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + entry.compressedBytes > zip.length) {
    throw new PackageError(`The zip is damaged: ${entry.name} is cut short.`);
  }
  return zip.subarray(start, start + entry.compressedBytes);
}
