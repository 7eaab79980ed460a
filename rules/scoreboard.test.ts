import { describe, expect, it } from "vitest";
import { type Cell, type ContestClock, type ContestEvent, MINUTE_MS } from "../protocol/contest.ts";
import { seededRandom } from "./seeded-random.ts";
import {
  boardOf,
  cellOf,
  changesOf,
  emptyStandings,
  firstSolves,
  fold,
  rank,
  type Standings,
  type View,
} from "./scoreboard.ts";

const clock: ContestClock = {
  startAt: 0,
  durationMs: 300 * MINUTE_MS,
  freezeMs: 60 * MINUTE_MS,
  penaltyMinutes: 20,
};
const contest: ContestEvent = {
  type: "contest",
  clock,
  problems: [
    { label: "A", colour: "#ff0000" },
    { label: "B", colour: "#00ff00" },
  ],
};

function team(id: string, name = id): ContestEvent {
  return { type: "team", team: id, name };
}

/** Something sent at a minute (and seconds) of the contest. */
function sent(submission: string, at: number, by = "t", label = "A"): ContestEvent {
  return { type: "submission", submission, team: by, label, at: Math.round(at * MINUTE_MS) };
}

type Judged = Extract<ContestEvent, { type: "judgement" }>["verdict"];
function judged(submission: string, verdict: Judged, round = 1): ContestEvent {
  return { type: "judgement", submission, round, verdict };
}

function standings(...events: ContestEvent[]): Standings {
  const folded = emptyStandings();
  for (const event of [contest, ...events]) fold(folded, event);
  return folded;
}

/** `rejected/pending`, then `@minute` when solved. */
function cell(folded: Standings, view: View = "public", label = "A"): string {
  const { rejected, pending, solvedAt } = cellOf(folded, "t", label, view);
  return `${rejected}/${pending}${solvedAt === null ? "" : `@${solvedAt / MINUTE_MS}`}`;
}

describe("a cell", () => {
  it("of an untouched problem is empty", () => {
    expect(cell(standings())).toBe("0/0");
  });

  it("is pending until the verdict", () => {
    expect(cell(standings(sent("1", 5)))).toBe("0/1");
    expect(cell(standings(sent("1", 5), judged("1", "AC")))).toBe("0/0@5");
  });

  it.each<Judged>(["WA", "TLE", "RTE", "MLE", "OLE"])("counts a %s as rejected", (verdict) => {
    expect(cell(standings(sent("1", 5), judged("1", verdict)))).toBe("1/0");
  });

  it("never counts a compile error", () => {
    expect(cell(standings(sent("1", 5), judged("1", "CE")))).toBe("0/0");
    expect(cell(standings(sent("1", 5), judged("1", "CE"), sent("2", 9), judged("2", "AC")))).toBe("0/0@9");
  });

  it("ignores what comes after the accepted submission", () => {
    const after = [
      sent("1", 5),
      judged("1", "AC"),
      sent("2", 6),
      judged("2", "WA"),
      sent("3", 7),
      judged("3", "AC"),
      sent("4", 8),
    ];
    expect(cell(standings(...after))).toBe("0/0@5");
  });

  it("goes by contest time, whichever verdict arrives first", () => {
    const early = [sent("1", 5), sent("2", 6), judged("2", "AC")];
    expect(cell(standings(...early))).toBe("0/1@6");
    expect(cell(standings(...early, judged("1", "WA")))).toBe("1/0@6");
    expect(cell(standings(...early, judged("1", "AC")))).toBe("0/0@5");
  });

  it("goes by contest time, whichever submission is logged first", () => {
    expect(cell(standings(sent("2", 6), judged("2", "WA"), sent("1", 5), judged("1", "AC")))).toBe("0/0@5");
  });

  it("ignores submissions at or after the end", () => {
    expect(cell(standings(sent("1", 300), judged("1", "AC")), "jury")).toBe("0/0");
    expect(cell(standings(sent("1", 299.99), judged("1", "AC")), "jury")).toBe("0/0@299.99");
  });

  it("keeps problems and teams apart", () => {
    const folded = standings(
      sent("1", 5),
      judged("1", "WA"),
      sent("2", 6, "t", "B"),
      sent("3", 7, "u", "A"),
      judged("3", "AC"),
    );
    expect([cell(folded), cell(folded, "public", "B")]).toEqual(["1/0", "0/1"]);
    expect(cellOf(folded, "u", "A", "public").solvedAt).toBe(7 * MINUTE_MS);
  });
});

