import { describe, expect, it } from "vitest";
import type { Board } from "../protocol/contest.ts";
import { boardOfLines } from "./awards-testing.ts";
import { ioiFormat } from "./formats/testing.ts";
import { bestRank } from "./resolver-chance.ts";

describe("the best rank that a pending problem can bring", () => {
  it.each<[what: string, lines: string[], rank: number]>([
    ["is that of having solved it as the freeze began", ["a A10 B20", "b A20 B30", "c A30 B?1"], 3],
    ["passes teams with fewer problems", ["a A10", "b A20", "c A30 B?1"], 1],
    ["counts what was rejected before", ["a A10 B239-1", "b A10 B?1"], 1],
    ["counts every rejected attempt", ["a A10 B239-1", "b A10 B-2?1"], 2],
    ["is the rank that the team has where it solved the problem already", ["a A10", "b A20?1"], 2],
  ])("%s", (_, lines, rank) => {
    const board = boardOfLines(lines, true);
    const pending = board.cells.find((cell) => cell.pending > 0);
    expect(bestRank(board, pending?.team ?? "", pending?.label ?? "")).toBe(rank);
  });

  it("is that of all points where parts of them count, and unknown where they have no bound", () => {
    const scored = (maxScore: number | null): Board => ({
      ...boardOfLines(["a A10", "b B?1"], true),
      format: ioiFormat,
      problems: [
        { label: "A", colour: "#000000", maxScore: 100 },
        { label: "B", colour: "#000000", maxScore },
      ],
    });
    expect(bestRank(scored(100), "b", "B")).toBe(1);
    expect(bestRank(scored(null), "b", "B")).toBeNull();
  });
});
