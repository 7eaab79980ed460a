import { useLocation } from "preact-iso";
import { errorText, type ApiError } from "../api.ts";
import { t } from "../i18n.ts";
import type { RunFailure, TestRun } from "../runs.ts";
import type { Obstacle, Place, RunPlan, Workbench } from "../workbench.ts";
import { Complaints } from "./complaints.tsx";
import { Icon } from "./icons.tsx";
import { Notice } from "./notice.tsx";
import { Said } from "./said.tsx";
import { signInPath } from "./signed-in.tsx";
import { Verdict } from "./verdict.tsx";

/** Why there is nothing to run; where signing in would help, the way there. */
export function NotRun({ obstacle }: { obstacle: Exclude<Obstacle, null> }) {
  const { url } = useLocation();
  return (
    <p class="empty">
      {t(`obstacle.${obstacle}`)}{" "}
      {obstacle === "sign-in" ? <a href={signInPath(url)}>{t("signIn.title")}</a> : null}
    </p>
  );
}

/** What ran on the judge must not look as if it had run here, nor as if it were a submission. */
export function WhereItRan({ plan: { place, runs } }: { plan: RunPlan }) {
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
export function Trouble({ bench, plan: { place, runs } }: { bench: Workbench; plan: RunPlan }) {
  const compileError = runs.compileError.value;
  const failure = runs.failure.value;
  return (
    <>
      {failure === null ? null : <Failure failure={failure} place={place} />}
      {/* Here before there is anything in it, so that screen readers speak what comes. */}
      <output class="spoken">
        {compileError === null ? null : (
          <>
            <Verdict verdict="CE" />
            <Complaints bench={bench} messages={compileError.messages} text={compileError.text} />
          </>
        )}
      </output>
      {compileError === null ? null : <Said bench={bench} text={compileError.text} />}
    </>
  );
}

function Failure({ failure, place }: { failure: RunFailure; place: Place }) {
  switch (failure.type) {
    case "refused":
      return <Notice kind="error">{refusalText(failure.error)}</Notice>;
    case "cancelled":
      return <Notice kind="info">{failure.text}</Notice>;
    case "said":
      return (
        <Notice kind="error">
          {t(place === "judge" ? "results.judgeFailure" : "results.failure")} <code>{failure.text}</code>
        </Notice>
      );
    default:
      return failure satisfies never;
  }
}

interface TimesProps {
  plan: RunPlan;
  /** What these times are of. */
  runs: Iterable<TestRun>;
}

/** What times measured here are worth: beside the jury's solution on this device, and never official. */
export function Times({ plan: { place, runs: made }, runs }: TimesProps) {
  if (place === "judge" || ![...runs].some(({ state }) => state === "done")) return null;
  const comparison = made.comparison.value;
  return (
    <p class="hint times">
      {comparison === null ? null : (
        <strong>
          {comparison.type === "short"
            ? t("times.short")
            : t(comparison.atLeast ? "times.atLeast" : "times.ratio", { ratio: comparison.ratio })}
        </strong>
      )}{" "}
      {made.phase.value.type === "comparing" ? t("times.comparing") : t("times.official")}
    </p>
  );
}