describe("rejudging", () => {
  it("replaces the earlier verdict of the same submission", () => {
    expect(cell(standings(sent("1", 5), judged("1", "WA"), judged("1", "AC", 2)))).toBe("0/0@5");
  });

  it("can unsolve a problem, and then later submissions count again", () => {
    const later = [
      sent("1", 5),
      judged("1", "AC"),
      sent("2", 9),
      judged("2", "WA"),
      sent("3", 12),
      judged("3", "AC"),
    ];
    expect(cell(standings(...later))).toBe("0/0@5");
    expect(cell(standings(...later, judged("1", "TLE", 2)))).toBe("2/0@12");
  });

  it("is not undone by a verdict of an earlier round that arrives late", () => {
    expect(cell(standings(sent("1", 5), judged("1", "AC", 2), judged("1", "WA", 1)))).toBe("0/0@5");
  });
});

describe("the freeze", () => {
  const frozen = [sent("1", 100), judged("1", "WA"), sent("2", 240), judged("2", "AC")];

  it("shows what was received in it as pending, and the truth to the jury", () => {
    expect(cell(standings(...frozen), "public")).toBe("1/1");
    expect(cell(standings(...frozen), "jury")).toBe("1/0@240");
  });

  it("hides even a compile error", () => {
    expect(cell(standings(sent("1", 250), judged("1", "CE")), "public")).toBe("0/1");
  });

  it("begins exactly at its first millisecond", () => {
    expect(cell(standings(sent("1", 239.999), judged("1", "AC")), "public")).toBe("0/0@239.999");
  });

  it("does not hide a verdict that was late on a submission received before", () => {
    expect(cell(standings(sent("1", 239), sent("2", 250), judged("1", "AC")), "public")).toBe("0/0@239");
  });

  it("shows nothing pending on a problem solved before", () => {
    expect(cell(standings(sent("1", 10), judged("1", "AC"), sent("2", 250)), "public")).toBe("0/0@10");
  });

  // The old scoreboard's list of accepted submissions ignored the freeze, and so did the teams' scores.
  it("tells the public nothing by a judgement: no cell, no change", () => {
    const folded = standings(...frozen);
    expect(changesOf(folded, judged("2", "AC"))).toEqual([]);
    expect(changesOf(folded, judged("2", "AC"), "jury")).toHaveLength(1);
    expect(changesOf(folded, sent("2", 240))).toHaveLength(1);
    expect(firstSolves(boardOf(folded, 0, 250 * MINUTE_MS).cells).size).toBe(0);
    expect(rank(boardOf(folded, 0, 250 * MINUTE_MS))).toEqual(
      rank(boardOf(standings(sent("1", 100), judged("1", "WA"), sent("2", 240)), 0, 0)),
    );
  });

  it("lasts after the end, until the public is given the jury's view", () => {
    const folded = standings(...frozen);
    expect(boardOf(folded, 0, 400 * MINUTE_MS).frozen).toBe(true);
    expect(boardOf(folded, 0, 400 * MINUTE_MS, "jury").frozen).toBe(false);
    expect(boardOf(folded, 0, 239 * MINUTE_MS).frozen).toBe(false);
  });

  it("is none where its length is 0", () => {
    const folded = standings({ ...contest, clock: { ...clock, freezeMs: 0 } }, ...frozen);
    expect(cell(folded, "public")).toBe("1/0@240");
    expect(boardOf(folded, 0, 400 * MINUTE_MS).frozen).toBe(false);
  });

  it("moves when the contest is made longer", () => {
    const longer: ContestEvent = { ...contest, clock: { ...clock, durationMs: 310 * MINUTE_MS } };
    expect(cell(standings(...frozen, longer), "public")).toBe("1/0@240");
  });
});

