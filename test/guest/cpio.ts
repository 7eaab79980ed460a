/** A file of an archive, as the kernel unpacks it into its first root file system. */
export interface ArchiveEntry {
  /** Without a leading slash; the folders above it are made. */
  name: string;
  bytes: Uint8Array | string;
  executable?: boolean;
}

const FOLDER = 0o040755;
const FILE = 0o100644;
const PROGRAM = 0o100755;

/**
 * Packs files into an archive of the "newc" format, as an initramfs is.
 *
 * Format: Documentation/driver-api/early-userspace/buffer-format.rst of the Linux kernel.
 */
export function packArchive(entries: readonly ArchiveEntry[]): Buffer {
  const folders = new Set(entries.flatMap(({ name }) => foldersAbove(name)));
  const parts = [...folders].map((name, index) => member(name, FOLDER, index + 1, Buffer.alloc(0)));
  for (const [index, { name, bytes, executable }] of entries.entries())
    parts.push(member(name, executable ? PROGRAM : FILE, folders.size + index + 1, Buffer.from(bytes)));
  parts.push(member("TRAILER!!!", 0, 0, Buffer.alloc(0)));
  return Buffer.concat(parts);
}

function foldersAbove(name: string): string[] {
  const steps = name.split("/").slice(0, -1);
  return steps.map((_, index) => steps.slice(0, index + 1).join("/"));
}

/** One member: a header of thirteen numbers in hexadecimal, the name, the bytes, each part padded to four bytes. */
function member(name: string, mode: number, inode: number, bytes: Buffer): Buffer {
  const [user, group, links, time, device] = [0, 0, 1, 0, 0];
  const nameLength = Buffer.byteLength(name) + 1;
  const numbers = [
    inode,
    mode,
    user,
    group,
    links,
    time,
    bytes.length,
    device,
    device,
    device,
    device,
    nameLength,
    0,
  ];
  const header = `070701${numbers.map((number) => number.toString(16).padStart(8, "0")).join("")}${name}\0`;
  return Buffer.concat([padded(Buffer.from(header)), padded(bytes)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
