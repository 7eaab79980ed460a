import { useMemo, useState } from "preact/hooks";
import type { Board, ContestView } from "../../protocol/contest.ts";
import type { ContestStatus } from "../../protocol/contest-times.ts";
import { MINUTE_MS } from "../../protocol/contest.ts";
import { contestTime } from "../../rules/contest-times.ts";
import type { BoardView } from "../board-view.ts";
import { serverNow } from "../clock.ts";
import { useFavourites } from "../favourites.ts";
import { clock, dateTime } from "../format.ts";
import { t } from "../i18n.ts";
import { isMeant } from "../standings.ts";
import { useMedia, useStandings, useStatus } from "../use-board.ts";
import { Icon } from "./icons.tsx";
import { Legend } from "./scoreboard-legend.tsx";
import { ScoreboardList } from "./scoreboard-list.tsx";
import { ScoreboardLobby } from "./scoreboard-lobby.tsx";
import { ScoreboardTable } from "./scoreboard-table.tsx";
import { BoardTools, Outputs } from "./scoreboard-tools.tsx";

interface Props {
  contest: ContestView;
  board: Board;
  own: string | null;
  view: BoardView;
  change: (view: BoardView) => void;
  /** When the board was last known to be this one, by this machine's clock; null for never. */
  heardAt: () => number | null;
}

const none: ReadonlySet<string> = new Set();

/** A board with all that can be done with it, or who will be on it while the contest has not begun. */
export function ScoreboardStandings({ contest, board, own, view, change, heardAt }: Props) {
  const { slug } = contest;
  const status = useStatus(board.timed);
  const rows = useStandings(board, view.groups);
  const [typed, type] = useState("");
  const shown = useMemo(() => rows.filter(({ team }) => isMeant(team, typed)), [rows, typed]);
  const { favourites, toggle } = useFavourites(slug);
  const narrow = useMedia("(max-width: 640px)") && !view.hall;
  if (board.teams.length === 0) return <p class="empty">{t("scoreboard.empty")}</p>;
  if (status.state === "scheduled") return <ScoreboardLobby board={board} />;
  const Standings = narrow ? ScoreboardList : ScoreboardTable;
  return (
    <>
      <BoardNotice board={board} status={status} view={view} />
      {view.hall ? null : <BoardTools {...{ board, view, change, typed, type }} />}
      <AsOf board={board} at={heardAt()} />
      {shown.length === 0 ? <p class="empty">{t("scoreboard.nobody")}</p> : null}
      <Standings
        slug={slug}
        board={board}
        rows={rows}
        shown={shown}
        own={own}
        favourites={view.hall ? none : favourites}
        toggle={view.hall ? null : toggle}
        linked={!view.hall}
      />
      <Legend board={board} />
      {view.hall ? null : (
        <Outputs
          slug={slug}
          view={view}
          seen={() => ({
            slug,
            contest: contest.name,
            view: view.view,
            status,
            at: heardAt() ?? Date.now(),
            board,
            rows: shown,
          })}
        />
      )}
    </>
  );
}

interface BoardNoticeProps {
  board: Board;
  status: ContestStatus;
  view: BoardView;
}

/** That the board is frozen, to the letter of CLICS ("Freezing the Scoreboard"), or that it is the jury's and is not. */
function BoardNotice({ board, status, view }: BoardNoticeProps) {
  if (view.view === "jury") {
    return (
      <p class="notice notice-warning">
        <Icon name="warning" />
        <span>{status.boardFrozen ? t("scoreboard.juryFrozen") : t("scoreboard.jury")}</span>
      </p>
    );
  }
  if (!status.boardFrozen) return null;
  // A begun minute counts as one, as what came in it is pending too. A text, so that no language groups its digits.
  const minutes = String(Math.ceil(board.timed.times.freezeMs / MINUTE_MS));
  return (
    <p class="notice notice-frozen">
      <Icon name="snowflake" />
      <span>{t("scoreboard.frozen", { minutes })}</span>
    </p>
  );
}

/** On paper nothing else tells how old a board is. */
function AsOf({ board, at }: { board: Board; at: number | null }) {
  const time = at ?? Date.now();
  const passed = contestTime(board.timed.times, serverNow());
  return <p class="print-only">{t("scoreboard.asOf", { time: dateTime(time), clock: clock(passed) })}</p>;
}
