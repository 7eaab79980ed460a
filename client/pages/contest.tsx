import { useRoute } from "preact-iso";
import { useEffect } from "preact/hooks";
import type { ContestView } from "../../protocol/contest.ts";
import { isOver, statusAt } from "../../rules/contest-state.ts";
import { refusalOf } from "../../rules/contest-state-actions.ts";
import { useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { useTicks } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { ContestLinks } from "../parts/contest-links.tsx";
import { ContestProblems } from "../parts/contest-problems.tsx";
import { ContestRules } from "../parts/contest-rules.tsx";
import { ContestSetup } from "../parts/contest-setup.tsx";
import { ContestTeam } from "../parts/contest-team.tsx";
import { ContestProgress, Countdown, FreezeCountdown, State } from "../parts/contest-time.tsx";
import { JuryNav } from "../parts/jury-nav.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SubmissionTable } from "../parts/submission-table.tsx";
import { VirtualInvitation } from "../parts/virtual-invitation.tsx";
import { WaitingSubmissions } from "../parts/waiting-submissions.tsx";
import { useOwnSubmissions } from "../submissions.ts";

/** The times may be changed while somebody looks on. */
const NEWS_EVERY_MS = 30_000;

/** A contest's lobby: where it stands, its rules, its problems, and one's own team. */
export default function Contest() {
  const { params } = useRoute();
  const loading = useContest(params.slug ?? "", useTicks(NEWS_EVERY_MS));
  return (
    <Await loading={loading}>
      {(contest) => <Lobby contest={contest} replace={loading.replace} reload={loading.reload} />}
    </Await>
  );
}

interface LobbyProps {
  contest: ContestView;
  replace: (contest: ContestView) => void;
  reload: () => void;
}

function Lobby({ contest, replace, reload }: LobbyProps) {
  const { timed, slug } = contest;
  const team = contest.team?.id ?? null;
  const now = useServerNow();
  const shown = refusalOf(timed, "see_problems", now, team) === null;
  const over = isOver(timed, now);
  useEffect(() => {
    // The problems' names are secret until then, so they have to be asked for when the time has come.
    if (shown && contest.problems.some((problem) => problem.slug === null)) reload();
  }, [shown]);
  return (
    <Page
      title={contest.name}
      above={<a href="/contests">{t("nav.contests")}</a>}
      actions={contest.manages ? <Management slug={slug} /> : null}
    >
      {contest.isJury ? <JuryNav slug={slug} /> : null}
      <div class="lobby-clock">
        <State timed={timed} />
        <Countdown timed={timed} team={team} />
        <FreezeCountdown timed={timed} />
        <ContestProgress timed={timed} team={team} />
      </div>
      <StateNotice contest={contest} now={now} />
      <ContestLinks contest={contest} />
      {contest.manages && !over ? <ContestSetup contest={contest} /> : null}
      <div class="lobby">
        <div>
          <ContestProblems contest={contest} shown={shown} />
          {contest.team ? <OwnSubmissions contest={contest} /> : null}
        </div>
        <aside>
          <ContestTeam contest={contest} replace={replace} />
          <VirtualInvitation contest={contest} />
          <ContestRules contest={contest} />
        </aside>
      </div>
    </Page>
  );
}

function Management({ slug }: { slug: string }) {
  return (
    <>
      <a class="button" href={`/contests/${slug}/edit`}>
        {t("contest.edit")}
      </a>
      <a class="button" href={`/contests/${slug}/times`}>
        {t("contest.times")}
      </a>
    </>
  );
}

/** What somebody who looks on has to know beyond the clock. */
function StateNotice({ contest: { timed }, now }: { contest: ContestView; now: number }) {
  const { state, paused, boardFrozen } = statusAt(timed, now);
  if (paused) return <Notice kind="warning">{t("contest.pausedNotice")}</Notice>;
  if (state === "finalised") {
    return <Notice kind="done">{t(boardFrozen ? "contest.finalFrozen" : "contest.finalNotice")}</Notice>;
  }
  if (state === "ended" || state === "thawed") {
    return <Notice kind="info">{t(boardFrozen ? "contest.endedFrozen" : "contest.endedNotice")}</Notice>;
  }
  return null;
}

function OwnSubmissions({ contest }: { contest: ContestView }) {
  const { shown } = useOwnSubmissions({ contest: contest.slug });
  return (
    <section>
      <h2>{t("contest.mySubmissions")}</h2>
      <WaitingSubmissions contest={contest.slug} />
      {shown.length === 0 ? (
        <p class="empty">{t("submissions.empty")}</p>
      ) : (
        <SubmissionTable submissions={shown} label={t("contest.mySubmissions")} />
      )}
    </section>
  );
}