describe("changes", () => {
  it("carry the whole cell", () => {
    const folded = standings(team("t"), sent("1", 5), judged("1", "WA"));
    expect(changesOf(folded, judged("1", "WA"))).toEqual([
      { type: "cell", cell: { team: "t", label: "A", rejected: 1, pending: 0, solvedAt: null } },
    ]);
  });

  it("tell of a new or renamed team", () => {
    expect(changesOf(standings(team("t", "Turing")), team("t", "Turing"))).toEqual([
      { type: "team", team: { id: "t", name: "Turing" } },
    ]);
  });

  it("are none for submissions to a solved problem, after the end, or to a problem that is gone", () => {
    const folded = standings(
      sent("1", 5),
      judged("1", "AC"),
      sent("2", 6),
      sent("3", 301),
      sent("4", 7, "t", "Z"),
    );
    for (const event of [
      sent("2", 6),
      judged("2", "WA"),
      sent("3", 301),
      sent("4", 7, "t", "Z"),
      judged("9", "AC"),
    ]) {
      expect(changesOf(folded, event)).toEqual([]);
    }
  });

  it.each<View>(["public", "jury"])(
    "are all that a page needs to keep the %s board, whatever happens",
    (view) => {
      const random = seededRandom(7);
      for (let round = 0; round < 200; round++) {
        const folded = standings();
        const cells = new Map<string, Cell>();
        for (const event of randomLog(random)) {
          fold(folded, event);
          for (const change of changesOf(folded, event, view)) {
            if (change.type === "cell") cells.set(`${change.cell.team} ${change.cell.label}`, change.cell);
          }
        }
        expect(sortCells([...cells.values()])).toEqual(sortCells(boardOf(folded, 0, 0, view).cells));
      }
    },
  );
});

describe("folding", () => {
  it("an event twice changes nothing", () => {
    const random = seededRandom(11);
    for (let round = 0; round < 100; round++) {
      const log = randomLog(random);
      const once = standings(...log);
      const twice = standings(...log.flatMap((event) => [event, event]));
      const replayed = standings(...log, ...log);
      for (const view of ["public", "jury"] as const) {
        const board = boardOf(once, 0, 0, view);
        expect(boardOf(twice, 0, 0, view)).toEqual(board);
        expect(boardOf(replayed, 0, 0, view)).toEqual(board);
      }
    }
  });

  it("gives the same board whichever of a submission and its judgement comes first", () => {
    expect(cell(standings(judged("1", "AC"), sent("1", 5)))).toBe("0/0@5");
  });

  it("keeps the last name of a team and the last clock", () => {
    const folded = standings(team("t", "Old"), team("t", "New"), {
      ...contest,
      clock: { ...clock, penaltyMinutes: 10 },
    });
    const board = boardOf(folded, 3, 0);
    expect(board.teams).toEqual([{ id: "t", name: "New" }]);
    expect([board.clock.penaltyMinutes, board.seq]).toEqual([10, 3]);
  });

  it("leaves cells of a removed problem out of the board", () => {
    const folded = standings(sent("1", 5, "t", "B"), {
      ...contest,
      problems: [{ label: "A", colour: "#ff0000" }],
    });
    expect(boardOf(folded, 0, 0).cells).toEqual([]);
  });
});

