import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LanguageId } from "../protocol/language.ts";
import type { ProblemView } from "../protocol/problem.ts";
import type { Source, SourceFile } from "../protocol/source.ts";
import { browserLanguages } from "../wasm-runtimes/host.ts";
import { readDraft, readLanguage, writeDraft, writeLanguage, type DraftPlace } from "./drafts.ts";
import type { Version } from "./history.ts";
import { account } from "./session.ts";
import { firstSource, isEmpty, renamed, sameSource, withFile, withoutFile } from "./source-files.ts";
import { useKeeping } from "./use-keeping.ts";

/** What can be done to the list of files. */
export interface FileActions {
  select: (name: string) => void;
  /** Adds or replaces files, and shows the last of them. */
  put: (files: readonly SourceFile[]) => void;
  rename: (before: string, after: string) => void;
  remove: (name: string) => void;
  startAt: (entryPoint: string | null) => void;
}

/** The chosen language and what is written in it. */
export interface Draft {
  /** Where it is kept. */
  place: DraftPlace;
  language: LanguageId | null;
  switchLanguage: (language: LanguageId) => void;
  source: Source;
  files: FileActions;
  /** The file in the editor. */
  file: SourceFile;
  /** Changes when another text is edited, not when the text changes. */
  document: string;
  edit: (text: string) => void;
  /** When the draft was last kept; "failed" when the browser refused; null when nothing was typed yet. */
  saved: ReadonlySignal<number | "failed" | null>;
  /** Keeps what is in the editor among its earlier versions. */
  keep: (why: Version["why"]) => Promise<void>;
  /** Whether the browser refused to keep the last version. */
  historyFull: ReadonlySignal<boolean>;
  /** Puts an earlier version into the editor; what is there becomes one. */
  restore: (version: Source) => void;
}

const KEEP_EVERY_MS = 3 * 60_000;

/** The source at hand, and which of its files is in the editor. */
interface Desk {
  /** Counts whole sources that were opened, so that the editor notices. */
  opened: number;
  source: Source;
  selected: string;
}

const noSource: Source = { files: [{ name: "", text: "" }], entryPoint: null };

function sourceFor(problem: ProblemView, place: DraftPlace, language: LanguageId | null): Source {
  if (language === null) return noSource;
  return readDraft(place, language) ?? firstSource(problem, language);
}

const deskFor = (source: Source, opened: number): Desk => ({
  opened,
  source: { files: source.files, entryPoint: source.entryPoint },
  selected: source.files[0]?.name ?? "",
});

/** The chosen language and its draft, which is kept a moment after the last change and when the page is left. */
export function useDraft(problem: ProblemView): Draft {
  const owner = account.value?.id ?? null;
  const place = useMemo<DraftPlace>(() => ({ owner, problem: problem.slug }), [owner, problem.slug]);
  const [language, setLanguage] = useState(() => readLanguage(place, problem.languages, browserLanguages));
  const [desk, setDesk] = useState<Desk>(() => deskFor(sourceFor(problem, place, language), 0));
  const saved = useSignal<number | "failed" | null>(
    language === null ? null : (readDraft(place, language)?.savedAt ?? null),
  );
  const unsaved = useRef<(() => void) | null>(null);

  const flush = (): void => {
    unsaved.current?.();
    unsaved.current = null;
  };
  useKeeping(flush, desk);

  // Changes may follow each other before the page is drawn again, so they build on the newest desk.
  const newest = useRef(desk);
  newest.current = desk;
  const change = (next: Desk): void => {
    newest.current = next;
    setDesk(next);
    unsaved.current = () => {
      if (language === null) return;
      const savedAt = Date.now();
      saved.value = writeDraft(place, language, { ...next.source, savedAt }) ? savedAt : "failed";
    };
  };
  const open = (next: LanguageId | null): void => {
    flush();
    setLanguage(next);
    setDesk(deskFor(sourceFor(problem, place, next), newest.current.opened + 1));
    saved.value = next === null ? null : (readDraft(place, next)?.savedAt ?? null);
  };

  const historyFull = useSignal(false);
  const lastKept = useRef<Source | null>(null);
  const keep = async (why: Version["why"]): Promise<void> => {
    const { source } = newest.current;
    if (language === null || isEmpty(source) || sameSource(source, firstSource(problem, language))) return;
    if (why === "time" && lastKept.current === source) return;
    lastKept.current = source;
    const version = { ...source, at: Date.now(), why };
    try {
      const { keepVersion } = await import("./history.ts");
      historyFull.value = !(await keepVersion(place, language, version));
    } catch {
      historyFull.value = true;
    }
  };
  const newestKeep = useRef(keep);
  newestKeep.current = keep;
  useEffect(() => {
    const timer = setInterval(() => void newestKeep.current("time"), KEEP_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const restore = ({ files, entryPoint }: Source): void => {
    void keep("restored");
    change(deskFor({ files, entryPoint }, newest.current.opened + 1));
  };

  const switchLanguage = (next: LanguageId): void => {
    void keep("language");
    writeLanguage(place, next);
    open(next);
  };
  // Somebody signed in or out while the page was open.
  const opened = useRef(place);
  useEffect(() => {
    if (opened.current !== place) open(readLanguage(place, problem.languages, browserLanguages));
    opened.current = place;
  }, [place]);

  const file = desk.source.files.find(({ name }) => name === desk.selected) ??
    desk.source.files[0] ?? { name: "", text: "" };
  const edit = (text: string): void => {
    const { source, selected, opened: count } = newest.current;
    change({ opened: count, selected, source: withFile(source, { name: selected, text }) });
  };
  const files: FileActions = {
    select: (selected) => setDesk({ ...newest.current, selected }),
    put: (added) => {
      const { source, selected, opened: count } = newest.current;
      const next = added.reduce(withFile, source);
      // Beyond the most that a submission may have, files are not taken.
      const shown = next.files.find(({ name }) => name === added.at(-1)?.name)?.name ?? selected;
      change({ opened: count + 1, selected: shown, source: next });
    },
    rename: (before, after) => {
      if (language === null) return;
      const { source, opened: count } = newest.current;
      change({ opened: count, selected: after, source: renamed(source, before, after, language) });
    },
    remove: (name) => {
      const { source, opened: count } = newest.current;
      const left = withoutFile(source, name);
      change({ opened: count, selected: left.files[0]?.name ?? "", source: left });
    },
    startAt: (entryPoint) => change({ ...newest.current, source: { ...newest.current.source, entryPoint } }),
  };
  const document = `${owner ?? ""}/${problem.slug}/${language ?? ""}/${desk.opened}/${file.name}`;
  return {
    place,
    language,
    switchLanguage,
    source: desk.source,
    file,
    document,
    edit,
    files,
    saved,
    keep,
    historyFull,
    restore,
  };
}
