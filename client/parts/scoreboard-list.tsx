import { useMemo, useRef, useState } from "preact/hooks";
import { columnsOf } from "../../rules/formats/board.ts";
import { faceOf, totalText, type ProblemColumn, type TotalColumn } from "../board-faces.ts";
import { t } from "../i18n.ts";
import type { Standing } from "../standings.ts";
import { FaceView, Heart, Rank, TeamNames } from "./scoreboard-row.tsx";
import { useSliding, type StandingsProps } from "./scoreboard-table.tsx";

/** The standings on a phone: one line a team, which opens to what it did on each problem. */
export function ScoreboardList({ board, shown, own, favourites, toggle }: StandingsProps) {
  const { format, problems } = board;
  const columns = useMemo(() => columnsOf({ format, problems }), [format, problems]);
  const list = useRef<HTMLUListElement>(null);
  useSliding(list, shown);
  const watched = shown.filter(({ team }) => favourites.has(team.id));
  const draw = (row: Standing, pinned: boolean) => (
    <TeamItem
      key={row.team.id}
      row={row}
      totals={columns.filter((column): column is TotalColumn => column.type === "total")}
      problems={columns.filter((column): column is ProblemColumn => column.type === "problem")}
      mine={row.team.id === own}
      pinned={pinned}
      favourite={favourites.has(row.team.id)}
      toggle={toggle}
    />
  );
  return (
    <section class="board-list" aria-label={t("contest.scoreboard")}>
      {watched.length === 0 ? null : (
        <>
          <h2>{t("scoreboard.favourites")}</h2>
          <ul class="favourites">{watched.map((row) => draw(row, false))}</ul>
          <h2>{t("scoreboard.sums")}</h2>
        </>
      )}
      <ul ref={list}>{shown.map((row) => draw(row, row.team.id === own))}</ul>
    </section>
  );
}

interface TeamItemProps {
  row: Standing;
  totals: readonly TotalColumn[];
  problems: readonly ProblemColumn[];
  mine: boolean;
  pinned: boolean;
  favourite: boolean;
  toggle: ((team: string) => void) | null;
}

function TeamItem({ row, totals, problems, mine, pinned, favourite, toggle }: TeamItemProps) {
  const [open, setOpen] = useState(false);
  return (
    <li
      data-team={row.team.id}
      data-me={pinned ? "" : undefined}
      class={mine ? (pinned ? "mine pinned" : "mine") : undefined}
      tabIndex={pinned ? -1 : undefined}
    >
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="rank">
            <Rank row={row} />
          </span>
          <TeamNames team={row.team} mine={mine} />
          {totals.map((total) => (
            <span key={total.of} class={`number ${total.of}`}>
              <span class="sr-only">{t(`scoreboard.total.${total.of}`)} </span>
              {totalText(total, row.totals[total.of])}
            </span>
          ))}
        </summary>
        {open ? (
          <div class="board-cells">
            <ul>
              {problems.map((column) => (
                <ItemCell key={column.label} row={row} column={column} />
              ))}
            </ul>
            {toggle === null ? null : <Heart team={row.team} favourite={favourite} toggle={toggle} />}
          </div>
        ) : null}
      </details>
    </li>
  );
}

function ItemCell({ row, column }: { row: Standing; column: ProblemColumn }) {
  const { label } = column;
  const cell = row.cells.get(label);
  const face = cell === undefined ? null : faceOf(cell, column, row.firsts.includes(label));
  return (
    <li>
      <span aria-hidden="true">{label}</span>
      <span class="sr-only">{face?.sentence ?? `${label}: ${t("scoreboard.untried")}`}</span>
      {face === null ? <span class="cell-face" aria-hidden="true" /> : <FaceView face={face} />}
    </li>
  );
}
