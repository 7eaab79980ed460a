import { describe, expect, it } from "vitest";
import type { Board, BoardChange, Cell, LiveContestMessage } from "../protocol/contest.ts";
import { undecided } from "../rules/contest-state.ts";
import { timesOf } from "../rules/contest-times.ts";
import { afterChanges, afterMessage, noSums, sumsOf } from "./board.ts";

const cell = (team: string, label: string, more: Partial<Cell> = {}): Cell => ({
  team,
  label,
  attempts: 0,
  pending: 0,
  solvedAt: null,
  points: 0,
  penalty: 0,
  result: "none",
  ...more,
});
const team = (id: string, name: string) => ({ id, name, group: null, organisation: null });

const board: Board = {
  seq: 10,
  timed: undecided(timesOf({ startAt: 0, durationMs: 1000, freezeMs: 0 })),
  status: { state: "running", paused: false, boardFrozen: false },
  format: { type: "icpc", penaltyMinutes: 20 },
  problems: [{ label: "A", colour: "#000000", maxScore: "pass-fail" }],
  groups: [],
  teams: [team("x", "X"), team("z", "Z")],
  cells: [cell("x", "A", { pending: 1 }), cell("x", "B", { attempts: 1 })],
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
      { type: "team", seq: 12, team: team("y", "Y") },
      changed(13, cell("y", "A", { pending: 1 })),
    ]);
    expect(after?.seq).toBe(13);
    expect(after?.cells).toEqual([
      cell("x", "A", { solvedAt: 500 }),
      cell("x", "B", { attempts: 1 }),
      cell("y", "A", { pending: 1 }),
    ]);
    expect(after?.teams.map(({ name }) => name)).toEqual(["X", "Z", "Y"]);
  });

  it("takes out a team that was removed, and gives one its new name", () => {
    const after = afterChanges(board, [
      { type: "team_removed", seq: 11, team: "z" },
      { type: "team", seq: 12, team: team("x", "Ex") },
    ]);
    expect(after?.teams).toEqual([team("x", "Ex")]);
  });

  it("keeps what did not change as the same objects, so that it is not drawn again", () => {
    const after = afterChanges(board, [changed(11, cell("x", "A", { solvedAt: 500 }))]);
    expect(after?.cells[1]).toBe(board.cells[1]);
    expect(after?.teams[0]).toBe(board.teams[0]);
    expect(after?.problems).toBe(board.problems);
  });

  it("passes over changes that it has seen already", () => {
    const seen = [changed(9, cell("x", "A", { attempts: 5 })), changed(10, cell("x", "A"))];
    expect(afterChanges(board, seen)).toBe(board);
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
  it("count every try, solved or not, with a result or without, and the first solution", () => {
    const sums = sumsOf([
      cell("x", "A", { attempts: 3, solvedAt: 900 }),
      cell("y", "A", { attempts: 1, solvedAt: 300 }),
      cell("z", "A", { attempts: 1, pending: 1 }),
      cell("w", "A", { attempts: 1, solvedAt: 400 }),
      cell("x", "B", { attempts: 9 }),
    ]);
    expect(sums.get("A")).toEqual({ tries: 7, solved: 3, firstAt: 300 });
    expect(sums.get("B")).toEqual({ ...noSums, tries: 9 });
    expect(sums.get("C")).toBeUndefined();
  });
});
