import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import type { ContestView } from "../../protocol/contest.ts";
import type { OwnRun, Recording, VirtualView } from "../../protocol/virtual.ts";
import { virtualTime } from "../../rules/contest-times-virtual.ts";
import { replayOf, standingOf, YOU, type Replay } from "../../rules/virtual-board.ts";
import { useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import type { Loading } from "../load.ts";
import "../locales/virtual.ts";
import { Await } from "../parts/await.tsx";
import { ContestProblems } from "../parts/contest-problems.tsx";
import { Notice } from "../parts/notice.tsx";
import { Page } from "../parts/page.tsx";
import { SubmissionTable } from "../parts/submission-table.tsx";
import { RecordedBoard } from "../parts/virtual-board.tsx";
import { goesOn } from "../parts/virtual-clock.tsx";
import { RecordingPlayer } from "../parts/virtual-replay.tsx";
import { BeginRun, RunClock } from "../parts/virtual-run.tsx";
import { account } from "../session.ts";
import { useStatus } from "../use-board.ts";
import { useRecording, useRunSubmissions, useVirtual } from "../virtual.ts";

/** A contest that is over: gone through by a clock of one's own, or watched again. */
export default function Virtual() {
  const contest = useContest(useRoute().params.slug ?? "");
  return <Await loading={contest}>{(view) => <Whole key={view.slug} contest={view} />}</Await>;
}

function Whole({ contest }: { contest: ContestView }) {
  const { state } = useStatus(contest.timed);
  const over = state === "ended" || state === "thawed" || state === "finalised";
  if (over) return <Over contest={contest} />;
  return (
    <Page {...headOf(contest)} width="text">
      <Notice kind="info">{t("virtual.notOver")}</Notice>
    </Page>
  );
}

const headOf = ({ slug, name }: ContestView) => ({
  title: t("virtual.title", { contest: name }),
  heading: t("virtual.heading"),
  above: <a href={`/contests/${slug}`}>{name}</a>,
});

function Over({ contest }: { contest: ContestView }) {
  const virtual = useVirtual(contest.slug);
  const recording = useRecording(contest.slug);
  return (
    <Await loading={recording}>
      {(recorded) => (
        <Await loading={virtual}>
          {(view) => <Again contest={contest} recording={recorded} view={view} virtual={virtual} />}
        </Await>
      )}
    </Await>
  );
}

interface AgainProps {
  contest: ContestView;
  recording: Recording;
  view: VirtualView;
  virtual: Loading<VirtualView>;
}

function Again({ contest, recording, view, virtual }: AgainProps) {
  const { slug } = contest;
  const { run, submissions } = view;
  const going = goesOn(run, useServerNow());
  const name = account.value?.displayName ?? "";
  const replay = useMemo(
    () => replayOf(recording, run === null ? null : { name, submissions }),
    [recording, view, name],
  );
  const own = run === null ? null : <RunSubmissions slug={slug} view={view} reload={virtual.reload} />;
  return (
    <Page {...headOf(contest)}>
      {going ? (
        <RunClock slug={slug} run={run} replace={virtual.replace} />
      ) : (
        <BeginRun contest={contest} again={run !== null} replace={virtual.replace} />
      )}
      {run !== null && !going ? <Outcome replay={replay} recording={recording} /> : null}
      {going ? (
        <div class="lobby">
          <div>{own}</div>
          <aside>
            <ContestProblems contest={contest} shown />
          </aside>
        </div>
      ) : (
        own
      )}
      <section class="panel">
        <h2>{t(going ? "virtual.boardNow" : "virtual.recording")}</h2>
        {recording.boardFrozen ? <Notice kind="info">{t("virtual.frozen")}</Notice> : null}
        {going ? (
          <BoardBeside contest={contest} replay={replay} run={run} />
        ) : (
          <RecordingPlayer
            key={view.run?.id}
            slug={slug}
            replay={replay}
            first={run === null ? 0 : replay.lengthMs}
          />
        )}
      </section>
    </Page>
  );
}

/** Where the reader would have come in the contest, once a run is over. */
function Outcome({ replay, recording }: { replay: Replay; recording: Recording }) {
  const own = useMemo(() => standingOf(replay.boardAt(replay.lengthMs), YOU), [replay]);
  if (own === null) return null;
  return (
    <Notice kind="done">
      {t(recording.boardFrozen ? "virtual.outcomeFrozen" : "virtual.outcome", { ...own })}
    </Notice>
  );
}

interface RunSubmissionsProps {
  slug: string;
  view: VirtualView;
  reload: () => void;
}

function RunSubmissions({ slug, view, reload }: RunSubmissionsProps) {
  const shown = useRunSubmissions(slug, view, reload);
  return (
    <section>
      <h2>{t("virtual.mine")}</h2>
      {shown.length === 0 ? (
        <p class="empty">{t("virtual.none")}</p>
      ) : (
        <SubmissionTable submissions={shown} label={t("virtual.mine")} />
      )}
    </section>
  );
}

/** The board as it was at the reader's own time, which goes on. */
function BoardBeside({ contest, replay, run }: { contest: ContestView; replay: Replay; run: OwnRun }) {
  const moment = virtualTime(contest.timed.times, run, useServerNow());
  return <RecordedBoard slug={contest.slug} board={replay.boardAt(moment)} />;
}
