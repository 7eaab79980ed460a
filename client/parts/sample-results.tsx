import { useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { samplesPassed } from "../runs.ts";
import type { RunPlan, Workbench } from "../workbench.ts";
import { Outcome } from "./bench-parts.ts";
import { RunMark } from "./run-mark.tsx";
import { NotRun, Times, Trouble, WhereItRan } from "./run-plan.tsx";

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
      <Trouble bench={bench} plan={plan} />
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
          <Times plan={plan} runs={runs} />
        </>
      ) : null}
      {run?.state === "done" && sample ? (
        <Outcome
          bench={bench}
          outcome={run.outcome}
          answer={sample.answer}
          input={sample.input}
          passed={t("results.samplePassed")}
        />
      ) : null}
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
