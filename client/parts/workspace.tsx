import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ProblemView } from "../../protocol/problem.ts";
import type { CompilerMessage } from "../../rules/compiler-messages.ts";
import { writeLastProblem } from "../drafts.ts";
import { pickText, t } from "../i18n.ts";
import { codeSize } from "../layout.ts";
import { readItem, writeItem } from "../storage.ts";
import { useWorkbench, type Workbench } from "../workbench.ts";
import { typeCheckedLanguages } from "../../wasm-runtimes/host.ts";
import { fetchAhead, History, SourceFiles, TypeCheck } from "./bench-parts.ts";
import { Editor } from "./editor.tsx";
import { usePageTitle } from "./page.tsx";
import { Results } from "./results.tsx";
import { Split } from "./split.tsx";
import { Statement } from "./statement.tsx";
import { Toolbar } from "./toolbar.tsx";

interface Props {
  problem: ProblemView;
  /** Where this page is, for "continue" on the home page. */
  path: string;
  /** Where the problem belongs. */
  above: ComponentChildren;
}

const panes = ["statement", "code", "result"] as const;
type Pane = (typeof panes)[number];

/**
 * The problem page: statement on the left, editor and results on the right; on narrow screens one of the three at a time.
 */
export function Workspace({ problem, path, above }: Props) {
  const [pane, setPane] = useState<Pane>(() => rememberedPane(problem.slug));
  useEffect(() => void writeItem("pane", `${problem.slug} ${pane}`), [problem.slug, pane]);
  const bench = useWorkbench(problem, setPane);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => writeLastProblem({ path, name: problem.name }), [path, problem.name]);
  useKeys(bench, (chosen) => {
    setPane(chosen);
    focusPane(place.current, chosen);
  });
  const label = problem.contest ? `${problem.contest.label} · ` : "";
  const title = `${label}${pickText(problem.name)}`;
  const heading = usePageTitle(title);
  return (
    <div
      class="workspace"
      data-pane={pane}
      ref={place}
      style={{ "--code-size": String(codeSize.value / 100) }}
    >
      <PaneSwitch pane={pane} choose={setPane} />
      <Split
        direction="columns"
        name="split"
        label={t("problem.splitHandle")}
        usual={46}
        first={
          <article
            class="pane pane-statement"
            data-name="statement"
            tabIndex={-1}
            aria-label={t("problem.statement")}
          >
            <div class="paper">
              <p class="above">{above}</p>
              <h1 ref={heading} tabIndex={-1}>
                {title}
              </h1>
              <Statement
                problem={problem}
                runSample={bench.samplesPlan.obstacle === null ? bench.runSamples : null}
              />
            </div>
          </article>
        }
        second={<Bench bench={bench} />}
      />
    </div>
  );
}

/** Where the reader was when this problem was left; another one begins with its statement. */
function rememberedPane(slug: string): Pane {
  const [where, kept] = readItem("pane")?.split(" ") ?? [];
  return panes.find((pane) => where === slug && pane === kept) ?? "statement";
}

/** The statement and the editor come first. */
const FETCH_AHEAD_AFTER_MS = 1500;

function Bench({ bench }: { bench: Workbench }) {
  const { language, file, source, document, problem, target } = bench;
  const [filesShown, showFiles] = useState(false);
  const [historyShown, showHistory] = useState(false);
  const [typeFaults, setTypeFaults] = useState<readonly CompilerMessage[]>([]);
  const marks = useMarks(bench, typeFaults);
  useEffect(() => {
    const timer = setTimeout(() => void fetchAhead(), FETCH_AHEAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const several = source.files.length > 1 || problem.types.includes("submit-answer");
  return (
    <>
      <Split
        direction="rows"
        name="split-rows"
        label={t("problem.rowsHandle")}
        usual={60}
        first={
          <section class="pane pane-code" data-name="code" aria-label={t("problem.code")}>
            <Toolbar
              bench={bench}
              filesShown={filesShown || several}
              toggleFiles={several ? null : () => showFiles((shown) => !shown)}
              showHistory={() => showHistory(true)}
            />
            {language !== null && (filesShown || several) ? <SourceFiles bench={bench} /> : null}
            {language === null ? (
              <p class="empty">{t("problem.noLanguage")}</p>
            ) : (
              <Editor
                document={document}
                source={file.text}
                language={language}
                label={t("problem.editor")}
                messages={marks}
                target={target?.file === file.name ? target : null}
                onChange={bench.edit}
                onRun={bench.run}
                onSubmit={bench.handIn}
              />
            )}
            {language !== null && typeCheckedLanguages.includes(language) ? (
              <TypeCheck bench={bench} language={language} mark={setTypeFaults} />
            ) : null}
            <p class="editor-hint" aria-hidden="true">
              <kbd>Esc</kbd> <kbd>Tab</kbd> {t("help.leaveEditor")}
            </p>
          </section>
        }
        second={
          <section class="pane pane-result" data-name="result" tabIndex={-1} aria-label={t("problem.result")}>
            <Results bench={bench} />
          </section>
        }
      />
      {historyShown ? <History bench={bench} close={() => showHistory(false)} /> : null}
    </>
  );
}

/** What the compiler, or else the first program that failed, says of the file in the editor, and what does not fit in its types. */
function useMarks(
  { tab, ownPlan, samplesPlan, file, source }: Workbench,
  typeFaults: readonly CompilerMessage[],
): readonly CompilerMessage[] {
  const { runs } = tab === "own" ? ownPlan : samplesPlan;
  const error = runs.compileError.value;
  const tests = tab === "own" ? runs.own.value : runs.samples.value;
  const only = source.files.length === 1;
  return useMemo(() => {
    const failed = [...tests.values()].find((run) => run.state === "done" && run.outcome.verdict === "RTE");
    const messages = error?.messages ?? (failed?.state === "done" ? failed.outcome.places : []);
    return [...messages, ...typeFaults].filter((message) => only || message.file === file.name);
  }, [error, tests, typeFaults, file.name, only]);
}

function PaneSwitch({ pane, choose }: { pane: Pane; choose: (pane: Pane) => void }) {
  return (
    <nav class="pane-switch" aria-label={t("problem.panes")}>
      {panes.map((name) => (
        <button key={name} type="button" aria-pressed={pane === name} onClick={() => choose(name)}>
          {t(`problem.${name}`)}
        </button>
      ))}
    </nav>
  );
}

function focusPane(place: HTMLElement | null, pane: Pane): void {
  // After the pane has been shown: what is hidden cannot take the focus.
  requestAnimationFrame(() => {
    const shown = place?.querySelector<HTMLElement>(`[data-name=${pane}]`);
    const editor = pane === "code" ? shown?.querySelector<HTMLElement>("[contenteditable], textarea") : null;
    (editor ?? shown)?.focus();
  });
}

/** Run, Submit and the panes by keyboard, from anywhere on the page. */
function useKeys(bench: Workbench, choose: (pane: Pane) => void): void {
  const newest = useRef({ bench, choose });
  newest.current = { bench, choose };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const mod = event.ctrlKey || event.metaKey;
      const pane =
        event.altKey && !mod ? panes[["Digit1", "Digit2", "Digit3"].indexOf(event.code)] : undefined;
      if (pane) newest.current.choose(pane);
      else if (mod && event.key === "'") newest.current.bench.run();
      else if (mod && event.key === "Enter") newest.current.bench.handIn();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
