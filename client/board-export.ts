import type { Board, Cell } from "../protocol/contest.ts";
import type { ContestStatus } from "../protocol/contest-times.ts";
import type { View } from "../rules/contest-board.ts";
import { columnsOf } from "../rules/formats/board.ts";
import type { BoardColumn, CellFigure } from "../rules/formats/format.ts";
import { csvText, type CsvValue } from "./saved-file.ts";
import type { Standing } from "./standings.ts";

/** What somebody sees of a scoreboard at a moment. */
export interface SeenBoard {
  slug: string;
  contest: string;
  view: View;
  status: ContestStatus;
  /** Of what is shown: ms since 1970-01-01 UTC. */
  at: number;
  board: Board;
  rows: readonly Standing[];
}

/** A field of the table: its heading, and what it says of a team. */
interface Field {
  heading: string;
  of: (row: Standing) => CsvValue;
}

/**
 * The seen teams as CSV (RFC 4180) with one column for each figure; times are whole minutes or seconds as the format
 * counts them, what is not there is empty. Headings are the same in every language.
 */
export function csvOf({ board, rows }: SeenBoard): string {
  const fields = fieldsOf(board);
  const lines = [fields.map(({ heading }) => heading), ...rows.map((row) => fields.map(({ of }) => of(row)))];
  return csvText(lines);
}

function fieldsOf(board: Board): Field[] {
  const groups = new Map(board.groups.map(({ id, name }) => [id, name]));
  return columnsOf(board).flatMap((column): Field[] => {
    switch (column.type) {
      case "rank":
        return [
          { heading: "rank", of: ({ rank }) => rank },
          { heading: "rank in filter", of: ({ rankWithin }) => rankWithin },
        ];
      case "team":
        return [
          { heading: "team id", of: ({ team }) => team.id },
          { heading: "team", of: ({ team }) => team.name },
          { heading: "group", of: ({ team }) => groups.get(team.group ?? "") ?? null },
          { heading: "organisation", of: ({ team }) => team.organisation },
        ];
      case "total":
        return [{ heading: `${column.of} (${column.unit})`, of: ({ totals }) => totals[column.of] }];
      case "problem":
        return problemFields(column);
      default:
        return column satisfies never;
    }
  });
}

function problemFields({ label, figures }: Extract<BoardColumn, { type: "problem" }>): Field[] {
  const field = (name: string, figure: (cell: Cell) => CsvValue): Field => ({
    heading: `${label} ${name}`,
    of: ({ cells }) => {
      const cell = cells.get(label);
      return cell === undefined ? null : figure(cell);
    },
  });
  return [
    field("result", ({ result }) => result),
    ...figures.map((figure) => field(nameOf(figure), (cell) => valueOf(figure, cell))),
    field("pending", ({ pending }) => pending),
  ];
}

const nameOf = (figure: CellFigure): string =>
  figure.type === "solvedAt" ? `solved at ${figure.to}` : figure.type;

function valueOf(figure: CellFigure, { attempts, result, points, penalty, solvedAt }: Cell): CsvValue {
  switch (figure.type) {
    case "attempts":
      return attempts;
    case "rejected":
      return result === "full" ? attempts - 1 : attempts;
    case "points":
      return points;
    case "lost":
      return penalty;
    case "solvedAt":
      return solvedAt === null ? null : Math.floor(solvedAt / (figure.to === "minute" ? 60_000 : 1000));
    default:
      return figure satisfies never;
  }
}

/** The seen teams as JSON: the contest, how it was looked at and when, and each row with its cells by label. */
export function jsonOf({ slug, contest, view, status, at, board, rows }: SeenBoard): string {
  const shown = {
    contest: { slug, name: contest },
    view,
    at: new Date(at).toISOString(),
    status,
    format: board.format,
    problems: board.problems,
    groups: board.groups,
    rows: rows.map(({ rank, rankWithin, team, totals, cells }) => ({
      rank,
      rankWithin,
      team,
      totals,
      problems: Object.fromEntries([...cells].map(([label, cell]) => [label, withoutName(cell)])),
    })),
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function withoutName(cell: Cell): Omit<Cell, "team" | "label"> {
  const { team: _, label: __, ...rest } = cell;
  return rest;
}
