import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { promisify } from "node:util";

/**
 * Pipes with names, since those that Node makes for a child are sockets, which a program cannot open again as
 * /dev/stdout or /dev/stdin.
 */
export async function makePipes(paths: readonly string[]): Promise<void> {
  await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
}

/** Our end of a pipe, the other end of which a program is about to open by the pipe's name. */
export interface PipeEnd {
  stream: Socket;
  /**
   * To be called when the program has opened its end. Until then we hold both ends once more: else our end would see
   * the other's as closed, and the program would wait for ours if that was closed already.
   */
  opened(): void;
}

/** Reads what a program writes. */
export function readPipe(path: string): PipeEnd {
  const { reader, writer } = openBoth(path);
  const stream = new Socket({ fd: openReader(path), readable: true, writable: false });
  return { stream, opened: closeOnce(reader, writer) };
}

/** Writes what a program reads. */
export function writePipe(path: string): PipeEnd {
  const { reader, writer } = openBoth(path);
  const stream = new Socket({ fd: openWriter(path), readable: false, writable: true });
  return { stream, opened: closeOnce(reader, writer) };
}

/** Not blocking, as nobody else has the pipe open yet. The flag is that of our end alone. */
const openReader = (path: string): number => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);

/** @throws ENXIO while there is no reader */
const openWriter = (path: string): number => openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);

function openBoth(path: string): { reader: number; writer: number } {
  return { reader: openReader(path), writer: openWriter(path) };
}

function closeOnce(...fds: number[]): () => void {
  let open = true;
  return () => {
    if (open) for (const fd of fds) closeSync(fd);
    open = false;
  };
}

/** What a stream has given so far, up to a limit; the rest is dropped. */
export interface Kept {
  bytes(): Uint8Array;
  /** Whether there was more. */
  cut(): boolean;
  /** Resolves at the stream's end, with its time by performance.now(). */
  ended: Promise<number>;
}

/** @param onCut - told once, when there is more than `limit` bytes */
export function keep(stream: Socket, limit: number, onCut: () => void = () => {}): Kept {
  const parts: Buffer[] = [];
  let length = 0;
  let cut = false;
  stream.on("data", (part: Buffer) => {
    const room = limit - length;
    if (room > 0) parts.push(part.length > room ? part.subarray(0, room) : part);
    length += Math.min(part.length, room);
    if (part.length <= room || cut) return;
    cut = true;
    onCut();
  });
  return { bytes: () => Buffer.concat(parts), cut: () => cut, ended: endOf(stream) };
}

/**
 * Passes on what one program writes to the other that reads it. We stand between the two, and not a plain pipe, so that
 * a program learns of the other's end only after us (see `sandbox/pipes.h`). What is written to a program that no
 * longer reads is dropped: its writer's fate must not be a matter of luck.
 *
 * @param onPart - told of each part
 * @param limit - bytes in all after which `onExceeded` is told
 */
export function relay(
  from: Socket,
  to: Socket,
  onPart: (part: Buffer) => void,
  limit: number,
  onExceeded: () => void,
): Kept {
  let passed = 0;
  from.on("data", (part: Buffer) => {
    passed += part.length;
    onPart(part);
    if (passed > limit) onExceeded();
  });
  from.pipe(to);
  const drop = (): void => {
    from.unpipe(to);
    from.resume();
  };
  to.on("error", drop);
  to.on("close", drop);
  return { bytes: () => new Uint8Array(), cut: () => passed > limit, ended: endOf(from) };
}

function endOf(stream: Socket): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => resolve(performance.now());
    stream.once("end", end);
    stream.once("close", end);
    // A broken pipe is an end like any other.
    stream.on("error", () => undefined);
  });
}
