import type { BoardTeam, Cell } from "../../protocol/contest.ts";
import type { BoardColumn } from "../../rules/formats/format.ts";
import { faceOf, totalText, type Face, type ProblemColumn } from "../board-faces.ts";
import { t } from "../i18n.ts";
import type { Standing } from "../standings.ts";
import { Icon } from "./icons.tsx";

interface TeamRowProps {
  row: Standing;
  columns: readonly BoardColumn[];
  /** Whether it is the reader's own. */
  mine: boolean;
  /** Whether it is the one that stays in sight: a favourite stands on the page twice. */
  pinned: boolean;
  favourite: boolean;
  toggle: ((team: string) => void) | null;
}

/** One team's row. */
export function TeamRow({ row, columns, mine, pinned, favourite, toggle }: TeamRowProps) {
  return (
    <tr
      data-team={row.team.id}
      data-me={pinned ? "" : undefined}
      class={mine ? (pinned ? "mine pinned" : "mine") : undefined}
      tabIndex={pinned ? -1 : undefined}
    >
      {columns.map((column) => {
        switch (column.type) {
          case "rank":
            return (
              <td key="rank" class="rank">
                <Rank row={row} />
              </td>
            );
          case "team":
            return (
              <th key="team" scope="row" class="team">
                <TeamNames team={row.team} mine={mine} />
                {toggle === null ? null : <Heart team={row.team} favourite={favourite} toggle={toggle} />}
              </th>
            );
          case "total":
            return (
              <td key={column.of} class={`number ${column.of}`}>
                {totalText(column, row.totals[column.of])}
              </td>
            );
          case "problem":
            return (
              <CellView
                key={column.label}
                cell={row.cells.get(column.label)}
                column={column}
                isFirst={row.firsts.includes(column.label)}
              />
            );
          default:
            return column satisfies never;
        }
      })}
    </tr>
  );
}

/** The rank, and beside it that among the teams of the chosen groups. */
export function Rank({ row: { rank, rankWithin } }: { row: Standing }) {
  if (rankWithin === null) return <>{rank}</>;
  return (
    <>
      {rank}
      <span class="rank-within" title={t("scoreboard.rankWithin")}>
        <span aria-hidden="true">{` · ${rankWithin}`}</span>
        <span class="sr-only">{` ${t("scoreboard.rankWithinLong", { rank: rankWithin })}`}</span>
      </span>
    </>
  );
}

/** A team's name and organisation, and whether it is the reader's own. */
export function TeamNames({ team, mine }: { team: BoardTeam; mine: boolean }) {
  return (
    <span class="names">
      <span title={team.name}>
        {team.name}
        {mine ? <span class="mine-mark"> {t("scoreboard.you")}</span> : null}
      </span>
      {team.organisation === null ? null : <small title={team.organisation}>{team.organisation}</small>}
    </span>
  );
}

interface HeartProps {
  team: BoardTeam;
  favourite: boolean;
  toggle: (team: string) => void;
}

/** Makes a team a favourite, or no more. */
export function Heart({ team, favourite, toggle }: HeartProps) {
  const label = t("scoreboard.favourite", { team: team.name });
  return (
    <button
      type="button"
      class="quiet heart"
      aria-pressed={favourite}
      aria-label={label}
      title={label}
      onClick={() => toggle(team.id)}
    >
      <Icon name="heart" />
    </button>
  );
}

interface CellViewProps {
  cell: Cell | undefined;
  column: ProblemColumn;
  isFirst: boolean;
}

function CellView({ cell, column, isFirst }: CellViewProps) {
  const face = cell === undefined ? null : faceOf(cell, column, isFirst);
  if (face === null) {
    return (
      <td class="cell">
        <span class="sr-only">{t("scoreboard.untried")}</span>
      </td>
    );
  }
  return (
    <td class="cell">
      <span class="sr-only">{face.sentence}</span>
      <FaceView face={face} />
    </td>
  );
}

/** The figures of a cell, for the eye; the icon is the style sheet's. As few elements as can be: boards have thousands. */
export function FaceView({ face: { kind, main, sub, bar, sentence } }: { face: Face }) {
  return (
    <span class={`cell-face cell-${kind}`} aria-hidden="true" title={sentence}>
      {main}
      {sub === "" ? null : <small>{sub}</small>}
      {bar === null ? null : <progress value={bar.value} max={bar.max} />}
    </span>
  );
}
