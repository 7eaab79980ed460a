import type { Board, BoardChange, Cell, LiveContestMessage } from "../protocol/contest.ts";

/** A scoreboard and the room's memory that it belongs to. */
export interface LiveBoard {
  epoch: string;
  board: Board;
}

/**
 * The scoreboard after a message of its room.
 * @param before null before the first board
 * @returns null when a change was missed, or belongs to another memory of the room: ask for the whole board
 */
export function afterMessage(before: LiveBoard | null, message: LiveContestMessage): LiveBoard | null {
  switch (message.type) {
    case "board":
      return { epoch: message.epoch, board: message.board };
    case "changes": {
      if (before === null || before.epoch !== message.epoch) return null;
      const board = afterChanges(before.board, message.changes);
      return board === null ? null : { epoch: before.epoch, board };
    }
    default:
      return message satisfies never;
  }
}

/**
 * Changes are complete states, so those that were seen already are passed over; a gap gives null. What did not change
 * stays the same object, by which the page knows what it need not draw again.
 */
export function afterChanges(board: Board, changes: readonly BoardChange[]): Board | null {
  const fresh = changes.filter((change) => change.seq > board.seq);
  if (fresh.some((change, index) => change.seq !== board.seq + 1 + index)) return null;
  if (fresh.length === 0) return board;
  const teams = new Map(board.teams.map((team) => [team.id, team]));
  const cells = new Map(board.cells.map((cell) => [cellKey(cell), cell]));
  for (const change of fresh) {
    switch (change.type) {
      case "team":
        teams.set(change.team.id, change.team);
        break;
      case "team_removed":
        teams.delete(change.team);
        break;
      case "cell":
        cells.set(cellKey(change.cell), change.cell);
        break;
      default:
        change satisfies never;
    }
  }
  return { ...board, seq: board.seq + fresh.length, teams: [...teams.values()], cells: [...cells.values()] };
}

const cellKey = ({ team, label }: Cell): string => `${team}\n${label}`;

/** What the last row says of a problem: how many tries were made, by how many teams it was solved, and when first. */
export interface ProblemSums {
  tries: number;
  solved: number;
  /** Contest time in ms; null while nobody has solved it. */
  firstAt: number | null;
}

export const noSums: ProblemSums = { tries: 0, solved: 0, firstAt: null };

/** Of every problem that somebody tried, by label. Tries without a result count too, as everybody sees that they were made. */
export function sumsOf(cells: readonly Cell[]): ReadonlyMap<string, ProblemSums> {
  const sums = new Map<string, ProblemSums>();
  for (const { label, attempts, pending, solvedAt } of cells) {
    const { tries, solved, firstAt } = sums.get(label) ?? noSums;
    sums.set(label, {
      tries: tries + attempts + pending,
      solved: solved + (solvedAt === null ? 0 : 1),
      firstAt: solvedAt === null || (firstAt !== null && firstAt <= solvedAt) ? firstAt : solvedAt,
    });
  }
  return sums;
}
