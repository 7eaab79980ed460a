import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ProblemView } from "../../protocol/problem.ts";
import type { CompilerMessage } from "../../rules/compiler-messages.ts";
import { writeLastProblem } from "../drafts.ts";
import { pickText, t } from "../i18n.ts";
import { useWorkbench, type Workbench } from "../workbench.ts";
import { Editor } from "./editor.tsx";
import { usePageTitle } from "./page.tsx";
import { Results } from "./results.tsx";
import { SourceFiles } from "./source-files.tsx";
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
  const [pane, setPane] = useState<Pane>("statement");
  const bench = useWorkbench(problem, () => setPane("result"));
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
    <div class="workspace" data-pane={pane} ref={place}>
      <PaneSwitch pane={pane} choose={setPane} />
      <Split
        left={
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
        right={<Bench bench={bench} />}
      />
    </div>
  );
}

const none: readonly CompilerMessage[] = [];

function Bench({ bench }: { bench: Workbench }) {
  const { language, file, source, document, problem } = bench;
  const [filesShown, showFiles] = useState(false);
  const complaint = (bench.tab === "own" ? bench.ownPlan : bench.samplesPlan).runs.compileError.value;
  // Messages name their file, but only one file's lines are at hand; with several files they stay below.
  const marked = source.files.length === 1 ? (complaint?.messages ?? none) : none;
  const several = source.files.length > 1 || problem.types.includes("submit-answer");
  return (
    <div class="bench">
      <section class="pane pane-code" data-name="code" aria-label={t("problem.code")}>
        <Toolbar
          bench={bench}
          filesShown={filesShown || several}
          toggleFiles={several ? null : () => showFiles((shown) => !shown)}
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
            messages={marked}
            onChange={bench.edit}
            onRun={bench.run}
            onSubmit={bench.handIn}
          />
        )}
        <p class="editor-hint" aria-hidden="true">
          <kbd>Esc</kbd> <kbd>Tab</kbd> {t("help.leaveEditor")}
        </p>
      </section>
      <section class="pane pane-result" data-name="result" tabIndex={-1} aria-label={t("problem.result")}>
        <Results bench={bench} />
      </section>
    </div>
  );
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
