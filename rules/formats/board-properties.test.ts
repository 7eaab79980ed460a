import { describe, expect, it } from "vitest";
import type { ContestFormat, JudgedResult } from "../../protocol/contest-format.ts";
import { type ContestEvent, MINUTE_MS } from "../../protocol/contest.ts";
import type { Look } from "../contest-board.ts";
import { freezeTime } from "../contest-times.ts";
import { seededRandom } from "../seeded-random.ts";
import { compareTotals, type FormatRow, rankTeams } from "./board.ts";
import {
  interleave,
  randomClock as clock,
  randomJudgements,
  randomProblems as problems,
  randomSubmissions,
  randomTeams as teams,
  type Sent,
  shuffle,
} from "./random-log.ts";
import { rulesOf } from "./registry.ts";
import {
  atcoderFormat,
  cellsIn,
  codeforcesFormat,
  type FormatContest,
  homeworkFormat,
  icpcFormat,
  ioiFormat,
  jury,
  spectator,
} from "./testing.ts";

const deadlineMs = 60 * MINUTE_MS;
const late = { type: "daily", percent: 30, hardEndMs: 90 * MINUTE_MS } as const;
const formats: [name: string, format: ContestFormat][] = [
  ["icpc", icpcFormat],
  ["ioi by groups", { ...ioiFormat, points: { B: 60 } }],
  ["ioi by the best submission", { ...ioiFormat, counts: "best", points: { B: 60 } }],
  ["ioi without feedback", { ...ioiFormat, feedback: "none", points: { B: 60 } }],
  ["atcoder", atcoderFormat],
  ["codeforces", codeforcesFormat],
  ["homework by the best", { ...homeworkFormat, deadlineMs, late, points: { B: 60 } }],
  ["homework by the last", { ...homeworkFormat, deadlineMs, late, counts: "last", points: { B: 60 } }],
  ["homework in time only", { ...homeworkFormat, deadlineMs, late: { type: "refused" }, points: { B: 60 } }],
];
const ROUNDS = 60;

function rowsOf(format: ContestFormat, events: readonly ContestEvent[], look: Look): FormatRow[] {
  const contest: FormatContest = { format, clock, problems };
  return rankTeams(format, teams, cellsIn(contest, events, look));
}

const looks: Look[] = [jury, spectator, { view: "public", over: true }];

