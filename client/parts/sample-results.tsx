import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { MAX_CUSTOM_INPUT } from "../../protocol/custom-run.ts";
import { errorText, type ApiError } from "../api.ts";
import { t } from "../i18n.ts";
import { bytes, memory, milliseconds, seconds } from "../format.ts";
import { browserLimits } from "../practice.ts";
import { samplesPassed, type RunOutcome, type SampleRun } from "../runs.ts";
import type { Obstacle, RunPlan, Workbench } from "../workbench.ts";
import { Difference } from "./difference.tsx";
import { Icon } from "./icons.tsx";
import { Notice } from "./notice.tsx";
import { signInPath } from "./signed-in.tsx";
import { Verdict } from "./verdict.tsx";

/** What came of running the samples: a strip with one entry each, and the chosen one in full. */
export function SampleResults({ bench }: { bench: Workbench }) {
  const { problem, samplesPlan: plan } = bench;
  const { place, runs: made, obstacle } = plan;
  const [chosen, setChosen] = useState<number | null>(null);
  const runs = made.samples.value;
  if (obstacle !== null) return <NotRun obstacle={obstacle} />;
  const failing = runs.findIndex((run) => run.state === "done" && run.outcome.verdict !== "AC");
  const shown = chosen ?? (failing >= 0 ? failing : runs.findIndex((run) => run.state === "done"));
  const run = runs[shown];
  const sample = problem.samples[shown];
  return (
    <>
      <WhereItRan plan={plan} />
      <Trouble plan={plan} />
      {runs.length === 0 && made.compileError.value === null && made.failure.value === null ? (
        <p class="empty">
          {made.phase.value.type === "idle"
            ? t(place === "judge" ? "results.judgeHint" : "results.runHint")
            : t("results.preparing")}
        </p>
      ) : null}
      {runs.length > 0 && made.compileError.value === null ? (
        <>
          <Summary plan={plan} judged={place === "judge" || problem.checker === "default"} />
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
  const { ownPlan: plan, ownInput, setOwnInput } = bench;
  const run = plan.runs.own.value;
  if (plan.obstacle !== null) return <NotRun obstacle={plan.obstacle} />;
  return (
    <>
      <WhereItRan plan={plan} />
      <label class="own-input">
        {t("results.ownInput")}
        <textarea
          rows={4}
          spellcheck={false}
          value={ownInput}
          maxLength={plan.place === "judge" ? MAX_CUSTOM_INPUT : undefined}
          onInput={(event) => setOwnInput(event.currentTarget.value)}
        />
      </label>
      <Trouble plan={plan} />
      {run?.state === "done" ? (
        <Outcome bench={bench} outcome={run.outcome} answer={null} input={null} />
      ) : null}
    </>
  );
}

/** Why there is nothing to run; where signing in would help, the way there. */
function NotRun({ obstacle }: { obstacle: Exclude<Obstacle, null> }) {
  const { url } = useLocation();
  return (
    <p class="empty">
      {t(`obstacle.${obstacle}`)}{" "}
      {obstacle === "sign-in" ? <a href={signInPath(url)}>{t("signIn.title")}</a> : null}
    </p>
  );
}

/** What ran on the judge must not look as if it had run here, nor as if it were a submission. */
function WhereItRan({ plan: { place, runs } }: { plan: RunPlan }) {
  if (place === "browser") return null;
  const phase = runs.phase.value.type;
  const toolchain = runs.toolchain.value;
  return (
    <p class="where-it-ran">
      <span class="chip">
        <Icon name={phase === "idle" ? "send" : "dots"} />
        {t("results.onJudge")}
      </span>{" "}
      <output class="soft">
        {phase === "sending" || phase === "queued" || phase === "running"
          ? t(`results.judge-${phase}`)
          : toolchain}
      </output>
    </p>
  );
}

/** Runs are refused for coming too often, or while one is under way already; a second page of the account may be at it. */
function refusalText(error: ApiError): string {
  const sentence = error.code === "rate_limited" ? t("results.tooManyRuns") : errorText(error);
  return [sentence, ...error.details].join(" ");
}

/** What kept the program from running at all. */
function Trouble({ plan: { place, runs } }: { plan: RunPlan }) {
  const message = runs.compileError.value?.text ?? null;
  const failure = runs.failure.value;
  return (
    <>
      {failure === null ? null : failure.type === "refused" ? (
        <Notice kind="error">{refusalText(failure.error)}</Notice>
      ) : (
        <Notice kind="error">
          {t(place === "judge" ? "results.judgeFailure" : "results.failure")} <code>{failure.text}</code>
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
function Summary({ plan: { place, runs: made }, judged }: { plan: RunPlan; judged: boolean }) {
  const runs = made.samples.value;
  const { passed, run } = samplesPassed(runs);
  // While the judge has it, the line above says where it stands.
  if (run === 0) return place === "judge" ? null : <output class="summary">{t("results.preparing")}</output>;
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
  const { verdict, output, cutBytes, errors, line, message, measured } = outcome;
  return (
    <div class="outcome">
      <p class="outcome-line">
        {verdict === "crash" || verdict === "ran" ? (
          t(`runKind.${verdict}`)
        ) : (
          <SampleVerdict outcome={outcome} />
        )}
        <span class="soft">{endingOf(outcome)}</span>
      </p>
      {message === "" ? null : <p class="checker-message">{message}</p>}
      {verdict === "TLE" && measured === null ? (
        <p class="hint">
          {t("results.stopped", { limit: seconds(browserLimits(bench.problem.limits).wallMs) })}
        </p>
      ) : null}
      {verdict === "crash" ? <p class="hint">{t("results.crashHint")}</p> : null}
      {answer !== null && line !== null ? (
        <Difference expected={answer} actual={output} line={line} />
      ) : (
        <Block title={t("results.output")} text={output} cutBytes={cutBytes} />
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

/** How long it took, how much memory where that is known, and how it ended unless it ended well. */
function endingOf({ wallMs, measured, exitCode, signal }: RunOutcome): string {
  return [
    measured === null
      ? milliseconds(Math.round(wallMs))
      : t("submission.measurement", {
          cpu: milliseconds(Math.round(measured.cpuMs)),
          wall: milliseconds(Math.round(wallMs)),
        }),
    ...(measured === null ? [] : [memory(measured.memoryKiB)]),
    ...(exitCode === null || exitCode === 0 ? [] : [t("results.exitCode", { code: String(exitCode) })]),
    ...(signal === null ? [] : [t("results.signal", { signal: String(signal) })]),
  ].join(" · ");
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

function Block({ title, text, cutBytes }: { title: string; text: string; cutBytes: number }) {
  return (
    <>
      <h3>{title}</h3>
      {text === "" ? (
        <p class="empty">{t("results.noOutput")}</p>
      ) : (
        <pre class="block">
          {text.slice(0, MOST_SHOWN)}
          {text.length > MOST_SHOWN ? `\n${t("results.cut", { count: text.length - MOST_SHOWN })}` : ""}
          {cutBytes > 0 ? `\n${t("results.cutOnJudge", { size: bytes(cutBytes) })}` : ""}
        </pre>
      )}
    </>
  );
}
