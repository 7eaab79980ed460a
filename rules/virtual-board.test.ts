import { describe, expect, it } from "vitest";
import type { ContestFormat } from "../protocol/contest-format.ts";
import type { TimedContest } from "../protocol/contest-times.ts";
import type { Cell } from "../protocol/contest.ts";
import type { OwnSubmission } from "../protocol/virtual.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { at, fiveHours, minutes } from "./contest-times-testing.ts";
import { replayOf, standingOf, YOU } from "./virtual-board.ts";
import { recordingOf } from "./virtual-recording.ts";
import { frozen, icpc, logOf, thawed } from "./virtual-testing.ts";

function own(label: string, minute: number, verdict: Verdict | null, judgedIn = minute): OwnSubmission {
  const judgements = verdict === null ? [] : [{ at: minutes(judgedIn), verdict, score: null, groups: [] }];
  return { id: `${label}${minute}`, label, at: minutes(minute), judgements };
}

const you = (...submissions: OwnSubmission[]) => ({ name: "You", submissions });
const cellOf = (cells: readonly Cell[], team: string, label: string) =>
  cells.find((cell) => cell.team === team && cell.label === label);

describe("the recorded board", () => {
  const recording = recordingOf(logOf(thawed, ["a A 12 WA 14", "a A 30 AC 31", "b B 299 AC 305"]));

  it("shows what had been known by each moment", () => {
    const replay = replayOf(recording, null);
    const a = (minute: number) => cellOf(replay.boardAt(minutes(minute)).cells, "a", "A");
    expect(a(11)).toBeUndefined();
    expect(a(12)).toMatchObject({ pending: 1, attempts: 0 });
    expect(a(14)).toMatchObject({ pending: 0, attempts: 1, result: "none" });
    expect(a(31)).toMatchObject({ result: "full", solvedAt: minutes(30) });
  });

  it("goes back as well as on", () => {
    const replay = replayOf(recording, null);
    const there = replay.boardAt(minutes(12));
    const end = replay.boardAt(minutes(300));
    expect(replay.boardAt(minutes(12))).toEqual(there);
    expect(replay.boardAt(minutes(300))).toEqual(end);
    expect(cellOf(end.cells, "b", "B")).toMatchObject({ result: "full" });
  });

  it("knows when it shows more", () => {
    const { nextAt } = replayOf(recording, you(own("A", 20, "AC")));
    expect([0, 12, 14, 20].map((minute) => nextAt(minutes(minute)))).toEqual([12, 14, 20, 30].map(minutes));
    expect(nextAt(minutes(300))).toBeNull();
  });

  it("has the cells of the contest's own board at the end, extra time too", () => {
    const slow: TimedContest = {
      ...thawed,
      times: { ...fiveHours, teams: { a: { extraMs: minutes(30), beganAt: null } } },
    };
    const replay = replayOf(recordingOf(logOf(slow, ["a A 310 AC 311", "b A 310 AC 311"])), null);
    expect(replay.boardAt(replay.lengthMs).cells).toMatchObject([{ team: "a", solvedAt: minutes(310) }]);
  });

  it("keeps pending what the public does not know", () => {
    const replay = replayOf(recordingOf(logOf(frozen, ["a A 250 AC 251"])), null);
    expect(replay.boardAt(minutes(300)).cells).toMatchObject([{ pending: 1, solvedAt: null }]);
  });
});

describe("the reader's row on the recorded board", () => {
  it("stands among the teams, and all ranks are reckoned with it", () => {
    const recording = recordingOf(logOf(thawed, ["a A 10 AC 10", "b A 30 AC 30", "c A 50 AC 50"]));
    const board = replayOf(recording, you(own("A", 40, "AC"))).boardAt(minutes(300));
    expect(standingOf(board, YOU)).toEqual({ rank: 3, teams: 4 });
    expect(standingOf(board, "c")).toEqual({ rank: 4, teams: 4 });
  });

  it("is there without submissions, and not at all for who only watches", () => {
    const recording = recordingOf(logOf(thawed, ["a A 10 AC 10"]));
    expect(standingOf(replayOf(recording, you()).boardAt(0), YOU)).toEqual({ rank: 1, teams: 2 });
    expect(standingOf(replayOf(recording, null).boardAt(0), YOU)).toBeNull();
  });

  it("is pending until its verdict comes, in a replay as it was in the run", () => {
    const recording = recordingOf(logOf(thawed, ["a A 10 AC 10"]));
    const { boardAt } = replayOf(recording, you(own("A", 20, "AC", 25)));
    expect(cellOf(boardAt(minutes(24)).cells, YOU, "A")).toMatchObject({ pending: 1, solvedAt: null });
    expect(cellOf(boardAt(minutes(25)).cells, YOU, "A")).toMatchObject({
      pending: 0,
      solvedAt: minutes(20),
    });
  });

  it("ends with the window where the contest has windows", () => {
    const windows: TimedContest = {
      ...thawed,
      times: { ...fiveHours, windowMs: minutes(120), teams: { a: { extraMs: 0, beganAt: at(60) } } },
    };
    const replay = replayOf(recordingOf(logOf(windows, ["a A 90 AC 91"])), you(own("A", 119, "AC", 120)));
    expect(replay.lengthMs).toBe(minutes(120));
    const { cells } = replay.boardAt(replay.lengthMs);
    expect(cellOf(cells, "a", "A")).toMatchObject({ solvedAt: minutes(30) });
    expect(cellOf(cells, YOU, "A")).toMatchObject({ solvedAt: minutes(119) });
  });

  it.each<[format: ContestFormat, cell: Partial<Cell>]>([
    [icpc, { points: 1, penalty: 170 }],
    [
      {
        type: "codeforces",
        points: { A: 500 },
        decayPercent: 50,
        deduction: 50,
        floorPercent: 30,
      },
      // Half of the time has passed, which takes a quarter of the points.
      { points: 325, penalty: 50 },
    ],
  ])("is reckoned by the contest's format and duration (%j)", (format, cell) => {
    const recording = recordingOf(logOf(thawed, ["a A 10 AC 10"], format));
    const { boardAt } = replayOf(recording, you(own("A", 5, "WA"), own("A", 150, "AC")));
    expect(cellOf(boardAt(minutes(300)).cells, YOU, "A")).toMatchObject(cell);
  });
});
