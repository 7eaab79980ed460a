import { type AwardRules, standardAwards } from "../protocol/award.ts";
import { type Board, type Cell, type ContestClock, MINUTE_MS } from "../protocol/contest.ts";
import type { Groups } from "./awards-given.ts";

/** Five hours, frozen for the last. */
export const clock: ContestClock = {
  startAt: 0,
  durationMs: 300 * MINUTE_MS,
  freezeMs: 60 * MINUTE_MS,
  penaltyMinutes: 20,
};

/**
 * A board from a line for each team: its id, then its problems. `A10` is solved in minute 10, `A10-2` after two rejected
 * attempts, `A-2` rejected twice, `A?3` three attempts pending, `A-2?3` both. Problems are A to D.
 */
export function boardOfLines(lines: readonly string[], frozen = false): Board {
  const rows = lines.map((line) => line.split(" "));
  return {
    seq: 0,
    clock,
    frozen,
    problems: ["A", "B", "C", "D"].map((label) => ({ label, colour: "#000000" })),
    teams: rows.map(([id = ""]) => ({ id, name: id })),
    cells: rows.flatMap(([team = "", ...cells]) => cells.map((cell) => cellFrom(team, cell))),
  };
}

function cellFrom(team: string, text: string): Cell {
  const [, label = "", solved, rejected, pending] = /^(\w)([\d.]+)?(?:-(\d+))?(?:\?(\d+))?$/.exec(text) ?? [];
  if (label === "") throw new Error(`not a cell: ${text}`);
  return {
    team,
    label,
    rejected: Number(rejected ?? 0),
    pending: Number(pending ?? 0),
    solvedAt: solved === undefined ? null : Math.round(Number(solved) * MINUTE_MS),
  };
}

/**
 * A board of teams a, b, c … by what each solved: `3@100` is three problems with a penalty of 100 minutes, `3` with
 * none.
 */
export function boardOfResults(text: string): Board {
  const results = text.split(" ");
  const teams = results.map((_, index) => String.fromCodePoint(97 + index));
  const cells = results.flatMap((result, index) => {
    const [solved = 0, minutes = 0] = result.split("@").map(Number);
    return Array.from({ length: solved }, (_, problem): Cell => {
      const at = problem === 0 ? minutes * MINUTE_MS : 0;
      return { team: teams[index] ?? "", label: `P${problem}`, rejected: 0, pending: 0, solvedAt: at };
    });
  });
  const labels = [...new Set(cells.map(({ label }) => label))];
  return {
    seq: 0,
    clock,
    frozen: false,
    problems: labels.map((label) => ({ label, colour: "#000000" })),
    teams: teams.map((id) => ({ id, name: id })),
    cells,
  };
}

/** Rules with so many gold, silver and bronze medals: `1/1/1`. */
export function medalRules(counts: string, more: Partial<AwardRules> = {}): AwardRules {
  const [gold = 0, silver = 0, bronze = 0] = counts.split("/").map(Number);
  return { ...standardAwards, gold, silver, bronze, ...more };
}

/** Groups from `a:x b:x c:y`. */
export function groupsOf(text: string): Groups {
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
