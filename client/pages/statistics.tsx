import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { ContestStatistics } from "../../protocol/contest-statistics.ts";
import type { ContestView } from "../../protocol/contest.ts";
import { isOver } from "../../rules/contest-state.ts";
import { feedbackOf } from "../../rules/formats/known.ts";
import { request } from "../api.ts";
import { useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { useLoaded, useTicks } from "../load.ts";
import { Await, LoadError, Waiting } from "../parts/await.tsx";
import { later } from "../parts/later.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { percent, ProblemFigures } from "../parts/problem-figures.tsx";
import "../locales/statistics.ts";

const NEWS_EVERY_MS = 5 * 60_000;

const Charts = later(async () => (await import("../parts/contest-charts.tsx")).ContestCharts);

/** What was submitted to a contest and what became of it, as far as the reader may know. */
export default function Statistics() {
  const loading = useContest(useRoute().params.slug ?? "");
  return <Await loading={loading}>{(contest) => <Figures key={contest.slug} contest={contest} />}</Await>;
}

function Figures({ contest }: { contest: ContestView }) {
  const [asJury, setAsJury] = useState(false);
  const path = `/api/contests/${contest.slug}/statistics${asJury ? "?view=jury" : ""}`;
  const loading = useLoaded(
    path,
    (signal) => request(ContestStatistics, path, { signal }),
    useTicks(NEWS_EVERY_MS),
  );
  const { loaded } = loading;
  return (
    <Page
      title={t("statistics.titleOf", { contest: contest.name })}
      heading={t("statistics.title")}
      above={<a href={`/contests/${contest.slug}`}>{contest.name}</a>}
      actions={
        <>
          {contest.isJury ? (
            <label class="switch">
              <input
                type="checkbox"
                checked={asJury}
                onChange={(event) => setAsJury(event.currentTarget.checked)}
              />
              {t("statistics.asJury")}
            </label>
          ) : null}
          <button type="button" onClick={loading.reload}>
            {t("action.refresh")}
          </button>
        </>
      }
    >
      <LoadError loading={loading} />
      {loaded.state === "loading" ? <Waiting /> : null}
      {loaded.state === "ready" ? (
        <Shown contest={contest} statistics={loaded.value} asJury={asJury} />
      ) : null}
    </Page>
  );
}

interface ShownProps {
  contest: ContestView;
  statistics: ContestStatistics;
  asJury: boolean;
}

function Shown({ contest, statistics, asJury }: ShownProps) {
  const over = isOver(contest.timed, useServerNow());
  const isSilent = !asJury && feedbackOf(contest.format, over) === "none";
  return (
    <>
      {isSilent ? <Notice kind="info">{t("statistics.silent")}</Notice> : null}
      {statistics.frozen ? <Notice kind="info">{t("statistics.frozen")}</Notice> : null}
      <Sums statistics={statistics} />
      {statistics.submissions === 0 ? (
        <p class="empty">{t("statistics.empty")}</p>
      ) : (
        <>
          <Charts statistics={statistics} />
          <ProblemFigures contest={contest} statistics={statistics} />
        </>
      )}
    </>
  );
}

function Sums({ statistics }: { statistics: ContestStatistics }) {
  const { submissions, verdicts, acceptance, teamsTrying, teamsSolving } = statistics;
  const facts: [string, string | number][] = [
    [t("statistics.submissions"), submissions],
    [t("statistics.accepted"), verdicts.AC],
    [t("statistics.acceptance"), percent(acceptance)],
    [t("statistics.teamsTrying"), teamsTrying],
    [t("statistics.teamsSolving"), teamsSolving],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
