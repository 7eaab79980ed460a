import type { TabModelFile } from "../../protocol/tab-model.ts";
import { EngineFault } from "./engine-fault.ts";
import { type Draft, keptFile, openDraft } from "./weights-store.ts";

/**
 * How one file of a model comes here:
 *
 *     kept? --yes--> there
 *       |no
 *       v
 *     what came before is read for its sum --> GET, from there on --all bytes--> sum right? --yes--> kept, there
 *                                               |    ^                             |no
 *                          the line breaks, 5xx |    | a pause                     v
 *                                               +----+                        forgotten: `integrity`
 */
export interface Download {
  file: TabModelFile;
  /** Told how many bytes of the file are here, and have been read for the sum. */
  onBytes(bytes: number): void;
  signal: AbortSignal;
  /** Waits that long, in ms; replaced by tests. */
  pause?(ms: number): Promise<void>;
}

/** How often it is tried again while nothing comes at all. */
const RETRIES = 4;
const FIRST_PAUSE_MS = 1_000;

/** A line on which nothing comes for so long is dead. */
const STALL_MS = 30_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A file with the sum that it must have, from here or from its address.
 *
 * @throws EngineFault `download` or `integrity`; the signal's reason once it is aborted
 */
export async function downloadFile({ file, onBytes, signal, pause = sleep }: Download): Promise<File> {
  signal.throwIfAborted();
  const kept = await keptFile(file.sha256);
  if (kept !== null) {
    onBytes(kept.size);
    return kept;
  }
  const draft = await openDraft(file.sha256, onBytes, signal);
  try {
    if (draft.bytes() > file.bytes) draft.restart();
    for (let failures = 0; draft.bytes() < file.bytes;) {
      const before = draft.bytes();
      try {
        await pull(file, draft, onBytes, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Interrupted)) throw error;
        failures = draft.bytes() > before ? 0 : failures + 1;
        if (failures > RETRIES) throw new EngineFault("download", error.message, { cause: error });
        await pause(FIRST_PAUSE_MS * 2 ** failures);
        signal.throwIfAborted();
      }
    }
    const whole = await draft.finish();
    if (whole !== null) return whole;
    throw new EngineFault("integrity", `${file.path} does not have the SHA-256 ${file.sha256}`);
  } finally {
    draft.close();
  }
}

/** What may go better the next time. */
class Interrupted extends Error {}

/** As much of the file as comes by one request. */
async function pull(
  file: TabModelFile,
  draft: Draft,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const stall = new AbortController();
  let patience = setTimeout(() => stall.abort(), STALL_MS);
  const alive = (): void => {
    clearTimeout(patience);
    patience = setTimeout(() => stall.abort(), STALL_MS);
  };
  try {
    const body = await bodyOf(file, draft, AbortSignal.any([signal, stall.signal]));
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new Interrupted(`the connection to ${file.url} broke`, { cause });
      });
      if (done) break;
      alive();
      if (draft.bytes() + value.length > file.bytes) {
        draft.restart();
        throw new EngineFault("integrity", `${file.path} has more than ${file.bytes} bytes`);
      }
      draft.append(value);
      onBytes(draft.bytes());
    }
    if (draft.bytes() < file.bytes) throw new Interrupted(`${file.url} ended before its end`);
  } finally {
    clearTimeout(patience);
    stall.abort();
  }
}

/** The bytes that are still to come; a server that knows no ranges begins again, and so does the draft. */
async function bodyOf(
  { url, path }: TabModelFile,
  draft: Draft,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const from = draft.bytes();
  const response = await fetch(url, {
    signal,
    // It is kept here, and not once more among what the browser keeps by itself.
    cache: "no-store",
    ...(from === 0 ? {} : { headers: { range: `bytes=${from}-` } }),
  }).catch((cause: unknown) => {
    throw new Interrupted(`${url} can't be reached`, { cause });
  });
  const { status, body } = response;
  if (status === 416 || (status === 200 && from > 0)) draft.restart();
  if (status === 416) throw new Interrupted(`${url} is shorter than what came of it before`);
  if (status === 429 || status >= 500) throw new Interrupted(`${url} answers with HTTP ${status}`);
  if (!response.ok || body === null)
    throw new EngineFault("download", `${path} could not be loaded (HTTP ${status})`);
  return body;
}
