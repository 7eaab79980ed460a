import { useLocation, useRoute } from "preact-iso";
import { Board, type ContestView } from "../../protocol/contest.ts";
import { request } from "../api.ts";
import { boardAddress, readBoardView, type BoardView } from "../board-view.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { ClarificationBadge } from "../parts/clarification-badge.tsx";
import { Countdown, State } from "../parts/contest-time.tsx";
import { OutdatedNotice } from "../parts/live-dot.tsx";
import { Page } from "../parts/page.tsx";
import { BoardFreshness } from "../parts/scoreboard-freshness.tsx";
import { HallControls } from "../parts/scoreboard-hall.tsx";
import { ScoreboardStandings } from "../parts/scoreboard-standings.tsx";
import { FindMe, ViewSwitch } from "../parts/scoreboard-tools.tsx";
import { useLiveBoard, viewQuery } from "../use-board.ts";

/** A contest's standings, kept up to date by its room's socket. */
export default function Scoreboard() {
  const slug = useRoute().params.slug ?? "";
  const contest = useContest(slug);
  const { url } = useLocation();
  const asked = readBoardView(new URL(url, location.origin).search);
  return (
    <Await loading={contest}>
      {(view) => {
        // Whoever is not of the jury and follows a link of one who is sees what everybody sees.
        const seen: BoardView = view.isJury ? asked : { ...asked, view: "public" };
        return <FollowedBoard key={`${view.slug} ${seen.view}`} contest={view} view={seen} />;
      }}
    </Await>
  );
}

function FollowedBoard({ contest, view }: { contest: ContestView; view: BoardView }) {
  const { slug } = contest;
  const { route } = useLocation();
  const { board: live, connection } = useLiveBoard(slug, view.view);
  // The first picture comes by HTTP too: it tells why there is none, and needs no socket.
  const path = `/api/contests/${slug}/scoreboard${viewQuery(view.view)}`;
  const first = useLoaded(`board ${path}`, (signal) => request(Board, path, { signal }));
  const timed = live?.timed ?? contest.timed;
  const own = view.hall ? null : (contest.team?.id ?? null);
  const draw = (board: Board) => (
    <ScoreboardStandings
      contest={contest}
      board={board}
      own={own}
      view={view}
      change={(next) => route(boardAddress(slug, next), true)}
      heardAt={() => connection?.heardAt.value ?? null}
    />
  );
  return (
    <Page
      title={t("scoreboard.title", { contest: contest.name })}
      heading={view.hall ? contest.name : t("contest.scoreboard")}
      above={view.hall ? null : <a href={`/contests/${slug}`}>{contest.name}</a>}
      actions={
        <>
          <BoardFreshness connection={connection} />
          {contest.isJury && !view.hall ? <ViewSwitch slug={slug} view={view} /> : null}
          {view.hall ? null : <ClarificationBadge slug={slug} />}
          {own === null ? null : <FindMe />}
          {view.hall ? <HallControls leave={boardAddress(slug, { ...view, hall: false })} /> : null}
        </>
      }
    >
      {connection?.state.value === "outdated" ? <OutdatedNotice /> : null}
      <p class="board-clock">
        <State timed={timed} /> <Countdown timed={timed} team={own} />
      </p>
      {live ? draw(live) : <Await loading={first}>{draw}</Await>}
    </Page>
  );
}
