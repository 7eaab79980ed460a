import type { Piece } from "./manifest.ts";
import { keep, lasts, take } from "./shelf.ts";
import { openSlots } from "./slots.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** Over all languages: more at once would only divide the same line. */
const places = openSlots(4);
const ATTEMPTS = 3;
const PAUSE_MS = 1000;
/** A line on which nothing has come for so long is taken for dead: browsers wait for ever. */
const SILENCE_MS = 30_000;

/** Hears how many bytes of a piece have come; falls back when the line broke and the piece is asked for again. */
type Watcher = (received: number) => void;

/** A piece on its way, however many wait for it. */
interface Transfer {
  done: Promise<Blob>;
  received: number;
  watchers: Set<Watcher>;
  stop: AbortController;
}

const transfers = new Map<string, Transfer>();

/** The line broke, or the server could not answer just now: worth another attempt. */
class Interrupted extends Error {}

/**
 * Fetches a piece and keeps it. Who asks for one that is on its way already waits for that; it is given up when nobody waits for it
 * any more.
 * @throws Error that names the piece; what `signal` was aborted with when it fired
 */
export async function fetchPiece(piece: Piece, watch: Watcher, signal?: AbortSignal): Promise<Blob> {
  signal?.throwIfAborted();
  const transfer = transfers.get(piece.path) ?? start(piece);
  const watcher: Watcher = (received) => watch(received);
  transfer.watchers.add(watcher);
  watcher(transfer.received);
  try {
    return await unlessAborted(transfer.done, signal);
  } finally {
    transfer.watchers.delete(watcher);
    if (transfer.watchers.size === 0) {
      leave(piece, transfer);
      transfer.stop.abort();
    }
  }
}

function start(piece: Piece): Transfer {
  const stop = new AbortController();
  const watchers = new Set<Watcher>();
  const tell: Watcher = (received) => {
    transfer.received = received;
    watchers.forEach((watch) => watch(received));
  };
  const done = places.take(async () => {
    stop.signal.throwIfAborted();
    // It may have come while this one waited for its turn: in another tab, or for another language.
    const kept = await take(piece.path);
    if (kept?.size === piece.bytes) {
      tell(piece.bytes);
      return kept;
    }
    const content = await receive(piece, tell, stop.signal);
    await keep(piece.path, content);
    return content;
  });
  const transfer: Transfer = { done, received: 0, watchers, stop };
  transfers.set(piece.path, transfer);
  const settled = (): void => leave(piece, transfer);
  done.then(settled, settled);
  return transfer;
}

function leave(piece: Piece, transfer: Transfer): void {
  if (transfers.get(piece.path) === transfer) transfers.delete(piece.path);
}

async function receive(piece: Piece, tell: Watcher, signal: AbortSignal): Promise<Blob> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await receiveOnce(piece, tell, signal);
    } catch (error) {
      signal.throwIfAborted();
      // Without a network at all, another attempt only makes the reader wait.
      if (!(error instanceof Interrupted) || attempt === ATTEMPTS || !navigator.onLine) throw error;
      tell(0);
    }
    await unlessAborted(new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt)), signal);
  }
}

async function receiveOnce(piece: Piece, tell: Watcher, signal: AbortSignal): Promise<Blob> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = (received: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
    tell(received);
  };
  try {
    const response = await fetch(piece.path, {
      signal: AbortSignal.any([signal, silence.signal]),
      // Kept once, by us, and not a second time by the browser's HTTP cache.
      cache: lasts() ? "no-store" : "default",
    });
    if (response.status >= 500) throw new Interrupted(failed(piece, `HTTP ${response.status}`));
    if (!response.ok || response.body === null) throw new Error(failed(piece, `HTTP ${response.status}`));
    return await content(piece, response.body.getReader(), heard);
  } catch (error) {
    // What `fetch` and its reader throw when the line breaks, and what silence ended.
    const broke = error instanceof TypeError || error instanceof DOMException;
    throw broke ? new Interrupted(failed(piece, "the connection broke"), { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

const failed = ({ path }: Piece, why: string): string => `${path} could not be loaded (${why}).`;

/** An answer that is longer or shorter than promised is an error, not a progress of 104 %. */
async function content(
  piece: Piece,
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  heard: Watcher,
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let seen = 0;
  for (let next = await reader.read(); !next.done && seen <= piece.bytes; next = await reader.read()) {
    chunks.push(next.value);
    seen += next.value.byteLength;
    heard(Math.min(seen, piece.bytes));
  }
  if (seen !== piece.bytes) {
    void reader.cancel();
    throw new Error(`${piece.path} has not the ${piece.bytes} bytes that were promised.`);
  }
  return new Blob(chunks);
}
