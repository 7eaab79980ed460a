import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Cell } from "../protocol/contest.ts";
import type { ContestFormat } from "../protocol/contest-format.ts";
import { undecided, frozenSentence } from "../rules/contest-state.ts";
import { timesOf } from "../rules/contest-times.ts";
import { columnsOf } from "../rules/formats/board.ts";
import { applyLocale, t } from "./i18n.ts";
import { solvedCell } from "./testing/fixtures/boards.ts";

let faces: typeof import("./board-faces.ts");
beforeAll(async () => {
  vi.stubGlobal("document", { documentElement: { lang: "" } });
  await applyLocale("en");
  faces = await import("./board-faces.ts");
});
afterAll(() => void vi.unstubAllGlobals());

const icpc: ContestFormat = { type: "icpc", penaltyMinutes: 20 };
const ioi: ContestFormat = { type: "ioi", counts: "best", feedback: "score", points: { A: 100 } };
const atcoder: ContestFormat = { type: "atcoder", points: { A: 300 }, penaltyMinutes: 5 };
const codeforces: ContestFormat = {
  type: "codeforces",
  points: { A: 500 },
  decayPercent: 48,
  deduction: 50,
  floorPercent: 30,
};
const homework: ContestFormat = {
  type: "homework",
  points: { A: 20 },
  deadlineMs: 1,
  late: { type: "daily", percent: 25, hardEndMs: null },
  counts: "best",
};

const AT = (1 * 3600 + 27 * 60 + 13) * 1000;
const solved = (more: Partial<Cell> = {}): Cell => ({ ...solvedCell("x", "A", AT), ...more });
const tried = (more: Partial<Cell>): Cell =>
  solved({ attempts: 0, solvedAt: null, points: 0, penalty: 0, result: "none", ...more });

function faceIn(format: ContestFormat, cell: Cell, isFirst = false) {
  const problems = [{ label: "A", maxScore: "pass-fail" as const }];
  const column = columnsOf({ format, problems }).find(({ type }) => type === "problem");
  if (column?.type !== "problem") throw new Error("The format has no column for a problem.");
  return faces.faceOf(cell, column, isFirst);
}

describe("a cell's face", () => {
  it.each<[what: string, ContestFormat, Cell, kind: string, shown: string, sentence: string]>([
    ["solved at once", icpc, solved(), "full", "1×|87′", "A: solved, 1 try, at minute 87"],
    ["solved later", icpc, solved({ attempts: 3 }), "full", "3×|87′", "A: solved, 3 tries, at minute 87"],
    ["rejected", icpc, tried({ attempts: 2 }), "none", "2×|", "A: 2 rejected"],
    ["only pending", icpc, tried({ pending: 1 }), "pending", "|1 pending", "A: 1 pending"],
    [
      "rejected and pending",
      icpc,
      tried({ attempts: 2, pending: 1 }),
      "pending",
      "2×|1 pending",
      "A: 2 rejected, 1 pending",
    ],
    ["full points", ioi, solved({ points: 100 }), "full", "100|1×", "A: solved, 100 of 100 points, 1 try"],
    [
      "a part of the points, and something pending",
      ioi,
      tried({ attempts: 2, points: 37.5, pending: 1, result: "partial" }),
      "pending",
      "37.5|2× · 1 pending",
      "A: partly solved, 37.5 of 100 points, 2 tries, 1 pending",
    ],
    ["no points", ioi, tried({ attempts: 1 }), "none", "0|1×", "A: 0 of 100 points, 1 rejected"],
    [
      "solved with a penalty, to the second",
      atcoder,
      solved({ attempts: 3, points: 300, penalty: 10 }),
      "full",
      "300|+2 · 1:27:13",
      "A: solved, 300 of 300 points, 2 rejected, at 1:27:13",
    ],
    [
      "rejected where all or nothing counts",
      codeforces,
      tried({ attempts: 2 }),
      "none",
      "−2|",
      "A: 2 rejected",
    ],
    [
      "decayed points",
      codeforces,
      solved({ points: 408 }),
      "full",
      "408|87′",
      "A: solved, 408 of 500 points, at minute 87",
    ],
    [
      "late homework",
      homework,
      solved({ points: 15, penalty: 5 }),
      "full",
      "15|−5 · 1×",
      "A: solved, 15 of 20 points, 5 points lost, 1 try",
    ],
  ])("%s", (_, format, cell, kind, shown, sentence) => {
    const face = faceIn(format, cell);
    expect(face).toMatchObject({ kind, sentence });
    expect(`${face?.main}|${face?.sub}`.replaceAll("\u00a0", " ")).toBe(shown);
  });

  it("says in a word, too, that it was the first", () => {
    expect(faceIn(icpc, solved(), true)).toMatchObject({
      kind: "first",
      sub: "87′ · first",
      sentence: "A: solved, 1 try, at minute 87, first to solve",
    });
  });

  it("has a bar only where there are parts of points, and only once something was judged", () => {
    expect(faceIn(ioi, tried({ attempts: 1, points: 30, result: "partial" }))?.bar).toEqual({
      value: 30,
      max: 100,
    });
    expect(faceIn(ioi, tried({ pending: 1 }))?.bar).toBeNull();
    expect(faceIn(atcoder, solved({ points: 300 }))?.bar).toBeNull();
    expect(faceIn(icpc, solved())?.bar).toBeNull();
  });

  it("is none for a problem that has compile errors only", () => {
    expect(faceIn(icpc, tried({}))).toBeNull();
  });
});

describe("the frozen sentence of the page", () => {
  it.each([60, 1440, 59.5])("is that of the rules, with %d minutes", (minutes) => {
    const times = timesOf({ startAt: 0, durationMs: 2000 * 60_000, freezeMs: minutes * 60_000 });
    const said = t("scoreboard.frozen", { minutes: String(Math.ceil(minutes)) });
    expect(said).toBe(frozenSentence(undecided(times), 1999.9 * 60_000));
  });
});
