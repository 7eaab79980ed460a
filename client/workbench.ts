import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LanguageId } from "../protocol/language.ts";
import type { ProblemView } from "../protocol/problem.ts";
import type { Submit } from "../protocol/submission.ts";
import { browserLanguages, openRuntime } from "../wasm-runtimes/host.ts";
import { ApiError, asApiError } from "./api.ts";
import { readDraft, readLanguage, writeDraft, writeLanguage, type DraftPlace } from "./drafts.ts";
import { createPractice, runObstacle, type Practice } from "./practice.ts";
import { account, loadSession } from "./session.ts";
import { sourceNames, starters } from "./starters.ts";
import { submit } from "./submissions.ts";

export type ResultTab = "samples" | "own" | "submissions";

/** Why samples cannot be run here, or null when they can. */
export type Obstacle = ReturnType<typeof runObstacle> | "no-runtime" | "no-samples";

/** Everything that happens between the editor and the results of one problem. */
export interface Workbench {
  problem: ProblemView;
  language: LanguageId | null;
  switchLanguage: (language: LanguageId) => void;
  source: string;
  /** Changes when another text is edited, not when the text changes. */
  document: string;
  edit: (source: string) => void;
  /** When the draft was last kept; "failed" when the browser refused; null when nothing was typed yet. */
  saved: ReadonlySignal<number | "failed" | null>;
  practice: Practice;
  /** Why the samples cannot be run. */
  obstacle: Obstacle;
  /** Whether the program can at least be run on the reader's own input. */
  runsHere: boolean;
  ownInput: string;
  setOwnInput: (input: string) => void;
  tab: ResultTab;
  setTab: (tab: ResultTab) => void;
  runSamples: (only?: number) => void;
  runOwn: () => void;
  /** Runs what the chosen tab is about. */
  run: () => void;
  handIn: () => void;
  handingIn: boolean;
  handInError: ApiError | null;
  /** The submission made last on this page. */
  lastSubmission: string | null;
}

const SAVE_AFTER_MS = 400;

interface Text {
  document: string;
  source: string;
}

function textFor(place: DraftPlace, language: LanguageId | null): Text {
  const source = language === null ? "" : (readDraft(place, language)?.source ?? starters[language]);
  return { document: `${place.owner ?? ""}/${place.problem}/${language ?? ""}`, source };
}

/** The chosen language and its draft, which is kept a moment after the last keystroke and when the page is left. */
function useDraft(problem: ProblemView) {
  const owner = account.value?.id ?? null;
  const place = useMemo<DraftPlace>(() => ({ owner, problem: problem.slug }), [owner, problem.slug]);
  const [language, setLanguage] = useState(() => readLanguage(place, problem.languages, browserLanguages));
  const [text, setText] = useState<Text>(() => textFor(place, language));
  const saved = useSignal<number | "failed" | null>(
    language === null ? null : (readDraft(place, language)?.savedAt ?? null),
  );
  const unsaved = useRef<(() => void) | null>(null);

  const flush = (): void => {
    unsaved.current?.();
    unsaved.current = null;
  };
  useEffect(() => {
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, []);
  useEffect(() => {
    const timer = setTimeout(flush, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const edit = (source: string): void => {
    setText((before) => ({ ...before, source }));
    unsaved.current = () => {
      if (language === null) return;
      const savedAt = Date.now();
      saved.value = writeDraft(place, language, { source, savedAt }) ? savedAt : "failed";
    };
  };
  const open = (next: LanguageId | null): void => {
    flush();
    setLanguage(next);
    setText(textFor(place, next));
    saved.value = next === null ? null : (readDraft(place, next)?.savedAt ?? null);
  };
  const switchLanguage = (next: LanguageId): void => {
    writeLanguage(place, next);
    open(next);
  };
  // Somebody signed in or out while the page was open.
  const opened = useRef(place);
  useEffect(() => {
    if (opened.current !== place) open(readLanguage(place, problem.languages, browserLanguages));
    opened.current = place;
  }, [place]);

  return { language, switchLanguage, ...text, edit, saved };
}

function useHandIn(problem: ProblemView, language: LanguageId | null, source: string, done: () => void) {
  const [handingIn, setHandingIn] = useState(false);
  const [handInError, setError] = useState<ApiError | null>(null);
  const [lastSubmission, setLast] = useState<string | null>(null);
  const handIn = (): void => {
    if (handingIn || language === null || account.value === null) return;
    done();
    if (source.trim() === "") {
      setError(new ApiError("empty_source", ""));
      return;
    }
    const form: Submit = {
      problem: problem.slug,
      language,
      files: [{ name: sourceNames[language], text: source }],
      entryPoint: null,
    };
    if (problem.contest) form.contest = problem.contest.slug;
    setHandingIn(true);
    setError(null);
    submit(form)
      .then(setLast)
      .catch((thrown: unknown) => {
        const error = asApiError(thrown);
        setError(error);
        // Signed out elsewhere, or for too long: the page must not go on looking signed in.
        if (error.code === "not_signed_in") void loadSession();
      })
      .finally(() => setHandingIn(false));
  };
  return { handIn, handingIn, handInError, lastSubmission };
}

/**
 * The workbench of one problem.
 * @param onResult is called when there is about to be something to see among the results
 */
export function useWorkbench(problem: ProblemView, onResult: () => void): Workbench {
  const draft = useDraft(problem);
  const { language, source } = draft;
  const [tab, setTab] = useState<ResultTab>("samples");
  const [ownInput, setOwnInput] = useState(() => problem.samples[0]?.input ?? "");
  const practice = useMemo(() => createPractice(problem, openRuntime), [problem]);
  useEffect(() => () => practice.close(), [practice]);

  const runsHere = language !== null && browserLanguages.includes(language);
  const obstacle: Obstacle =
    runObstacle(problem) ?? (runsHere ? (problem.samples.length === 0 ? "no-samples" : null) : "no-runtime");
  const show = (next: ResultTab): void => {
    setTab(next);
    onResult();
  };
  const runSamples = (only?: number): void => {
    show("samples");
    if (language !== null && obstacle === null) void practice.runSamples(language, source, only);
  };
  const runOwn = (): void => {
    show("own");
    if (language !== null && runsHere) void practice.runOwn(language, source, ownInput);
  };
  return {
    problem,
    ...draft,
    practice,
    obstacle,
    runsHere,
    ownInput,
    setOwnInput,
    tab,
    setTab,
    runSamples,
    runOwn,
    run: () => (tab === "own" ? runOwn() : runSamples()),
    ...useHandIn(problem, language, source, () => show("submissions")),
  };
}
