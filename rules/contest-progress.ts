import type { ContestProgress, ProblemProgress } from "../protocol/contest-statistics.ts";
import type { Cell } from "../protocol/contest.ts";
import { boardOf, type ContestFold } from "./contest-board.ts";
import { rankTeams } from "./formats/board.ts";

/**
 * How far each team of a contest is with each problem, teams by name. For the jury alone: it hides nothing.
 *
 * @param now - ms since 1970-01-01 UTC
 */
export function contestProgress(contest: ContestFold, now: number): ContestProgress {
  const board = boardOf(contest, 0, now, "jury");
  const groups = new Map(board.groups.map(({ id, name }) => [id, name]));
  const sent = Map.groupBy(contest.submissions.values(), ({ team }) => team);
  return {
    problems: board.problems.map(({ label }) => label),
    teams: rankTeams(board.format, board.teams, board.cells)
      .map(({ team, totals, cells }) => {
        const submissions = sent.get(team.id) ?? [];
        return {
          id: team.id,
          name: team.name,
          group: team.group === null ? null : (groups.get(team.group) ?? null),
          organisation: team.organisation,
          solved: totals.solved,
          points: totals.points,
          submissions: submissions.length,
          lastAt: submissions.reduce<number | null>(
            (last, { receivedAt }) => Math.max(last ?? receivedAt, receivedAt),
            null,
          ),
          cells: board.problems.map(({ label }) => progressIn(label, cells.get(label))),
        };
      })
      .sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id)),
  };
}

function progressIn(label: string, cell: Cell | undefined): ProblemProgress {
  if (cell === undefined) return { label, state: "untried", tries: 0, points: 0 };
  return { label, state: stateOf(cell), tries: cell.attempts, points: cell.points };
}

function stateOf({ result, pending }: Cell): ProblemProgress["state"] {
  if (result === "full") return "solved";
  if (pending > 0) return "waiting";
  return result === "partial" ? "partial" : "tried";
}

/** By code unit, so that every machine orders alike. */
const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The same as comma-separated values (RFC 4180), one row a team, for spreadsheets. Times are in UTC. */
export function progressCsv({ problems, teams }: ContestProgress): string {
  const head = ["team", "group", "organisation", "solved", "points", "submissions", "last submission"];
  const rows = teams.map((team) => [
    text(team.name),
    text(team.group ?? ""),
    text(team.organisation ?? ""),
    team.solved,
    team.points,
    team.submissions,
    team.lastAt === null ? "" : new Date(team.lastAt).toISOString(),
    ...team.cells.flatMap(({ state, tries, points }) => [state, tries, points]),
  ]);
  const all = [
    [...head, ...problems.flatMap((label) => [label, `${label} tries`, `${label} points`])],
    ...rows,
  ];
  return all.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** A spreadsheet takes what begins like this for a formula and runs it: with an apostrophe before it is text. */
const text = (value: string): string => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

const field = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
