import { useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { milliseconds, seconds } from "../format.ts";
import { browserLimits, samplesPassed, type RunOutcome, type SampleRun } from "../practice.ts";
import type { Workbench } from "../workbench.ts";
import { Difference } from "./difference.tsx";
import { Icon } from "./icons.tsx";
import { Notice } from "./notice.tsx";
import { Verdict } from "./verdict.tsx";

/** What came of running the samples: a strip with one entry each, and the chosen one in full. */
export function SampleResults({ bench }: { bench: Workbench }) {
  const { practice, problem, obstacle } = bench;
  const [chosen, setChosen] = useState<number | null>(null);
  const runs = practice.samples.value;
  if (obstacle !== null) return <p class="empty">{t(`obstacle.${obstacle}`)}</p>;
  const failing = runs.findIndex((run) => run.state === "done" && run.outcome.verdict !== "AC");
  const shown = chosen ?? (failing >= 0 ? failing : runs.findIndex((run) => run.state === "done"));
  const run = runs[shown];
  const sample = problem.samples[shown];
  return (
    <>
      <Trouble bench={bench} />
      {runs.length === 0 && practice.compileMessage.value === null && practice.failure.value === null ? (
        <p class="empty">
          {practice.phase.value.type === "idle" ? t("results.runHint") : t("results.preparing")}
        </p>
      ) : null}
      {runs.length > 0 && practice.compileMessage.value === null ? (
        <>
          <Summary runs={runs} judged={problem.checker === "default"} />
          <ol class="strip">
            {runs.map((one, index) => (
              <li key={problem.samples[index]?.name ?? index}>
                <button type="button" aria-pressed={index === shown} onClick={() => setChosen(index)}>
                  {index + 1} <RunMark run={one} />
                </button>
              </li>
            ))}
          </ol>
        </>
      ) : null}
      {run?.state === "done" && sample ? (
        <Outcome bench={bench} outcome={run.outcome} answer={sample.answer} input={sample.input} />
      ) : null}
    </>
  );
}

/** The program run on input of the reader's own. */
export function OwnInput({ bench }: { bench: Workbench }) {
  const { practice, ownInput, setOwnInput, runsHere } = bench;
  const run = practice.own.value;
  if (!runsHere) return <p class="empty">{t("obstacle.no-runtime")}</p>;
  return (
    <>
      <label class="own-input">
        {t("results.ownInput")}
        <textarea
          rows={4}
          spellcheck={false}
          value={ownInput}
          onInput={(event) => setOwnInput(event.currentTarget.value)}
        />
      </label>
      <Trouble bench={bench} />
      {run?.state === "done" ? (
        <Outcome bench={bench} outcome={run.outcome} answer={null} input={null} />
      ) : null}
    </>
  );
}

/** What kept the program from running at all. */
function Trouble({ bench: { practice } }: { bench: Workbench }) {
  const message = practice.compileMessage.value;
  const failure = practice.failure.value;
  return (
    <>
      {failure === null ? null : (
        <Notice kind="error">
          {t("results.failure")} <code>{failure}</code>
        </Notice>
      )}
      {message === null ? null : (
        <>
          <p>
            <Verdict verdict="CE" />
          </p>
          <pre class="block">{message}</pre>
        </>
      )}
    </>
  );
}

/** "Samples passed 3/3": never "Accepted", which only the judge can say. */
function Summary({ runs, judged }: { runs: readonly SampleRun[]; judged: boolean }) {
  const { passed, run } = samplesPassed(runs);
  if (run === 0) return <output class="summary">{t("results.preparing")}</output>;
  return (
    <output class="summary">
      {judged
        ? t("results.passed", { passed, all: runs.length })
        : t("results.ran", { run, all: runs.length })}
      {judged ? null : <span class="soft"> {t("results.ownChecker")}</span>}
    </output>
  );
}

function RunMark({ run }: { run: SampleRun }) {
  if (run.state !== "done") return <span class="soft">{t(`results.${run.state}`)}</span>;
  const { verdict, wallMs } = run.outcome;
  if (verdict === "crash" || verdict === "ran") {
    return (
      <span class="verdict verdict-CE">
        <Icon name={verdict === "ran" ? "play" : "question"} />
        {t(`runKind.${verdict}`)}
      </span>
    );
  }
  return (
    <>
      {verdict === "AC" ? (
        <span class="verdict verdict-AC">
          <Icon name="check" />
          {t("results.passedShort")}
        </span>
      ) : (
        <Verdict verdict={verdict} brief />
      )}{" "}
      <span class="soft">{milliseconds(Math.round(wallMs))}</span>
    </>
  );
}

interface OutcomeProps {
  bench: Workbench;
  outcome: RunOutcome;
  answer: string | null;
  input: string | null;
}

function Outcome({ bench, outcome, answer, input }: OutcomeProps) {
  const { verdict, output, errors, exitCode, wallMs, line } = outcome;
  return (
    <div class="outcome">
      <p class="outcome-line">
        {verdict === "crash" || verdict === "ran" ? (
          t(`runKind.${verdict}`)
        ) : (
          <SampleVerdict outcome={outcome} />
        )}
        <span class="soft">
          {milliseconds(Math.round(wallMs))}
          {exitCode === null || exitCode === 0
            ? ""
            : ` · ${t("results.exitCode", { code: String(exitCode) })}`}
        </span>
      </p>
      {verdict === "TLE" ? (
        <p class="hint">
          {t("results.stopped", { limit: seconds(browserLimits(bench.problem.limits).wallMs) })}
        </p>
      ) : null}
      {verdict === "crash" ? <p class="hint">{t("results.crashHint")}</p> : null}
      {answer !== null && line !== null ? (
        <Difference expected={answer} actual={output} line={line} />
      ) : (
        <Block title={t("results.output")} text={output} />
      )}
      {errors === "" ? null : (
        <details open={verdict === "RTE"}>
          <summary>{t("results.stderr")}</summary>
          <pre class="block">{errors}</pre>
        </details>
      )}
      {input === null ? null : (
        <details>
          <summary>{t("sample.input")}</summary>
          <pre class="block">{input}</pre>
        </details>
      )}
      {answer === null || line === null ? null : (
        <details>
          <summary>{t("results.wholeOutput")}</summary>
          <pre class="block">{output}</pre>
        </details>
      )}
    </div>
  );
}

/** On a sample "accepted" would promise too much. */
function SampleVerdict({ outcome: { verdict } }: { outcome: RunOutcome }) {
  if (verdict === "AC") {
    return (
      <span class="verdict verdict-AC">
        <Icon name="check" />
        <span>{t("results.samplePassed")}</span>
      </span>
    );
  }
  return verdict === "crash" || verdict === "ran" ? null : <Verdict verdict={verdict} />;
}

/** Long outputs are cut: a page with megabytes of text in it is of no use to anybody. */
const MOST_SHOWN = 20_000;

function Block({ title, text }: { title: string; text: string }) {
  return (
    <>
      <h3>{title}</h3>
      {text === "" ? (
        <p class="empty">{t("results.noOutput")}</p>
      ) : (
        <pre class="block">
          {text.slice(0, MOST_SHOWN)}
          {text.length > MOST_SHOWN ? `\n${t("results.cut", { count: text.length - MOST_SHOWN })}` : ""}
        </pre>
      )}
    </>
  );
}
