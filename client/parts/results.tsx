import { errorText } from "../api.ts";
import { t } from "../i18n.ts";
import { judgingObstacle } from "../judging.ts";
import { account } from "../session.ts";
import { submissions, useOwnSubmissions } from "../submissions.ts";
import type { Workbench } from "../workbench.ts";
import { Icon } from "./icons.tsx";
import { Notice } from "./notice.tsx";
import { OwnCases } from "./bench-parts.ts";
import { SampleResults } from "./sample-results.tsx";
import { SubmissionTable } from "./submission-table.tsx";
import { Tabs } from "./tabs.tsx";
import { submissionStateText } from "./verdict.tsx";
import { WaitingSubmissions } from "./waiting-submissions.tsx";

/** Beneath the editor: runs on this machine, and the official submissions; two things that are never mixed. */
export function Results({ bench }: { bench: Workbench }) {
  const last = bench.lastSubmission === null ? undefined : submissions.value.get(bench.lastSubmission);
  return (
    <>
      {/* Spoken when the verdict is there; the focus stays where it is. */}
      <output class="sr-only">
        {last?.state === "judged" ? t("problem.verdictIs", { verdict: submissionStateText(last) }) : ""}
      </output>
      <Tabs
        label={t("problem.result")}
        selected={bench.tab}
        select={bench.setTab}
        tabs={[
          { id: "samples", label: t("results.samples"), content: <SampleResults bench={bench} /> },
          { id: "own", label: t("results.own"), content: <OwnCases bench={bench} /> },
          {
            id: "submissions",
            label: (
              <>
                <Icon name="send" />
                {t("results.submissions")}
              </>
            ),
            content: <Official bench={bench} />,
          },
        ]}
      />
    </>
  );
}

function Official({ bench }: { bench: Workbench }) {
  if (!account.value) return <p class="empty">{t("results.signInToSubmit")}</p>;
  return <OwnSubmissions bench={bench} />;
}

function OwnSubmissions({ bench }: { bench: Workbench }) {
  const { problem, language, handInError, handingIn, judging } = bench;
  // A refusal has said already what is in the way.
  const obstacle = judging === null || handInError !== null ? null : judgingObstacle(judging, language);
  const { shown } = useOwnSubmissions(
    problem.contest ? { problem: problem.slug, contest: problem.contest.slug } : { problem: problem.slug },
  );
  return (
    <>
      {handInError ? (
        <Notice kind="error">
          {errorText(handInError)}
          {handInError.details.length > 0 ? ` ${handInError.details.join(" ")}` : ""}
          {handInError.code === "not_registered" && problem.contest ? (
            <>
              {" "}
              <a href={`/contests/${problem.contest.slug}`}>{t("contest.register")}</a>
            </>
          ) : null}
        </Notice>
      ) : null}
      {handingIn ? <p class="waiting">{t("problem.sending")}</p> : null}
      {obstacle === null ? null : <Notice kind="warning">{obstacle}</Notice>}
      <WaitingSubmissions
        {...(problem.contest ? { contest: problem.contest.slug } : {})}
        problem={problem.slug}
      />
      {shown.length > 0 ? (
        <SubmissionTable submissions={shown} label={t("results.submissions")} problem={false} />
      ) : (
        <p class="empty">{t("results.noSubmissions")}</p>
      )}
    </>
  );
}
