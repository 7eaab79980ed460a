import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ResolverState } from "../../protocol/resolver.ts";
import type { BoardColumn } from "../../rules/formats/format.ts";
import { columnsOf } from "../../rules/formats/board.ts";
import { faceOf, totalText } from "../board-faces.ts";
import { locale, t } from "../i18n.ts";
import { keepSame, standingsOf, type Standing } from "../standings.ts";
import { Balloon } from "./icons.tsx";
import { FaceView, TeamNames } from "./scoreboard-row.tsx";
import { useSliding } from "./scoreboard-table.tsx";
import { TableScroll } from "./table-scroll.tsx";

/** The scoreboard of a show: its rows stand as the steps say, and the team and problem in the light are marked. */
export function ResolverBoard({ state }: { state: ResolverState }) {
  const { board, looked } = state;
  const { format, problems } = board;
  const columns = useMemo(() => columnsOf({ format, problems }), [format, problems]);
  const rows = useRows(state);
  const body = useRef<HTMLTableSectionElement>(null);
  useSliding(body, rows);
  useInSight(body, looked?.team ?? null, state.shown);
  const colours = new Map(problems.map(({ label, colour }) => [label, colour]));
  return (
    <TableScroll label={t("resolver.board")}>
      <table class="scoreboard">
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={keyOf(column)} column={column} colours={colours} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row) => (
            <Row
              key={row.team.id}
              row={row}
              columns={columns}
              lit={looked?.team === row.team.id}
              label={looked?.team === row.team.id ? looked.label : null}
              placed={state.placed.includes(row.team.id)}
            />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** The rows in the show's order, with its ranks: a verdict changes a row at once, its place only with the move. */
function useRows({ board, standing }: ResolverState): readonly Standing[] {
  const before = useRef<readonly Standing[]>([]);
  return useMemo(() => {
    const known = new Map(standingsOf(board, []).map((row) => [row.team.id, row]));
    const rows = standing.flatMap(({ team, rank }) => {
      const row = known.get(team);
      return row === undefined ? [] : [{ ...row, rank }];
    });
    before.current = keepSame(before.current, rows);
    return before.current;
  }, [board, standing]);
}

/** Keeps the team in the light on the screen, with those above it that it may pass. */
function useInSight(body: { current: HTMLElement | null }, team: string | null, shown: number): void {
  useEffect(() => {
    const row = team === null ? body.current?.firstElementChild : body.current?.querySelector(".lit");
    const box = body.current?.closest<HTMLElement>(".table-scroll");
    if (!(row instanceof HTMLElement) || !box) return;
    box.scrollTop = row.offsetTop - box.clientHeight * 0.6;
    const cell = row.querySelector<HTMLElement>(".cell.lit");
    box.scrollLeft = cell === null ? 0 : cell.offsetLeft + cell.offsetWidth - box.clientWidth;
  }, [team, shown]);
}

function keyOf(column: BoardColumn): string {
  switch (column.type) {
    case "total":
      return column.of;
    case "problem":
      return column.label;
    default:
      return column.type;
  }
}

function Head({ column, colours }: { column: BoardColumn; colours: ReadonlyMap<string, string> }) {
  switch (column.type) {
    case "rank":
      return (
        <th scope="col" class="rank">
          <abbr title={t("scoreboard.rank")}>#</abbr>
        </th>
      );
    case "team":
      return (
        <th scope="col" class="team">
          {t("scoreboard.team")}
        </th>
      );
    case "total":
      return (
        <th scope="col" class="number">
          {t(`scoreboard.total.${column.of}`)}
        </th>
      );
    case "problem":
      return (
        <th scope="col" class="problem">
          <span class="problem-label">
            <Balloon colour={colours.get(column.label) ?? ""} />
            {column.label}
          </span>
        </th>
      );
    default:
      return column satisfies never;
  }
}

interface RowProps {
  row: Standing;
  columns: readonly BoardColumn[];
  /** Whether the team is in the light, and with which problem. */
  lit: boolean;
  label: string | null;
  placed: boolean;
}

/** One team's row. It is drawn again only when something in it changes: a large board has thousands of cells. */
function Row({ row, columns, lit, label, placed }: RowProps) {
  return useMemo(
    () => (
      <tr data-team={row.team.id} class={lit ? "lit" : undefined} aria-current={lit ? "true" : undefined}>
        {columns.map((column) => {
          switch (column.type) {
            case "rank":
              return (
                <td key="rank" class={placed ? "rank placed" : "rank"}>
                  {row.rank}
                </td>
              );
            case "team":
              return (
                <th key="team" scope="row" class="team">
                  <TeamNames team={row.team} mine={false} />
                </th>
              );
            case "total":
              return (
                <td key={column.of} class={`number ${column.of}`}>
                  {totalText(column, row.totals[column.of])}
                </td>
              );
            case "problem": {
              const cell = row.cells.get(column.label);
              const face =
                cell === undefined ? null : faceOf(cell, column, row.firsts.includes(column.label));
              return (
                <td key={column.label} class={column.label === label ? "cell lit" : "cell"}>
                  <span class="sr-only">{face?.sentence ?? t("scoreboard.untried")}</span>
                  {face === null ? null : <FaceView face={face} />}
                </td>
              );
            }
            default:
              return column satisfies never;
          }
        })}
      </tr>
    ),
    [row, columns, lit, label, placed, locale.value],
  );
}
