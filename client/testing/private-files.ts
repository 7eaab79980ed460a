/** A browser's private file system (https://fs.spec.whatwg.org/) in memory, as a dedicated Worker sees it. */
export interface PrivateFiles {
  storage: { getDirectory(): Promise<unknown> };
  /** What lies in it, by path. */
  files: Map<string, Uint8Array<ArrayBuffer>>;
  /** How many bytes all files may have together. */
  quota: number;
}

const named = (name: string, message = name): DOMException => new DOMException(message, name);

export function privateFiles(): PrivateFiles {
  const files: PrivateFiles["files"] = new Map();
  const locked = new Set<string>();

  const fileAt = (path: string, name: string) => ({
    kind: "file",
    name,
    getFile: async () => new File([files.get(path) ?? new Uint8Array()], name),
    createSyncAccessHandle: async () => {
      if (locked.has(path)) throw named("NoModificationAllowedError");
      locked.add(path);
      return syncFile(path);
    },
  });
  const syncFile = (path: string) => {
    const bytes = (): Uint8Array<ArrayBuffer> => files.get(path) ?? new Uint8Array();
    return {
      getSize: () => bytes().length,
      read(into: Uint8Array, { at }: { at: number }): number {
        const some = bytes().subarray(at, at + into.length);
        into.set(some);
        return some.length;
      },
      write(some: Uint8Array, { at }: { at: number }): number {
        const used = [...files.values()].reduce((sum, { length }) => sum + length, 0);
        const grown = new Uint8Array(Math.max(bytes().length, at + some.length));
        if (used - bytes().length + grown.length > made.quota) throw named("QuotaExceededError");
        grown.set(bytes());
        grown.set(some, at);
        files.set(path, grown);
        return some.length;
      },
      truncate: (size: number) => void files.set(path, bytes().slice(0, size)),
      flush: () => undefined,
      close: () => void locked.delete(path),
    };
  };
  const folderAt = (prefix: string) => ({
    kind: "directory",
    getDirectoryHandle: async (name: string) => folderAt(`${prefix}${name}/`),
    async getFileHandle(name: string, { create = false } = {}) {
      const path = prefix + name;
      if (!files.has(path) && !create) throw named("NotFoundError");
      if (!files.has(path)) files.set(path, new Uint8Array());
      return fileAt(path, name);
    },
    async removeEntry(name: string): Promise<void> {
      if (locked.has(prefix + name)) throw named("NoModificationAllowedError");
      if (!files.delete(prefix + name)) throw named("NotFoundError");
    },
    async *entries() {
      for (const path of files.keys())
        if (path.startsWith(prefix))
          yield [path.slice(prefix.length), fileAt(path, path.slice(prefix.length))];
    },
  });
  const made: PrivateFiles = {
    storage: { getDirectory: async () => folderAt("") },
    files,
    quota: Infinity,
  };
  return made;
}
