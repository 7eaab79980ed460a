import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { CustomRunView } from "../protocol/custom-run.ts";
import type { LanguageId } from "../protocol/language.ts";
import type { ProblemView } from "../protocol/problem.ts";
import type { Source, SourceFile } from "../protocol/source.ts";
import type { JudgingStatus, Submit } from "../protocol/submission.ts";
import { browserLanguages, openRuntime } from "../wasm-runtimes/host.ts";
import { ApiError, asApiError, request } from "./api.ts";
import { readDraft, readLanguage, writeDraft, writeLanguage, type DraftPlace } from "./drafts.ts";
import { createJudgeRuns, type RunService } from "./judge-runs.ts";
import { isMissing, useJudging } from "./judging.ts";
import { createPractice, runObstacle } from "./practice.ts";
import type { Runs } from "./runs.ts";
import { account, loadSession } from "./session.ts";
import { firstSource, isEmpty, renamed, withFile, withoutFile } from "./source-files.ts";
import { listenForRuns, submit, useAccountFeed } from "./submissions.ts";

export type ResultTab = "samples" | "own" | "submissions";

/** Where a program is run before it is submitted. */
export type Place = "browser" | "judge";

/** Why a program cannot be run, or null when it can. */
export type Obstacle = "submit-answer" | "no-samples" | "sign-in" | "no-judge" | null;

/** A way to run the program: where, what came of it, and why not, if it cannot be run there. */
export interface RunPlan {
  place: Place;
  runs: Runs;
  obstacle: Obstacle;
}

/** Everything that happens between the editor and the results of one problem. */
export interface Workbench {
  problem: ProblemView;
  language: LanguageId | null;
  switchLanguage: (language: LanguageId) => void;
  /** Which judges can judge what; null until it is known. */
  judging: JudgingStatus | null;
  source: Source;
  files: FileActions;
  /** The file in the editor. */
  file: SourceFile;
  /** Changes when another text is edited, not when the text changes. */
  document: string;
  edit: (text: string) => void;
  /** When the draft was last kept; "failed" when the browser refused; null when nothing was typed yet. */
  saved: ReadonlySignal<number | "failed" | null>;
  samplesPlan: RunPlan;
  ownPlan: RunPlan;
  /** What is under way, wherever it runs; null when nothing is. */
  busy: Runs | null;
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

/** What can be done to the list of files. */
export interface FileActions {
  select: (name: string) => void;
  /** Adds or replaces files, and shows the last of them. */
  put: (files: readonly SourceFile[]) => void;
  rename: (before: string, after: string) => void;
  remove: (name: string) => void;
  startAt: (entryPoint: string | null) => void;
}

const SAVE_AFTER_MS = 400;
const ASK_EVERY_MS = 3000;

const judgeRunService: RunService = {
  start: (body) => request(CustomRunView, "/api/runs", { method: "POST", body }),
  ask: (id, signal) => request(CustomRunView, `/api/runs/${id}`, { signal }),
  listen: listenForRuns,
  askEveryMs: ASK_EVERY_MS,
};

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
function useDraft(problem: ProblemView) {
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
  }, [desk]);

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
  return { language, switchLanguage, source: desk.source, file, document, edit, files, saved };
}

function useHandIn(problem: ProblemView, language: LanguageId | null, source: Source, done: () => void) {
  const [handingIn, setHandingIn] = useState(false);
  const [handInError, setError] = useState<ApiError | null>(null);
  const [lastSubmission, setLast] = useState<string | null>(null);
  const handIn = (): void => {
    if (handingIn || language === null || account.value === null) return;
    done();
    if (isEmpty(source)) {
      setError(new ApiError("empty_source", ""));
      return;
    }
    const form: Submit = { problem: problem.slug, language, ...source };
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

/** Where the samples and the reader's own input are run: in this browser where it can, else on a judge. */
function usePlans(problem: ProblemView, language: LanguageId | null, judging: JudgingStatus | null) {
  const browser = useMemo(() => createPractice(problem, openRuntime), [problem]);
  const judge = useMemo(() => createJudgeRuns(problem, judgeRunService), [problem]);
  useEffect(
    () => () => {
      browser.close();
      judge.close();
    },
    [browser, judge],
  );
  const answersOnly = problem.types.includes("submit-answer");
  const inBrowser = language !== null && browserLanguages.includes(language);
  const planFor = (place: Place, missing: Obstacle): RunPlan => {
    const onJudge: Obstacle =
      account.value === null
        ? "sign-in"
        : language !== null && isMissing(judging, language)
          ? "no-judge"
          : null;
    return {
      place,
      runs: place === "browser" ? browser : judge,
      obstacle: answersOnly ? "submit-answer" : (missing ?? (place === "judge" ? onJudge : null)),
    };
  };
  return {
    samplesPlan: planFor(
      inBrowser && runObstacle(problem) === null ? "browser" : "judge",
      problem.samples.length === 0 ? "no-samples" : null,
    ),
    ownPlan: planFor(inBrowser ? "browser" : "judge", null),
    busy: [browser, judge].find((runs) => runs.phase.value.type !== "idle") ?? null,
  };
}

/**
 * The workbench of one problem.
 * @param onResult is called when there is about to be something to see among the results
 */
export function useWorkbench(problem: ProblemView, onResult: () => void): Workbench {
  // Verdicts are announced, and runs on the judge heard of, whichever results are shown.
  useAccountFeed();
  const draft = useDraft(problem);
  const { language, source } = draft;
  const [tab, setTab] = useState<ResultTab>("samples");
  const [ownInput, setOwnInput] = useState(() => problem.samples[0]?.input ?? "");
  const show = (next: ResultTab): void => {
    setTab(next);
    onResult();
  };
  const handIn = useHandIn(problem, language, source, () => show("submissions"));
  const judging = useJudging(handIn.lastSubmission ?? "");
  const plans = usePlans(problem, language, judging);
  const { samplesPlan, ownPlan } = plans;
  const runSamples = (only?: number): void => {
    show("samples");
    if (language !== null && samplesPlan.obstacle === null)
      void samplesPlan.runs.runSamples(language, source, only);
  };
  const runOwn = (): void => {
    show("own");
    if (language !== null && ownPlan.obstacle === null) void ownPlan.runs.runOwn(language, source, ownInput);
  };
  return {
    problem,
    judging,
    ...draft,
    ...plans,
    ownInput,
    setOwnInput,
    tab,
    setTab,
    runSamples,
    runOwn,
    run: () => (tab === "own" ? runOwn() : runSamples()),
    ...handIn,
  };
}
