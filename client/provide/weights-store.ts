import { sha256Stream } from "../../rules/sha256.ts";
import { EngineFault } from "./engine-fault.ts";

/**
 * The files of models that this browser keeps for this site, in its private file system (https://fs.spec.whatwg.org/):
 *
 *     weights/SHA256          the bytes, or as many of them from the beginning on as have come
 *     weights/SHA256.checked  empty; where it is, all bytes have come, and have that sum
 *
 * All of this works in pages too but for drafts, which only a dedicated Worker can write.
 */
export interface KeptFile {
  sha256: string;
  bytes: number;
  /** Whether it is whole; else a download goes on where it ends. */
  complete: boolean;
}

/** A file on its way here. Nobody else can write it, or delete it, until it is closed. */
export interface Draft {
  /** How many bytes have come. */
  bytes(): number;
  /** @throws EngineFault where there is no more room */
  append(bytes: Uint8Array): void;
  /** Forgets all that has come. */
  restart(): void;
  /** What has come is all: keeps it if it has the sum of its name, else forgets it. */
  finish(): Promise<File | null>;
  close(): void;
}

const FOLDER = "weights";
const CHECKED = ".checked";
const SHA256 = /^[0-9a-f]{64}$/;

/** Of what is read at once for its sum: between two such pieces others may speak. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle, which the compiler's list has for Workers only. */
interface SyncFile {
  getSize(): number;
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}

declare global {
  interface FileSystemFileHandle {
    /** In dedicated Workers only. */
    createSyncAccessHandle?(): Promise<SyncFile>;
  }
}

/** Whatever of models lies here, whole or not. */
export async function keptFiles(): Promise<KeptFile[]> {
  const folder = await folderOf();
  const sizes = new Map<string, number>();
  const checked = new Set<string>();
  for await (const [name, handle] of folder.entries()) {
    if (name.endsWith(CHECKED)) checked.add(name.slice(0, -CHECKED.length));
    else if (SHA256.test(name) && isFile(handle)) sizes.set(name, (await handle.getFile()).size);
  }
  return [...sizes]
    .filter(([, bytes]) => bytes > 0)
    .map(([sha256, bytes]) => ({ sha256, bytes, complete: checked.has(sha256) }));
}

/** A file that is whole; null where there is none. */
export async function keptFile(sha256: string): Promise<File | null> {
  const folder = await folderOf();
  try {
    await folder.getFileHandle(sha256 + CHECKED);
    return await (await folder.getFileHandle(sha256)).getFile();
  } catch (error) {
    if (isNamed(error, "NotFoundError")) return null;
    throw error;
  }
}

/** @throws EngineFault while it is on its way here */
export async function deleteKept(sha256: string): Promise<void> {
  const folder = await folderOf();
  for (const name of [sha256, sha256 + CHECKED])
    await folder.removeEntry(name).catch((cause: unknown) => {
      if (isNamed(cause, "NotFoundError")) return;
      throw new EngineFault("download", `${name} can't be deleted: ${said(cause)}`, { cause });
    });
}

/**
 * Opens a file to go on with it, or to begin it. What has come of it before is read for its sum.
 *
 * @param onBytes told how much of that has been read
 * @throws EngineFault where nothing can be kept, or somebody else writes the same file
 */
export async function openDraft(
  sha256: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Draft> {
  const folder = await folderOf();
  const handle = await folder.getFileHandle(sha256, { create: true });
  if (handle.createSyncAccessHandle === undefined)
    throw new EngineFault("download", "this browser can't keep large files for a site");
  const file = await handle.createSyncAccessHandle().catch((cause: unknown) => {
    throw new EngineFault("download", `another tab is writing this file (${said(cause)})`, { cause });
  });
  let sum = sha256Stream();
  let size = file.getSize();
  const restart = (): void => {
    file.truncate(0);
    size = 0;
    sum = sha256Stream();
  };
  try {
    await sumUp(file, sum, onBytes, signal);
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    bytes: () => size,
    append(bytes) {
      let written: number;
      try {
        written = file.write(bytes, { at: size });
      } catch (cause) {
        throw new EngineFault("download", `it can't be kept: ${said(cause)}`, { cause });
      }
      if (written !== bytes.length) throw new EngineFault("download", "it can't be kept: there is no room");
      sum.add(bytes);
      size += written;
    },
    restart,
    async finish() {
      if (sum.end() !== sha256) {
        restart();
        return null;
      }
      file.flush();
      file.close();
      await folder.getFileHandle(sha256 + CHECKED, { create: true });
      return handle.getFile();
    },
    close: () => file.close(),
  };
}

async function sumUp(
  file: SyncFile,
  sum: ReturnType<typeof sha256Stream>,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const size = file.getSize();
  const piece = new Uint8Array(Math.min(size, PIECE_BYTES));
  for (let at = 0; at < size;) {
    const read = file.read(piece, { at });
    if (read === 0) throw new EngineFault("download", "what was kept of it can't be read");
    sum.add(piece.subarray(0, read));
    at += read;
    onBytes(at);
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
}

async function folderOf(): Promise<FileSystemDirectoryHandle> {
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle(FOLDER, { create: true });
  } catch (cause) {
    throw new EngineFault("download", `this browser keeps no files for a site: ${said(cause)}`, { cause });
  }
}

const isFile = (handle: FileSystemHandle): handle is FileSystemFileHandle => handle.kind === "file";

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
