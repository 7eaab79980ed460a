import type { ComponentChildren, RefObject, VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Board } from "../../protocol/contest.ts";
import { columnsOf } from "../../rules/formats/board.ts";
import type { BoardColumn } from "../../rules/formats/format.ts";
import { noSums, sumsOf, type ProblemSums } from "../board.ts";
import { solveTime, type ProblemColumn, type TotalColumn } from "../board-faces.ts";
import { t } from "../i18n.ts";
import type { Standing } from "../standings.ts";
import { Balloon } from "./icons.tsx";
import { TeamRow } from "./scoreboard-row.tsx";
import { TableScroll } from "./table-scroll.tsx";

export interface StandingsProps {
  slug: string;
  board: Board;
  /** Those of the chosen groups, and those of them that are meant by what was typed. */
  rows: readonly Standing[];
  shown: readonly Standing[];
  /** The reader's own team, or null. */
  own: string | null;
  favourites: ReadonlySet<string>;
  /** Null where there is nobody to have favourites, as before a projector. */
  toggle: ((team: string) => void) | null;
  /** Whether the problems may be read yet. */
  linked: boolean;
}

const MOVE_MS = 280;

/** Teams that can be seen slide to their new places; not for those who asked their system for less motion. */
export function useSliding(list: RefObject<HTMLElement | null>, rows: readonly Standing[]): void {
  const tops = useRef(new Map<string, number>());
  useLayoutEffect(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const next = new Map<string, number>();
    for (const row of list.current?.querySelectorAll<HTMLElement>("[data-team]") ?? []) {
      const team = row.dataset.team ?? "";
      const before = tops.current.get(team);
      next.set(team, row.offsetTop);
      const by = (before ?? row.offsetTop) - row.offsetTop;
      if (still || by === 0) continue;
      const { top, bottom } = row.getBoundingClientRect();
      if (Math.max(bottom, bottom + by) < 0 || Math.min(top, top + by) > innerHeight) continue;
      row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], {
        duration: MOVE_MS,
        easing: "ease-out",
      });
    }
    tops.current = next;
  }, [rows]);
}

