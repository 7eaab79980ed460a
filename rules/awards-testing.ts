import { type AwardRules, standardAwards } from "../protocol/award.ts";
import { type Board, type Cell, MINUTE_MS } from "../protocol/contest.ts";
import { undecided } from "./contest-state.ts";
import { timesOf } from "./contest-times.ts";

/** Five hours, frozen for the last. */
export const times = timesOf({ startAt: 0, durationMs: 300 * MINUTE_MS, freezeMs: 60 * MINUTE_MS });

const PENALTY_MINUTES = 20;

/** A board of the ICPC's format once the contest is over. */
function icpcBoard(
  labels: readonly string[],
  teams: readonly string[],
  cells: Cell[],
  { frozen, groups }: { frozen: boolean; groups: string },
): Board {
  const byTeam = groupsOf(groups);
  return {
    seq: 0,
    timed: undecided(times),
    status: { state: "ended", paused: false, boardFrozen: frozen },
    format: { type: "icpc", penaltyMinutes: PENALTY_MINUTES },
    problems: labels.map((label) => ({ label, colour: "#000000", maxScore: "pass-fail" })),
    groups: [...new Set(byTeam.values())].map((id) => ({ id, name: id })),
    teams: teams.map((id) => ({ id, name: id, group: byTeam.get(id) ?? null, organisation: null })),
    cells,
  };
}

/** @param at - contest time in ms of the accepted attempt; null without one */
function icpcCell(team: string, label: string, at: number | null, rejected: number, pending: number): Cell {
  const cell = { team, label, pending, solvedAt: at };
  if (at === null) return { ...cell, attempts: rejected, points: 0, penalty: 0, result: "none" };
  const penalty = Math.floor(at / MINUTE_MS) + PENALTY_MINUTES * rejected;
  return { ...cell, attempts: rejected + 1, points: 1, penalty, result: "full" };
}

/**
 * A board from a line for each team: its id, then its problems. `A10` is solved in minute 10, `A10-2` after two rejected
 * attempts, `A-2` rejected twice, `A?3` three attempts pending, `A-2?3` both. Problems are A to D.
 *
 * @param groups - as `a:x b:x c:y`
 */
export function boardOfLines(lines: readonly string[], frozen = false, groups = ""): Board {
  const rows = lines.map((line) => line.split(" "));
  const teams = rows.map(([id = ""]) => id);
  const cells = rows.flatMap(([team = "", ...own]) => own.map((cell) => cellFrom(team, cell)));
  return icpcBoard(["A", "B", "C", "D"], teams, cells, { frozen, groups });
}

function cellFrom(team: string, text: string): Cell {
  const [, label = "", solved, rejected, pending] = /^(\w)([\d.]+)?(?:-(\d+))?(?:\?(\d+))?$/.exec(text) ?? [];
  if (label === "") throw new Error(`not a cell: ${text}`);
  const at = solved === undefined ? null : Math.round(Number(solved) * MINUTE_MS);
  return icpcCell(team, label, at, Number(rejected ?? 0), Number(pending ?? 0));
}

/**
 * A board of teams a, b, c … by what each solved: `3@100` is three problems with a penalty of 100 minutes, `3` with
 * none.
 */
export function boardOfResults(text: string, groups = ""): Board {
  const results = text.split(" ");
  const teams = results.map((_, index) => String.fromCodePoint(97 + index));
  const cells = results.flatMap((result, index) => {
    const [solved = 0, minutes = 0] = result.split("@").map(Number);
    return Array.from({ length: solved }, (_, problem): Cell => {
      const at = problem === 0 ? minutes * MINUTE_MS : 0;
      return icpcCell(teams[index] ?? "", `P${problem}`, at, 0, 0);
    });
  });
  return icpcBoard([...new Set(cells.map(({ label }) => label))], teams, cells, { frozen: false, groups });
}

/** Rules with so many gold, silver and bronze medals: `1/1/1`. */
export function medalRules(counts: string, more: Partial<AwardRules> = {}): AwardRules {
  const [gold = 0, silver = 0, bronze = 0] = counts.split("/").map(Number);
  return { ...standardAwards, gold, silver, bronze, ...more };
}

/** The group of each team that is in one, from `a:x b:x c:y`. */
export function groupsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split(" ")
      .filter((pair) => pair !== "")
      .map((pair): [string, string] => {
        const [team = "", group = ""] = pair.split(":");
        return [team, group];
      }),
  );
}
