import type { Award } from "../protocol/award.ts";
import type { Board, Cell } from "../protocol/contest.ts";
import type { ResolverState, ResolverStep } from "../protocol/resolver.ts";
import { gathered } from "./awards-given.ts";
import { rankTeams } from "./formats/board.ts";

/** What screens show before the first step: the frozen board. */
export function beforeResolving(frozen: Board): ResolverState {
  return {
    shown: 0,
    board: frozen,
    standing: standingOf(frozen),
    looked: null,
    placed: [],
    awards: [],
    ended: false,
  };
}

/**
 * What screens show after one more step. A step that was shown before changes nothing.
 *
 * @returns null when steps before this one are missing: the state must be asked for
 */
export function afterStep(state: ResolverState, step: ResolverStep): ResolverState | null {
  if (step.number <= state.shown) return state;
  if (step.number > state.shown + 1) return null;
  return { ...state, shown: step.number, ...changed(state, step) };
}

/** What screens show after so many steps. They must be the first ones of a show. */
export function stateAt(frozen: Board, steps: readonly ResolverStep[], shown: number): ResolverState {
  let state = beforeResolving(frozen);
  for (const step of steps.slice(0, shown)) state = { ...state, shown: step.number, ...changed(state, step) };
  return state;
}

function changed(state: ResolverState, step: ResolverStep): Partial<ResolverState> {
  switch (step.type) {
    case "look":
      return { looked: { row: step.row, team: step.team, label: null } };
    case "problem":
      return state.looked === null ? {} : { looked: { ...state.looked, label: step.label } };
    case "verdict":
      return { board: withCell(state.board, step.cell) };
    case "move":
      return { standing: standingOf(state.board) };
    case "place": {
      const given = step.awards.map((award) => ({ ...award, teams: [step.team] }));
      return { placed: [...state.placed, step.team], awards: joined(state.awards, given) };
    }
    case "award":
      return { awards: joined(state.awards, [step.award]) };
    case "end":
      return {
        looked: null,
        board: { ...state.board, status: { ...state.board.status, boardFrozen: false } },
        ended: true,
      };
    default:
      return step satisfies never;
  }
}

function standingOf(board: Board): ResolverState["standing"] {
  return rankTeams(board.format, board.teams, board.cells).map((row) => ({
    team: row.team.id,
    rank: row.rank,
  }));
}

/** The board with one cell put in the place of what it said before. */
export function withCell(board: Board, cell: Cell): Board {
  const at = board.cells.findIndex(({ team, label }) => team === cell.team && label === cell.label);
  return { ...board, cells: at < 0 ? [...board.cells, cell] : board.cells.with(at, cell) };
}

function joined(told: readonly Award[], more: readonly Award[]): Award[] {
  return gathered(
    [...told, ...more].flatMap(({ teams, ...name }) => teams.map((team) => ({ ...name, team }))),
  );
}
