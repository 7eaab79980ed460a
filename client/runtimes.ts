import type { ReadonlySignal } from "@preact/signals";
import type { LanguageId } from "../protocol/language.ts";
import type { Progress, Runtime } from "../wasm-runtimes/contract.ts";
import { fetchLanguage } from "../wasm-runtimes/download.ts";
import { openRuntime, readiness } from "../wasm-runtimes/host.ts";
import { unlessAborted } from "../wasm-runtimes/unless-aborted.ts";
import { createDownloads, type LanguageState, type Source } from "./downloads.ts";
import { t } from "./i18n.ts";

/** The languages of this page: their downloads, and an interpreter or compiler that was started ahead of its first run. */
export interface Runtimes {
  stateOf(language: LanguageId): ReadonlySignal<LanguageState>;
  /** Looks again at what is on this machine; e.g. when something was deleted. */
  look(language: LanguageId): Promise<void>;
  /**
   * Somebody is going to need the language: downloads it in the background, unless that costs money or was cancelled, and starts it
   * ahead of its first run.
   * @returns to be called when it is not going to be needed any more
   */
  warm(language: LanguageId): () => void;
  /** Downloads it, or goes on with it, because the reader said so. Whether it is here now; if not, its state tells why. */
  download(language: LanguageId): Promise<boolean>;
  /** Ends a download; what has come stays. Runs that waited for it end too. */
  cancel(language: LanguageId): void;
  /**
   * A runtime that belongs to the caller, who closes it: the one that was started ahead, or a new one. A download that is under way
   * is waited for, not begun again.
   * @throws Error that says what could not be loaded or started; what `stop` was aborted with when it fired
   */
  runtimeFor(
    language: LanguageId,
    onProgress: (progress: Progress) => void,
    stop: AbortSignal,
  ): Promise<Runtime>;
  /** Whether a new one would be better: it was opened before the site had made what it needs to compile. */
  isOutdated(language: LanguageId, runtime: Runtime): boolean;
}

/** What stands behind: the real one is `wasm-runtimes` in a browser. */
export interface Engine extends Source {
  open(language: LanguageId, onProgress: (progress: Progress) => void, stop: AbortSignal): Promise<Runtime>;
  /** Whether bytes cost the reader money, or the browser was asked to save them. */
  metered(): boolean;
  /** Whether there is memory for a runtime that may not be needed. */
  roomy(): boolean;
  whenOnline(act: () => void): void;
}

/** From one problem to the next, nothing is broken off and started again. */
const LINGER_MS = 30_000;
const LOOK_AGAIN_MS = 15_000;

/** A language that pages are going to need. */
interface Need {
  holders: number;
  /** Ends what is done for them in the background, a while after the last of them has gone. */
  background: AbortController;
  tended: boolean;
  linger: ReturnType<typeof setTimeout> | undefined;
}