describe.each(formats)("whatever happens in %s", (_name, format) => {
  it("replaying the log, or an event of it twice, gives the same board", () => {
    const random = seededRandom(1);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const log = [...sent, ...randomJudgements(random, sent)];
      for (const look of looks) {
        const board = rowsOf(format, log, look);
        expect(rowsOf(format, [...log, ...log], look)).toEqual(board);
        expect(
          rowsOf(
            format,
            log.flatMap((event) => [event, event]),
            look,
          ),
        ).toEqual(board);
      }
    }
  });

  it("the order in which judgements and rejudgings come does not matter", () => {
    const random = seededRandom(2);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const judged = randomJudgements(random, sent);
      const board = rowsOf(format, [...sent, ...judged], jury);
      const mixed = interleave<ContestEvent>(random, sent, shuffle(random, judged));
      expect(rowsOf(format, mixed, jury)).toEqual(board);
    }
  });

  it("only the latest round of a submission counts", () => {
    const random = seededRandom(3);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const judged = randomJudgements(random, sent);
      const latest = judged.filter(
        (one) => !judged.some((other) => other.submission === one.submission && other.round > one.round),
      );
      expect(rowsOf(format, [...sent, ...latest], jury)).toEqual(rowsOf(format, [...sent, ...judged], jury));
    }
  });

  it("the order of the log matters among one team's attempts at one problem at one time, and nowhere else", () => {
    const random = seededRandom(4);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const judged = randomJudgements(random, sent);
      const place = ({ team, label, receivedAt }: Sent): string => `${team} ${label} ${receivedAt}`;
      const byPlace = Map.groupBy(sent, place);
      // Places in any order, and within each the order of the log.
      const queues = new Map([...byPlace].map(([key, list]) => [key, [...list]]));
      const reordered = shuffle(random, sent).flatMap((one) => queues.get(place(one))?.shift() ?? []);
      expect(reordered).toHaveLength(sent.length);
      expect(rowsOf(format, [...reordered, ...judged], jury)).toEqual(
        rowsOf(format, [...sent, ...judged], jury),
      );
    }
  });

  it("the public is shown what the jury would see, had nothing in the freeze been judged", () => {
    const random = seededRandom(5);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const judged = randomJudgements(random, sent);
      const known = format.type === "ioi" && format.feedback === "none" ? 0 : freezeTime(clock);
      const hidden = new Set(
        sent.filter(({ receivedAt }) => receivedAt >= known).map(({ submission }) => submission),
      );
      const blanked = judged.filter(({ submission }) => !hidden.has(submission));
      expect(rowsOf(format, [...sent, ...judged], spectator)).toEqual(
        rowsOf(format, [...sent, ...blanked], jury),
      );
    }
  });

  it("what is outside the contest's time changes nothing", () => {
    const random = seededRandom(6);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const judged = randomJudgements(random, sent);
      const inTime = sent.filter(({ receivedAt }) => receivedAt < clock.durationMs);
      expect(rowsOf(format, [...inTime, ...judged], jury)).toEqual(
        rowsOf(format, [...sent, ...judged], jury),
      );
    }
  });

  it("a rejected attempt without points more never improves a row, a compile error or a pending one leaves it", () => {
    const random = seededRandom(7);
    const { order } = rulesOf(format);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const log: ContestEvent[] = [...sent, ...randomJudgements(random, sent)];
      const [more] = randomSubmissions(random, 1);
      if (more === undefined) throw new Error("no submission");
      const added: ContestEvent = { ...more, submission: "more" };
      const judged = (verdict: JudgedResult["verdict"]): ContestEvent => {
        const scores =
          more.label === "B"
            ? { score: null, groups: [] }
            : { score: 0, groups: [{ name: "secret/0", score: 0 }] };
        return { type: "judgement", submission: "more", round: 1, verdict, ...scores };
      };
      const of = (events: ContestEvent[]) =>
        rowsOf(format, events, jury).find(({ team }) => team.id === more.team)?.totals;
      const before = of(log);
      const rejected = of([...log, added, judged("WA")]);
      if (before === undefined || rejected === undefined) throw new Error("the team has no row");
      expect(compareTotals(order, rejected, before)).toBeGreaterThanOrEqual(0);
      expect(of([...log, added])).toEqual(before);
      expect(of([...log, added, judged("CE")])).toEqual(before);
    }
  });

  it("ranks are a total preorder: 1, 2, 2, 4, by name among equals, however the teams are listed", () => {
    const random = seededRandom(8);
    const { order } = rulesOf(format);
    for (let round = 0; round < ROUNDS; round++) {
      const sent = randomSubmissions(random);
      const log = [...sent, ...randomJudgements(random, sent)];
      const cells = cellsIn({ format, clock, problems }, log, jury);
      const rows = rankTeams(format, teams, cells);
      expect(rankTeams(format, shuffle(random, teams), shuffle(random, cells)).map(said)).toEqual(
        rows.map(said),
      );
      for (const row of rows) {
        const above = rows.filter((other) => compareTotals(order, other.totals, row.totals) < 0);
        expect(row.rank).toBe(above.length + 1);
        for (const other of rows) {
          const sign = Math.sign(compareTotals(order, row.totals, other.totals));
          expect(sign + Math.sign(compareTotals(order, other.totals, row.totals))).toBe(0);
          expect(sign).toBe(Math.sign(row.rank - other.rank));
        }
      }
      for (const [index, row] of rows.entries()) {
        const next = rows[index + 1];
        if (next?.rank === row.rank) expect(row.team.name <= next.team.name).toBe(true);
      }
    }
  });
});

const said = ({ rank: place, team, totals }: FormatRow) => ({ place, team, totals });

describe.each(formats.filter(([, { type }]) => ["icpc", "atcoder", "codeforces"].includes(type)))(
  "in %s",
  (_name, format) => {
    it("what follows the accepted attempt changes nothing", () => {
      const random = seededRandom(9);
      const contest: FormatContest = { format, clock, problems };
      for (let round = 0; round < ROUNDS; round++) {
        const sent = randomSubmissions(random);
        const judged = randomJudgements(random, sent);
        const cells = cellsIn(contest, [...sent, ...judged], jury);
        const solved = new Map(cells.map(({ team, label, solvedAt }) => [team + label, solvedAt]));
        const kept = sent.filter(
          ({ team, label, receivedAt }) => receivedAt <= (solved.get(team + label) ?? Infinity),
        );
        expect(rowsOf(format, [...kept, ...judged], jury)).toEqual(
          rowsOf(format, [...sent, ...judged], jury),
        );
      }
    });
  },
);
