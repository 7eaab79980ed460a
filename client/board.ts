import type { Board, BoardChange, BoardTeam, Cell, LiveContestMessage } from "../protocol/contest.ts";

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

/** Changes are complete states, so those that were seen already are passed over; a gap gives null. */
export function afterChanges(board: Board, changes: readonly BoardChange[]): Board | null {
  const fresh = changes.filter((change) => change.seq > board.seq);
  if (fresh.some((change, index) => change.seq !== board.seq + 1 + index)) return null;
  const teams = new Map(board.teams.map((team) => [team.id, team]));
  const cells = new Map(board.cells.map((cell) => [cellKey(cell), cell]));
  for (const change of fresh) {
    if (change.type === "team") teams.set(change.team.id, change.team);
    else cells.set(cellKey(change.cell), change.cell);
  }
  return {
    ...board,
    seq: board.seq + fresh.length,
    teams: [...teams.values()] satisfies BoardTeam[],
    cells: [...cells.values()] satisfies Cell[],
  };
}

const cellKey = ({ team, label }: Cell): string => `${team}\n${label}`;

/** What the last row says of a problem: how many tries were made, by how many teams it was solved, and when first. */
export interface ProblemSums {
  tries: number;
  solved: number;
  firstAt: number | null;
}

export function sumsOf(board: Pick<Board, "cells">, label: string): ProblemSums {
  const cells = board.cells.filter((cell) => cell.label === label);
  const times = cells.flatMap(({ solvedAt }) => (solvedAt === null ? [] : [solvedAt]));
  return {
    tries: cells.reduce(
      (sum, { rejected, pending, solvedAt }) => sum + rejected + pending + (solvedAt === null ? 0 : 1),
      0,
    ),
    solved: times.length,
    firstAt: times.length === 0 ? null : Math.min(...times),
  };
}
