import { useEffect, useMemo, useState } from "preact/hooks";
import { CustomRunView } from "../protocol/custom-run.ts";
import type { LanguageId } from "../protocol/language.ts";
import { type ProblemView, Yardstick } from "../protocol/problem.ts";
import type { Source } from "../protocol/source.ts";
import type { JudgingStatus, Submit } from "../protocol/submission.ts";
import { browserLanguages } from "../wasm-runtimes/host.ts";
import { ApiError, asApiError, request } from "./api.ts";
import { createJudgeRuns, type RunService } from "./judge-runs.ts";
import { isMissing, useJudging } from "./judging.ts";
import { readChoice } from "./layout.ts";
import type { SourcePlace } from "./places.ts";
import { createPractice, runObstacle } from "./practice.ts";
import type { Runs } from "./runs.ts";
import { runtimes } from "./runtimes.ts";
import { account, loadSession } from "./session.ts";
import { isEmpty } from "./source-files.ts";
import { writeItem } from "./storage.ts";
import { listenForRuns, submit, useAccountFeed } from "./submissions.ts";
import { type Cases, useCases } from "./use-cases.ts";
import { type Draft, useDraft } from "./use-draft.ts";

const tabs = ["samples", "own", "submissions"] as const;
export type ResultTab = (typeof tabs)[number];

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
export interface Workbench extends Draft {
  problem: ProblemView;
  /** Which judges can judge what; null until it is known. */
  judging: JudgingStatus | null;
  /** Where the editor is to go: a place that a message speaks of. Every jump is another object. */
  target: SourcePlace | null;
  jump: (place: SourcePlace) => void;
  samplesPlan: RunPlan;
  ownPlan: RunPlan;
  /** What is under way, wherever it runs; null when nothing is. */
  busy: Runs | null;
  cases: Cases;
  tab: ResultTab;
  setTab: (tab: ResultTab) => void;
  runSamples: (only?: number) => void;
  /** Runs the case that is shown, or all of them. */
  runCases: (which: "chosen" | "all") => void;
  /** Runs what the chosen tab is about. */
  run: () => void;
  handIn: () => void;
  handingIn: boolean;
  handInError: ApiError | null;
  /** The submission made last on this page. */
  lastSubmission: string | null;
}

const ASK_EVERY_MS = 3000;

const judgeRunService: RunService = {
  start: (body) => request(CustomRunView, "/api/runs", { method: "POST", body }),
  ask: (id, signal) => request(CustomRunView, `/api/runs/${id}`, { signal }),
  listen: listenForRuns,
  askEveryMs: ASK_EVERY_MS,
};

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
      .then((submitted) => setLast("sent" in submitted ? submitted.sent : null))
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
  const browser = useMemo(
    () => createPractice(problem, runtimes, (language, stop) => yardstickOf(problem, language, stop)),
    [problem],
  );
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
  // While the statement is read, what runs the program comes in the background.
  useEffect(
    () => (inBrowser && !answersOnly ? runtimes.warm(language) : undefined),
    [inBrowser, answersOnly, language],
  );
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

/** A solution of the jury's to compare times with; null when there is none, or it cannot be had now. */
async function yardstickOf(
  problem: ProblemView,
  language: LanguageId,
  signal: AbortSignal,
): Promise<Source | null> {
  try {
    return await request(Yardstick, `/api/problems/${problem.slug}/yardstick?language=${language}`, {
      signal,
    });
  } catch (thrown) {
    if (thrown instanceof ApiError) return null;
    throw thrown;
  }
}

/**
 * The workbench of one problem.
 * @param show is called when there is about to be something to see in a part of the page
 */
export function useWorkbench(problem: ProblemView, show: (pane: "code" | "result") => void): Workbench {
  // Verdicts are announced, and runs on the judge heard of, whichever results are shown.
  useAccountFeed();
  const draft = useDraft(problem);
  const { language, source, files, keep } = draft;
  const [tab, setTab] = useState<ResultTab>(() => readChoice("tab", tabs));
  useEffect(() => void writeItem("tab", tab), [tab]);
  const [target, setTarget] = useState<SourcePlace | null>(null);
  const showTab = (next: ResultTab): void => {
    setTab(next);
    show("result");
  };
  const handIn = useHandIn(problem, language, source, () => {
    void keep("submit");
    showTab("submissions");
  });
  const judging = useJudging(handIn.lastSubmission ?? "");
  const plans = usePlans(problem, language, judging);
  const { samplesPlan, ownPlan } = plans;
  const cases = useCases(problem, draft.place, (id) => ownPlan.runs.forgetOwn(id));
  const runSamples = (only?: number): void => {
    showTab("samples");
    if (language === null || samplesPlan.obstacle !== null) return;
    void keep("run");
    void samplesPlan.runs.runSamples(language, source, only);
  };
  const runCases = (which: "chosen" | "all"): void => {
    showTab("own");
    if (language === null || ownPlan.obstacle !== null) return;
    void keep("run");
    void ownPlan.runs.runOwn(language, source, which === "all" ? cases.list : [cases.chosen]);
  };
  const jump = (place: SourcePlace): void => {
    files.select(place.file);
    setTarget({ ...place });
    show("code");
  };
  return {
    problem,
    judging,
    ...draft,
    ...plans,
    target,
    jump,
    cases,
    tab,
    setTab,
    runSamples,
    runCases,
    run: () => (tab === "own" ? runCases("chosen") : runSamples()),
    ...handIn,
  };
}
