import { describe, expect, it } from "vitest";
import type { Board, BoardChange, Cell, LiveContestMessage } from "../protocol/contest.ts";
import { afterChanges, afterMessage, sumsOf } from "./board.ts";

const cell = (team: string, label: string, more: Partial<Cell> = {}): Cell => ({
  team,
  label,
  rejected: 0,
  pending: 0,
  solvedAt: null,
  ...more,
});

const board: Board = {
  seq: 10,
  clock: { startAt: 0, durationMs: 1000, freezeMs: 0, penaltyMinutes: 20 },
  frozen: false,
  problems: [{ label: "A", colour: "#000000" }],
  teams: [{ id: "x", name: "X" }],
  cells: [cell("x", "A", { pending: 1 })],
};

const changed = (seq: number, changedCell: Cell): BoardChange => ({ type: "cell", seq, cell: changedCell });
const changes = (epoch: string, list: BoardChange[]): LiveContestMessage => ({
  type: "changes",
  epoch,
  changes: list,
  now: 0,
});

describe("a live scoreboard", () => {
  it("replaces a cell by its newer state and takes in new teams", () => {
    const after = afterChanges(board, [
      changed(11, cell("x", "A", { solvedAt: 500 })),
      { type: "team", seq: 12, team: { id: "y", name: "Y" } },
      changed(13, cell("y", "A", { pending: 1 })),
    ]);
    expect(after?.seq).toBe(13);
    expect(after?.cells).toEqual([cell("x", "A", { solvedAt: 500 }), cell("y", "A", { pending: 1 })]);
    expect(after?.teams.map((team) => team.name)).toEqual(["X", "Y"]);
  });

  it("passes over changes that it has seen already", () => {
    expect(
      afterChanges(board, [changed(9, cell("x", "A", { rejected: 5 })), changed(10, cell("x", "A"))]),
    ).toEqual(board);
  });

  it("asks for the whole board when a change is missing in between", () => {
    expect(afterChanges(board, [changed(12, cell("x", "A"))])).toBeNull();
    expect(afterChanges(board, [changed(11, cell("x", "A")), changed(13, cell("x", "A"))])).toBeNull();
  });

  it("asks for the whole board when the room has begun a new memory", () => {
    expect(afterMessage({ epoch: "old", board }, changes("new", []))).toBeNull();
    expect(afterMessage(null, changes("new", []))).toBeNull();
  });

  it("takes a whole board from whatever epoch", () => {
    const message: LiveContestMessage = { type: "board", epoch: "new", board: { ...board, seq: 2 }, now: 0 };
    expect(afterMessage({ epoch: "old", board }, message)).toEqual({
      epoch: "new",
      board: { ...board, seq: 2 },
    });
  });
});

describe("a problem's sums", () => {
  it("count every try, solved or not, and the first solution", () => {
    const cells = [
      cell("x", "A", { rejected: 2, solvedAt: 900 }),
      cell("y", "A", { solvedAt: 300 }),
      cell("z", "A", { rejected: 1, pending: 1 }),
      cell("x", "B", { rejected: 9 }),
    ];
    expect(sumsOf({ cells }, "A")).toEqual({ tries: 6, solved: 2, firstAt: 300 });
    expect(sumsOf({ cells }, "C")).toEqual({ tries: 0, solved: 0, firstAt: null });
  });
});
