import { useRoute } from "preact-iso";
import { Board, MINUTE_MS, type ContestView } from "../../protocol/contest.ts";
import { firstSolves } from "../../rules/contest-board.ts";
import { columnsOf, rankTeams, type FormatRow } from "../../rules/formats/board.ts";
import { request } from "../api.ts";
import { faceOf, type ProblemColumn, totalText } from "../board-faces.ts";
import { useServerNow } from "../clock.ts";
import { useContest } from "../contest.ts";
import { dateTime, timeZone } from "../format.ts";
import { t } from "../i18n.ts";
import { useLoaded } from "../load.ts";
import { Await } from "../parts/await.tsx";
import { PrintPage } from "../parts/print-page.tsx";
import { TableScroll } from "../parts/table-scroll.tsx";
import "../locales/board.ts";
import "../locales/print.ts";

/** A contest's standings on paper: final, frozen, or as they are now, and which of these they are. */
export default function PrintStandings() {
  const slug = useRoute().params.slug ?? "";
  const contest = useContest(slug);
  const loading = useLoaded(`board ${slug}`, (signal) =>
    request(Board, `/api/contests/${slug}/scoreboard`, { signal }),
  );
  return (
    <Await loading={contest}>
      {(view) => (
        <Await loading={loading}>
          {(board) => (
            <PrintPage contest={view} heading={t("print.standings")}>
              <Sheet contest={view} board={board} />
            </PrintPage>
          )}
        </Await>
      )}
    </Await>
  );
}

function Sheet({ contest, board }: { contest: ContestView; board: Board }) {
  const now = useServerNow();
  const { status, timed } = board;
  const final = status.state === "finalised" && !status.boardFrozen;
  const minutes = Math.ceil(timed.times.freezeMs / MINUTE_MS);
  return (
    <section class="sheet sheet-wide" aria-label={t("print.standings")}>
      <h2 class="sheet-title">{contest.name}</h2>
      <p>
        <strong>{t(final ? "print.final" : "print.notFinal")}</strong>{" "}
        {t("print.asOf", { time: `${dateTime(now)} (${timeZone()})` })}
      </p>
      {status.boardFrozen ? <p>{t("scoreboard.frozen", { minutes })}</p> : null}
      <TableScroll label={t("print.standings")}>
        <Table board={board} />
      </TableScroll>
    </section>
  );
}

function Table({ board }: { board: Board }) {
  const columns = columnsOf(board);
  const first = firstSolves(board.cells);
  const rows = rankTeams(board.format, board.teams, board.cells);
  const organisations = new Map(board.groups.map(({ id, name }) => [id, name]));
  return (
    <table class="sheet-table">
      <thead>
        <tr>
          {columns.map((column) => {
            switch (column.type) {
              case "rank":
                return (
                  <th key="rank" scope="col" class="number">
                    <abbr title={t("scoreboard.rank")}>#</abbr>
                  </th>
                );
              case "team":
                return (
                  <th key="team" scope="col">
                    {t("scoreboard.team")}
                  </th>
                );
              case "total":
                return (
                  <th key={column.of} scope="col" class="number">
                    {t(`scoreboard.total.${column.of}`)}
                  </th>
                );
              case "problem":
                return (
                  <th key={`problem ${column.label}`} scope="col">
                    {column.label}
                  </th>
                );
              default:
                return column satisfies never;
            }
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.team.id}>
            {columns.map((column) => {
              switch (column.type) {
                case "rank":
                  return (
                    <td key="rank" class="number">
                      {row.rank}
                    </td>
                  );
                case "team":
                  return (
                    <th key="team" scope="row">
                      {row.team.name}
                      <Origin row={row} groups={organisations} />
                    </th>
                  );
                case "total":
                  return (
                    <td key={column.of} class="number">
                      {totalText(column, row.totals[column.of])}
                    </td>
                  );
                case "problem":
                  return (
                    <td key={`problem ${column.label}`}>
                      <Figures row={row} column={column} isFirst={first.get(column.label) === row.team.id} />
                    </td>
                  );
                default:
                  return column satisfies never;
              }
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Origin({ row: { team }, groups }: { row: FormatRow; groups: ReadonlyMap<string, string> }) {
  const group = team.group === null ? null : (groups.get(team.group) ?? null);
  const origin = [team.organisation, group].filter((one) => one !== null);
  return origin.length === 0 ? null : <span class="under">{origin.join(" · ")}</span>;
}

interface FiguresProps {
  row: FormatRow;
  column: ProblemColumn;
  isFirst: boolean;
}

/** Paper has no colours to rely on: the figures, and a star for the first to solve. */
function Figures({ row, column, isFirst }: FiguresProps) {
  const cell = row.cells.get(column.label);
  const face = cell === undefined ? null : faceOf(cell, column, isFirst);
  if (face === null) return <span class="sr-only">{t("scoreboard.untried")}</span>;
  return (
    <>
      <span class="sr-only">{face.sentence}</span>
      <span aria-hidden="true">
        {face.kind === "first" ? "★ " : ""}
        {face.main}
        <span class="under">{face.sub}</span>
      </span>
    </>
  );
}
