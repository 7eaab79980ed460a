import { useRoute } from "preact-iso";
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import {
  Board,
  LiveContestMessage,
  MINUTE_MS,
  type ContestView,
  type LiveContestRequest,
} from "../../protocol/contest.ts";
import { phaseAt } from "../../rules/contest-clock.ts";
import { request } from "../api.ts";
import { afterMessage, type LiveBoard } from "../board.ts";
import { observeServerTime, useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { t } from "../i18n.ts";
import { showRow } from "../keys.ts";
import { liveUrl, openLive, type LiveConnection } from "../live.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { Countdown, Phase } from "../parts/contest-time.tsx";
import { Icon } from "../parts/icons.tsx";
import { LiveDot, OutdatedNotice } from "../parts/live-dot.tsx";
import { Page } from "../parts/page.tsx";
import { Legend, ScoreboardTable } from "../parts/scoreboard-table.tsx";

/** A contest's standings, kept up to date by its room's socket. */
export default function Scoreboard() {
  const slug = useRoute().params.slug ?? "";
  const contest = useContest(slug);
  return <Await loading={contest}>{(view) => <Standings key={view.slug} contest={view} />}</Await>;
}

/** Follows a contest's room: the newest board, and the connection it comes by. */
function useLiveBoard(slug: string): { board: Board | null; connection: LiveConnection | null } {
  const live = useSignal<LiveBoard | null>(null);
  const [connection, setConnection] = useState<LiveConnection | null>(null);
  useEffect(() => {
    const follow = (known: LiveBoard | null): string =>
      JSON.stringify({
        type: "follow",
        epoch: known?.epoch ?? null,
        since: known?.board.seq ?? null,
      } satisfies LiveContestRequest);
    const opened = openLive({
      url: liveUrl(`/live/contests/${slug}`),
      schema: LiveContestMessage,
      greet: () => follow(live.value),
      receive: (message) => {
        observeServerTime(message.now);
        const after = afterMessage(live.value, message);
        if (after === null) opened.send(follow(null));
        else live.value = after;
      },
    });
    setConnection(opened);
    return () => opened.close();
  }, [slug]);
  return { board: live.value?.board ?? null, connection };
}

function Standings({ contest }: { contest: ContestView }) {
  const { slug, clock } = contest;
  const { board: live, connection } = useLiveBoard(slug);
  // The first picture comes by HTTP too: it tells why there is none, and needs no socket.
  const first = useLoaded(`board ${slug}`, (signal) =>
    request(Board, `/api/contests/${slug}/scoreboard`, { signal }),
  );
  const state = connection?.state.value ?? "connecting";
  const own = contest.team?.id ?? null;
  return (
    <Page
      title={t("scoreboard.title", { contest: contest.name })}
      heading={t("contest.scoreboard")}
      above={<a href={`/contests/${slug}`}>{contest.name}</a>}
      actions={
        <>
          <LiveDot state={state} heardAt={connection?.heardAt.value ?? null} />
          {own === null ? null : <FindMe />}
        </>
      }
    >
      {state === "outdated" ? <OutdatedNotice /> : null}
      <p class="board-clock">
        <Phase clock={live?.clock ?? clock} /> <Countdown clock={live?.clock ?? clock} />
      </p>
      {live ? (
        <LoadedBoard slug={slug} board={live} own={own} />
      ) : (
        <Await loading={first}>{(board) => <LoadedBoard slug={slug} board={board} own={own} />}</Await>
      )}
    </Page>
  );
}

function FindMe() {
  const find = (): void => {
    const row = document.querySelector<HTMLElement>("[data-me]");
    if (row) showRow(row);
  };
  return (
    <button type="button" onClick={find}>
      <Icon name="person" />
      {t("scoreboard.findMe")}
    </button>
  );
}

function LoadedBoard({ slug, board, own }: { slug: string; board: Board; own: string | null }) {
  const phase = phaseAt(board.clock, useServerNow());
  const linked = phase !== "before";
  return (
    <>
      {board.frozen || phase === "frozen" ? (
        <p class="notice notice-frozen">
          <Icon name="snowflake" />
          <span>{t("scoreboard.frozen", { minutes: Math.round(board.clock.freezeMs / MINUTE_MS) })}</span>
        </p>
      ) : null}
      {board.teams.length === 0 ? (
        <p class="empty">{t("scoreboard.empty")}</p>
      ) : (
        <ScoreboardTable slug={slug} board={board} own={own} linked={linked} />
      )}
      <Legend />
    </>
  );
}
