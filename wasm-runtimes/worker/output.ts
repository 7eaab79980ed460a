import { say } from "./link.ts";

/** What a program may write to stderr; it is there for people to read. */
const STDERR_BYTES = 65_536;
const BATCH_BYTES = 16_384;
/** So many pieces go out at once, so that little output is never lost to a kill; afterwards they are gathered. */
const PROMPT_PIECES = 1000;
const GATHER_MS = 50;

const encoder = new TextEncoder();
const now = performance.now.bind(performance);

export interface OutputStream {
  write(data: string | Uint8Array): void;
  flush(): void;
}

/**
 * Gathers what a program writes and says it in pieces. One byte more than `limit` goes out at most, by which the page sees that it
 * was exceeded; the rest is dropped until the page ends the worker.
 */
export function openOutput(stream: "stdout" | "stderr", limit = STDERR_BYTES): OutputStream {
  const batch = new Uint8Array(BATCH_BYTES);
  let filled = 0;
  let left = limit + 1;
  let pieces = 0;
  let flushedAt = now();

  function flush(): void {
    if (filled === 0) return;
    say({ type: "output", stream, bytes: batch.slice(0, filled) });
    filled = 0;
    pieces += 1;
    flushedAt = now();
  }

  function write(data: string | Uint8Array): void {
    if (left <= 0) return;
    let bytes = typeof data === "string" ? encoder.encode(data) : data;
    if (bytes.byteLength > left) bytes = bytes.subarray(0, left);
    left -= bytes.byteLength;
    while (bytes.byteLength > 0) {
      const part = bytes.subarray(0, BATCH_BYTES - filled);
      batch.set(part, filled);
      filled += part.byteLength;
      bytes = bytes.subarray(part.byteLength);
      if (filled === BATCH_BYTES) flush();
    }
    if (pieces < PROMPT_PIECES || left <= 0 || now() - flushedAt > GATHER_MS) flush();
  }
  return { write, flush };
}