/** The standings as a table: one row a team, one column a problem, and what all teams did in the last row. */
export function ScoreboardTable({
  slug,
  board,
  rows,
  shown,
  own,
  favourites,
  toggle,
  linked,
}: StandingsProps) {
  const { format, problems } = board;
  const columns = useMemo(() => columnsOf({ format, problems }), [format, problems]);
  const body = useRef<HTMLTableSectionElement>(null);
  useSliding(body, shown);
  const watched = shown.filter(({ team }) => favourites.has(team.id));
  const filtered = rows.some(({ rankWithin }) => rankWithin !== null);
  const draw = (row: Standing, pinned: boolean) => (
    <TeamRow
      key={row.team.id}
      row={row}
      columns={columns}
      mine={row.team.id === own}
      pinned={pinned}
      favourite={favourites.has(row.team.id)}
      toggle={toggle}
    />
  );
  // Preact passes over an element that it was given before: of a large board only the rows that changed are drawn.
  const drawn = useMemo(() => new WeakMap<Standing, VNode>(), [columns, own, favourites, toggle === null]);
  const drawOnce = (row: Standing): VNode => {
    const element = drawn.get(row) ?? draw(row, row.team.id === own);
    drawn.set(row, element);
    return element;
  };
  return (
    <TableScroll label={t("contest.scoreboard")}>
      <table class={`scoreboard ${filtered ? "filtered" : ""} ${isWide(columns) ? "wide-cells" : ""}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={keyOf(column)} slug={slug} board={board} column={column} linked={linked} />
            ))}
          </tr>
        </thead>
        {watched.length === 0 ? null : (
          <tbody class="favourites">
            <SectionHead columns={columns.length}>{t("scoreboard.favourites")}</SectionHead>
            {watched.map((row) => draw(row, false))}
          </tbody>
        )}
        <tbody ref={body}>
          {watched.length === 0 ? null : (
            <SectionHead columns={columns.length}>{t("scoreboard.sums")}</SectionHead>
          )}
          {shown.map(drawOnce)}
        </tbody>
        <tfoot>
          <SumRow columns={columns} rows={rows} />
        </tfoot>
      </table>
    </TableScroll>
  );
}

function SectionHead({ columns, children }: { columns: number; children: ComponentChildren }) {
  return (
    <tr class="section">
      <th scope="rowgroup" colSpan={columns}>
        <span>{children}</span>
      </th>
    </tr>
  );
}

/** Whether its cells say more than a try and a minute. */
const isWide = (columns: readonly BoardColumn[]): boolean =>
  columns.some((column) => column.type === "problem" && column.figures.length > 2);

const keyOf = (column: BoardColumn): string => {
  switch (column.type) {
    case "total":
      return column.of;
    case "problem":
      return column.label;
    default:
      return column.type;
  }
};

interface HeadProps {
  slug: string;
  board: Board;
  column: BoardColumn;
  linked: boolean;
}

function Head({ slug, board, column, linked }: HeadProps) {
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
        <th scope="col" class="number" title={t(`scoreboard.unit.${column.unit}`)}>
          {t(`scoreboard.total.${column.of}`)}
        </th>
      );
    case "problem":
      return <ProblemHead slug={slug} board={board} column={column} linked={linked} />;
    default:
      return column satisfies never;
  }
}

function ProblemHead({ slug, board, column, linked }: HeadProps & { column: ProblemColumn }) {
  const { label, worth } = column;
  const problem = board.problems.find((one) => one.label === label);
  const shown = (
    <span class="problem-label">
      {problem === undefined ? null : <Balloon colour={problem.colour} />}
      {label}
    </span>
  );
  return (
    <th scope="col" class="problem">
      {linked ? <a href={`/contests/${slug}/problems/${label}`}>{shown}</a> : shown}
      {worth === null || worth === 0 ? null : (
        <small class="worth">{t("scoreboard.worth", { points: worth })}</small>
      )}
    </th>
  );
}

/** What the shown teams did together: not those that were merely not searched for. */
function SumRow({ columns, rows }: { columns: readonly BoardColumn[]; rows: readonly Standing[] }) {
  const sums = useMemo(() => sumsOf(rows.flatMap(({ cells }) => [...cells.values()])), [rows]);
  const all = [...sums.values()];
  const solved = all.reduce((sum, one) => sum + one.solved, 0);
  const tries = all.reduce((sum, one) => sum + one.tries, 0);
  const totals = columns.filter((column): column is TotalColumn => column.type === "total");
  const problems = columns.filter((column): column is ProblemColumn => column.type === "problem");
  const filtered = rows.some(({ rankWithin }) => rankWithin !== null);
  return (
    <tr class="sums">
      <th scope="row" colSpan={2} class="team">
        {filtered ? t("scoreboard.sumsFiltered") : t("scoreboard.sums")}
      </th>
      <td colSpan={totals.length} class="number" title={t("scoreboard.sumsOf", { solved, tries })}>
        {`${solved}/${tries}`}
      </td>
      {problems.map((column) => (
        <SumCell key={column.label} column={column} sums={sums.get(column.label) ?? noSums} />
      ))}
    </tr>
  );
}

function SumCell({ column, sums }: { column: ProblemColumn; sums: ProblemSums }) {
  const { solved, tries, firstAt } = sums;
  const to = column.figures.find((figure) => figure.type === "solvedAt")?.to ?? "minute";
  const first = firstAt === null ? "" : t("scoreboard.sumsFirst", { time: solveTime(firstAt, to) });
  const sentence = [t("scoreboard.sumsOf", { solved, tries }), first].filter(Boolean).join(", ");
  return (
    <td class="cell">
      <span class="sr-only">{sentence}</span>
      <span class="cell-face" aria-hidden="true" title={sentence}>
        {`${solved}/${tries}`}
        {first === "" ? null : <small>{first}</small>}
      </span>
    </td>
  );
}