describe("ranks", () => {
  const teams = ["a", "b", "c", "d"].map((id) => ({ id, name: id.toUpperCase() }));
  function solved(team: string, label: string, minute: number, rejected = 0): Cell {
    return { team, label, rejected, pending: 0, solvedAt: Math.round(minute * MINUTE_MS) };
  }
  function ranks(cells: Cell[], names = teams): string[] {
    return rank({ clock, teams: names, cells }).map(
      (row) => `${row.rank} ${row.team.name} ${row.solved} ${row.penalty}`,
    );
  }

  it("go by problems solved, then penalty", () => {
    expect(
      ranks([solved("c", "A", 200), solved("c", "B", 250), solved("b", "A", 30), solved("a", "A", 20, 1)]),
    ).toEqual(["1 C 2 450", "2 B 1 30", "3 A 1 40", "4 D 0 0"]);
  });

  it("break ties by the minute of the last problem solved", () => {
    const cells = [solved("a", "A", 10), solved("a", "B", 50), solved("b", "A", 20), solved("b", "B", 40)];
    expect(ranks(cells).slice(0, 2)).toEqual(["1 B 2 60", "2 A 2 60"]);
  });

  it("are shared by equal teams, which stand by name, and then skip", () => {
    const cells = [solved("c", "A", 10), solved("b", "A", 10), solved("a", "A", 11), solved("d", "A", 9)];
    expect(ranks(cells)).toEqual(["1 D 1 9", "2 B 1 10", "2 C 1 10", "4 A 1 11"]);
    expect(ranks([])).toEqual(["1 A 0 0", "1 B 0 0", "1 C 0 0", "1 D 0 0"]);
  });

  // The old ranking summed milliseconds, so that teams never tied and the same minute ranked apart.
  it("cut seconds off, so that the same minute is the same time", () => {
    expect(ranks([solved("b", "A", 10.01), solved("a", "A", 10.99)]).slice(0, 2)).toEqual([
      "1 A 1 10",
      "1 B 1 10",
    ]);
  });

  it("cut seconds off each problem, not off the sum", () => {
    expect(ranks([solved("a", "A", 10.9), solved("a", "B", 20.9)])[0]).toBe("1 A 2 30");
  });

  it("count no rejected attempts on a problem that is not solved", () => {
    const unsolved: Cell = { team: "a", label: "B", rejected: 9, pending: 0, solvedAt: null };
    expect(ranks([solved("a", "A", 10), unsolved])[0]).toBe("1 A 1 10");
  });

  it("take pending submissions for nothing", () => {
    const pending: Cell = { team: "b", label: "A", rejected: 0, pending: 3, solvedAt: null };
    expect(ranks([pending])[0]).toBe("1 A 0 0");
  });

  // The old judge had no verdict for a program that does not compile, and gave it the penalty of a wrong answer.
  it("have no penalty for compile errors", () => {
    const folded = standings(
      team("t"),
      sent("1", 1),
      judged("1", "CE"),
      sent("2", 2),
      judged("2", "WA"),
      sent("3", 30),
      judged("3", "AC"),
    );
    expect(rank(boardOf(folded, 0, 0))[0]?.penalty).toBe(50);
  });

  it("use the contest's own penalty", () => {
    const cheap = { ...clock, penaltyMinutes: 5 };
    expect(rank({ clock: cheap, teams, cells: [solved("a", "A", 10, 2)] })[0]?.penalty).toBe(20);
  });

  it("give each row its cells", () => {
    const cells = [solved("a", "A", 10), solved("b", "B", 12)];
    expect(rank({ clock, teams, cells })[0]?.cells).toEqual(new Map([["A", cells[0]]]));
  });
});

describe("the first to solve", () => {
  it("is decided by the exact time, for each problem", () => {
    const at = (team: string, label: string, solvedAt: number | null): Cell => ({
      team,
      label,
      rejected: 0,
      pending: 0,
      solvedAt,
    });
    const cells = [
      at("a", "A", 60_500),
      at("b", "A", 60_400),
      at("c", "B", null),
      at("d", "C", 7),
      at("c", "C", 7),
    ];
    expect(firstSolves(cells)).toEqual(
      new Map([
        ["A", "b"],
        ["C", "c"],
      ]),
    );
  });
});

/** Submissions of three teams around the freeze, their verdicts out of order, and rejudgings. */
function randomLog(random: () => number): ContestEvent[] {
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item =>
    items[Math.floor(random() * items.length)] ?? items[0];
  const log: ContestEvent[] = [];
  for (let index = 0; index < 30; index++) {
    const id = String(Math.floor(random() * 12));
    if (random() < 0.4)
      log.push(
        sent(`${id}`, 200 + Number(id) * 10 + 0.5, `t${Number(id) % 3}`, Number(id) % 2 === 0 ? "A" : "B"),
      );
    else log.push(judged(id, pick(["AC", "WA", "CE", "TLE"]), 1 + Math.floor(random() * 3)));
  }
  // The log never holds two verdicts of one round.
  const seen = new Set<string>();
  return log.filter((event) => {
    if (event.type !== "judgement") return true;
    const key = `${event.submission} ${event.round}`;
    return !seen.has(key) && seen.add(key);
  });
}

function sortCells(cells: Cell[]): Cell[] {
  return cells.sort((a, b) => (`${a.team} ${a.label}` < `${b.team} ${b.label}` ? -1 : 1));
}
