import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { LanguageId } from "../protocol/language.ts";
import type { Readiness } from "../wasm-runtimes/contract.ts";
import { unlessAborted } from "../wasm-runtimes/unless-aborted.ts";
import { downloadRate, secondsLeft } from "./download-rate.ts";

/**
 * What of each language is on this machine, and what is on its way:
 *
 *     missing -> downloading -> ready
 *                  |     ^
 *                  v     |
 *                  partly            cancelled, or the line broke: goes on from there
 *
 * One download serves whoever asks for the language meanwhile.
 */
export type FilesState =
  | { type: "unknown" }
  | { type: "missing"; bytes: number }
  | { type: "partly"; loaded: number; bytes: number }
  /** `perSecond` in bytes, `left` in seconds; null while nobody can say. */
  | { type: "downloading"; loaded: number; bytes: number; perSecond: number | null; left: number | null }
  | { type: "ready"; bytes: number };

export interface LanguageState {
  files: FilesState;
  /** The site is still making what it needs to compile. */
  preparing: boolean;
  /** Why the last download broke off, or why nothing is known; null when neither. */
  failure: string | null;
}

type Hear = (loaded: number, bytes: number) => void;

/** Where files come from. */
export interface Source {
  readiness(language: LanguageId): Promise<Readiness>;
  fetch(language: LanguageId, onProgress: Hear, stop: AbortSignal): Promise<void>;
}

export interface Downloads {
  stateOf(language: LanguageId): ReadonlySignal<LanguageState>;
  /** Looks again at what is on this machine, and what the site has. Its outcome is the language's state. */
  look(language: LanguageId): Promise<void>;
  /**
   * Waits until the language is here. The download is ended when nobody waits for it any more; what has come stays.
   * @throws Error that says what could not be loaded; what `stop`, or the whole download, was aborted with
   */
  bring(language: LanguageId, hear: Hear, stop?: AbortSignal): Promise<void>;
  /** Ends a download for all who wait for it. */
  cancel(language: LanguageId, reason: Error): void;
}

const TELL_EVERY_MS = 500;

interface Transfer {
  done: Promise<void>;
  stop: AbortController;
  waiting: Set<Hear>;
}

interface Entry {
  state: Signal<LanguageState>;
  transfer: Transfer | null;
}

const filesFrom = ({ bytes, cachedBytes }: Readiness): FilesState => {
  if (cachedBytes >= bytes) return { type: "ready", bytes };
  return cachedBytes === 0 ? { type: "missing", bytes } : { type: "partly", loaded: cachedBytes, bytes };
};

const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

export function createDownloads(source: Source): Downloads {
  const entries = new Map<LanguageId, Entry>();

  function entryOf(language: LanguageId): Entry {
    const known = entries.get(language);
    if (known) return known;
    const state = signal<LanguageState>({ files: { type: "unknown" }, preparing: false, failure: null });
    const entry: Entry = { state, transfer: null };
    entries.set(language, entry);
    return entry;
  }

  const put = (entry: Entry, change: Partial<LanguageState>): void => {
    entry.state.value = { ...entry.state.value, ...change };
  };

  async function look(language: LanguageId): Promise<void> {
    const entry = entryOf(language);
    try {
      const found = await source.readiness(language);
      const preparing = !found.prepared;
      put(entry, entry.transfer ? { preparing } : { preparing, files: filesFrom(found), failure: null });
    } catch (error) {
      if (entry.transfer === null) put(entry, { files: { type: "unknown" }, failure: textOf(error) });
    }
  }

  function begin(language: LanguageId, entry: Entry): Transfer {
    const stop = new AbortController();
    const transfer: Transfer = { done: Promise.resolve(), stop, waiting: new Set() };
    entry.transfer = transfer;
    put(entry, { failure: null });
    const progress = followProgress((files) => {
      if (entry.transfer !== transfer) return;
      put(entry, { files });
      transfer.waiting.forEach((hear) => hear(files.loaded, files.bytes));
    });
    const ended = async (failure: string | null): Promise<void> => {
      progress.end();
      if (entry.transfer === transfer) entry.transfer = null;
      await look(language);
      if (entry.transfer === null && failure !== null) put(entry, { failure });
    };
    transfer.done = source.fetch(language, progress.note, stop.signal).then(
      () => ended(null),
      async (error: unknown) => {
        await ended(stop.signal.aborted ? null : textOf(error));
        throw error;
      },
    );
    // Whoever waits hears of it; there may be nobody.
    transfer.done.catch(() => {});
    return transfer;
  }

  /** Who asks for it from now on begins a new one. */
  function end(entry: Entry, transfer: Transfer, reason?: Error): void {
    if (entry.transfer === transfer) entry.transfer = null;
    transfer.stop.abort(reason);
  }

  return {
    stateOf: (language) => entryOf(language).state,
    look,
    async bring(language, hear, stop) {
      stop?.throwIfAborted();
      const entry = entryOf(language);
      const transfer = entry.transfer ?? begin(language, entry);
      const listener: Hear = (loaded, bytes) => hear(loaded, bytes);
      transfer.waiting.add(listener);
      try {
        await unlessAborted(transfer.done, stop);
      } finally {
        transfer.waiting.delete(listener);
        if (transfer.waiting.size === 0) end(entry, transfer);
      }
    },
    cancel(language, reason) {
      const entry = entryOf(language);
      if (entry.transfer) end(entry, entry.transfer, reason);
    },
  };
}

/** Tells of a download twice a second, also when nothing comes: the rate is then seen to fall. */
function followProgress(tell: (files: FilesState & { type: "downloading" }) => void): {
  note: Hear;
  end(): void;
} {
  const rate = downloadRate();
  let last: { loaded: number; bytes: number } | null = null;
  const tellNow = (): void => {
    // What is here already needs no words.
    if (last === null || last.loaded >= last.bytes) return;
    const perSecond = rate.perSecond(Date.now());
    tell({ type: "downloading", ...last, perSecond, left: secondsLeft(last.bytes - last.loaded, perSecond) });
  };
  const timer = setInterval(tellNow, TELL_EVERY_MS);
  return {
    note(loaded, bytes) {
      const first = last === null;
      last = { loaded, bytes };
      rate.note(loaded, Date.now());
      if (first) tellNow();
    },
    end: () => clearInterval(timer),
  };
}
