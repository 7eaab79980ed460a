import type { Board } from "../../protocol/contest.ts";
import { standingOf, YOU } from "../../rules/virtual-board.ts";
import { t } from "../i18n.ts";
import "../locales/virtual.ts";
import { useMedia, useStandings } from "../use-board.ts";
import { Legend } from "./scoreboard-legend.tsx";
import { ScoreboardList } from "./scoreboard-list.tsx";
import { ScoreboardTable } from "./scoreboard-table.tsx";

const none: ReadonlySet<string> = new Set();

/** A recorded board as it was at some moment, with the reader's place on it, if there is one. */
export function RecordedBoard({ slug, board }: { slug: string; board: Board }) {
  const rows = useStandings(board, []);
  const Standings = useMedia("(max-width: 640px)") ? ScoreboardList : ScoreboardTable;
  const own = standingOf(board, YOU);
  if (board.teams.length === 0) return <p class="empty">{t("virtual.noTeams")}</p>;
  return (
    <>
      {own === null ? null : <p class="soft">{t("virtual.place", { ...own })}</p>}
      <Standings
        slug={slug}
        board={board}
        rows={rows}
        shown={rows}
        own={own === null ? null : YOU}
        favourites={none}
        toggle={null}
        linked
      />
      <Legend board={board} />
    </>
  );
}