export function createRuntimes(engine: Engine): Runtimes {
  const downloads = createDownloads(engine);
  const needs = new Map<LanguageId, Need>();
  /** What the reader said of a language last; it holds for the page's life. */
  const said = new Map<LanguageId, "download" | "cancel">();
  /** Runtimes that were opened too early to have everything. */
  const early = new WeakSet<Runtime>();
  const isReady = (language: LanguageId): boolean => downloads.stateOf(language).value.files.type === "ready";
  const isPreparing = (language: LanguageId): boolean => downloads.stateOf(language).value.preparing;

  async function open(
    language: LanguageId,
    onProgress: (progress: Progress) => void,
    stop: AbortSignal,
  ): Promise<Runtime> {
    const preparing = isPreparing(language);
    const runtime = await engine.open(language, onProgress, stop);
    if (preparing) early.add(runtime);
    return runtime;
  }
  const spare = spareRuntime(open);

  const mayDownload = (language: LanguageId): boolean =>
    said.has(language) ? said.get(language) === "download" : !engine.metered();

  /** Downloads and starts ahead, and does both again once the site has made what the language needs to compile. */
  async function prepare(language: LanguageId, stop: AbortSignal): Promise<void> {
    for (let started: "early" | "late" | null = null; started !== "late";) {
      await downloads.look(language);
      stop.throwIfAborted();
      if (!isReady(language)) {
        if (!mayDownload(language)) return;
        await downloads.bring(language, () => {}, stop);
      }
      const now = isPreparing(language) ? "early" : "late";
      if (started !== now && engine.roomy()) spare.start(language);
      started = now;
      if (started === "early") await pause(LOOK_AGAIN_MS, stop);
    }
  }

  function tend(language: LanguageId): void {
    const need = needs.get(language);
    if (need === undefined || need.tended) return;
    need.tended = true;
    const settled = (): void => void (need.tended = false);
    // What went wrong is told by the language's state.
    prepare(language, need.background.signal).then(settled, settled);
  }

  function rest(language: LanguageId): void {
    needs.get(language)?.background.abort();
    needs.delete(language);
    spare.close(language);
  }

  let listening = false;
  function resumeWhenOnline(): void {
    if (!listening) {
      engine.whenOnline(() => [...needs.keys()].filter((language) => !isReady(language)).forEach(tend));
    }
    listening = true;
  }

  return {
    stateOf: downloads.stateOf,
    look: downloads.look,
    warm(language) {
      resumeWhenOnline();
      const need = needs.get(language) ?? {
        holders: 0,
        background: new AbortController(),
        tended: false,
        linger: undefined,
      };
      needs.set(language, need);
      clearTimeout(need.linger);
      need.holders += 1;
      tend(language);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        need.holders -= 1;
        if (need.holders === 0) need.linger = setTimeout(() => rest(language), LINGER_MS);
      };
    },
    async download(language) {
      said.set(language, "download");
      const here = await downloads
        .bring(language, () => {})
        .then(
          () => true,
          () => false,
        );
      tend(language);
      return here;
    },
    cancel(language) {
      said.set(language, "cancel");
      downloads.cancel(language, new DOMException(t("runtime.cancelled"), "AbortError"));
    },
    async runtimeFor(language, onProgress, stop) {
      // Whoever runs a program wants the language after all.
      if (said.get(language) === "cancel") said.delete(language);
      const ahead = await spare.take(language, onProgress, stop);
      if (ahead !== null) return ahead;
      if (!isReady(language)) {
        const hear = (loaded: number, total: number): void =>
          onProgress({ phase: "downloading", loaded, total });
        await downloads.bring(language, hear, stop);
      }
      return open(language, onProgress, stop);
    },
    isOutdated: (language, runtime) => early.has(runtime) && !isPreparing(language) && isReady(language),
  };
}

/** One on the whole page, since they take memory: the one of the language that was needed last. */
function spareRuntime(open: Engine["open"]) {
  let spare: { language: LanguageId; runtime: Promise<Runtime>; stop: AbortController } | null = null;

  function drop({ runtime, stop }: NonNullable<typeof spare>): void {
    stop.abort();
    runtime.then(
      (opened) => opened.close(),
      () => {},
    );
  }
  return {
    start(language: LanguageId): void {
      if (spare) drop(spare);
      const stop = new AbortController();
      spare = { language, stop, runtime: open(language, () => {}, stop.signal) };
      // The run that wants it will say what is wrong.
      spare.runtime.catch(() => {});
    },
    close(language: LanguageId): void {
      if (spare?.language !== language) return;
      drop(spare);
      spare = null;
    },
    /** Null when there is none, or it did not start. */
    async take(
      language: LanguageId,
      onProgress: (progress: Progress) => void,
      stop: AbortSignal,
    ): Promise<Runtime | null> {
      const taken = spare;
      if (taken?.language !== language) return null;
      spare = null;
      onProgress({ phase: "starting", loaded: 0, total: 0 });
      try {
        return await unlessAborted(taken.runtime, stop);
      } catch {
        drop(taken);
        stop.throwIfAborted();
        return null;
      }
    },
  };
}

const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  unlessAborted(new Promise((resolve) => setTimeout(resolve, ms)), stop);

declare global {
  /** Not in every browser. */
  interface Navigator {
    readonly connection?: { readonly saveData?: boolean; readonly type?: string };
    /** GiB, roughly. */
    readonly deviceMemory?: number;
  }
}

/** The page's own. */
export const runtimes: Runtimes = createRuntimes({
  readiness,
  fetch: fetchLanguage,
  open: openRuntime,
  metered: () => navigator.connection?.saveData === true || navigator.connection?.type === "cellular",
  roomy: () => (navigator.deviceMemory ?? 4) > 2,
  whenOnline: (act) => addEventListener("online", act),
});
