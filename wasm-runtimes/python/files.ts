/**
 * Python's files lie in arrays of JavaScript, outside of its memory, where nothing else bounds them. What does not fit is refused as
 * on a disk that is full.
 */

const NO_SPACE = 51;

interface FileNode {
  contents: { length: number };
}

type Write = (
  stream: { node: FileNode },
  buffer: unknown,
  offset: number,
  length: number,
  at: number,
) => number;

/** The part of Emscripten's MEMFS (libmemfs.js) through which files grow. */
interface MemoryFiles {
  ops_table: { file: { stream: { write: Write } } };
  resizeFileStorage(node: FileNode, size: number): void;
}

interface FileSystem {
  filesystems: { MEMFS: MemoryFiles };
  ErrnoError: new (code: number) => unknown;
}

/**
 * Lets files grow by so many bytes from now on, all together. What a file gives back is not counted.
 * @throws Error when this is not the file system that it knows
 */
export function limitFiles(fileSystem: unknown, bytes: number): void {
  if (!isFileSystem(fileSystem)) throw new Error("This Pyodide keeps its files elsewhere.");
  const { ErrnoError, filesystems } = fileSystem;
  const { MEMFS } = filesystems;
  const { stream } = MEMFS.ops_table.file;
  const { write } = stream;
  const resize = MEMFS.resizeFileStorage.bind(MEMFS);
  let left = bytes;

  function growing<Result>(node: FileNode, size: number, act: () => Result): Result {
    const before = node.contents.length;
    if (size - before > left) throw new ErrnoError(NO_SPACE);
    const result = act();
    left -= Math.max(0, node.contents.length - before);
    return result;
  }
  stream.write = (to, buffer, offset, length, at) =>
    growing(to.node, at + length, () => write(to, buffer, offset, length, at));
  MEMFS.resizeFileStorage = (node, size) => growing(node, size, () => resize(node, size));
}

function isFileSystem(given: unknown): given is FileSystem {
  const files = property(property(given, "filesystems"), "MEMFS");
  const write = property(property(property(property(files, "ops_table"), "file"), "stream"), "write");
  return (
    typeof write === "function" &&
    typeof property(files, "resizeFileStorage") === "function" &&
    typeof property(given, "ErrnoError") === "function"
  );
}

const property = (holder: unknown, name: string): unknown =>
  (typeof holder === "object" && holder !== null) || typeof holder === "function"
    ? Reflect.get(holder, name)
    : undefined;
