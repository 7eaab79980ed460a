import { describe, expect, it } from "vitest";
import type { Cell, ContestEvent } from "../../protocol/contest.ts";
import { boardOf, emptyStandings, fold, rank } from "../scoreboard.ts";
import { seededRandom } from "../seeded-random.ts";
import type { AttemptEvent } from "./attempts.ts";
import { cellsIn, rankTeams } from "./board.ts";
import {
  interleave,
  pick,
  randomClock as clock,
  randomJudgements,
  randomProblems as problems,
  randomSubmissions,
  randomTeams as teams,
  shuffle,
} from "./random-log.ts";
import { logFrom } from "./testing.ts";

describe("the format icpc", () => {
  it.each(["public", "jury"] as const)("has the %s board of rules/scoreboard.ts", (view) => {
    const random = seededRandom(10);
    for (let round = 0; round < 300; round++) {
      const penaltyMinutes = pick(random, [0, 5, 20]);
      const sent = randomSubmissions(random, 40);
      const log: AttemptEvent[] = interleave<AttemptEvent>(
        random,
        sent,
        shuffle(random, randomJudgements(random, sent)),
      );
      const standings = emptyStandings();
      const events: ContestEvent[] = [
        {
          type: "contest",
          clock: { startAt: 0, ...clock, penaltyMinutes },
          problems: problems.map(({ label }) => ({ label, colour: "#000000" })),
        },
        ...teams.map(({ id, name }) => ({ type: "team" as const, team: id, name })),
        ...log,
      ];
      for (const event of events) fold(standings, event);
      const expected = rank(boardOf(standings, 0, 0, view)).map((row) => ({
        place: row.rank,
        team: row.team,
        figures: [row.solved, row.penalty, row.lastSolved],
        cells: [...row.cells.values()].sort(byLabel),
      }));
      const format = { type: "icpc", penaltyMinutes } as const;
      const cells = cellsIn({ format, clock, problems }, logFrom(log), { view, over: false });
      const rows = rankTeams(format, teams, cells);
      expect(
        rows.map((row) => ({
          place: row.rank,
          team: row.team,
          figures: [row.totals.solved, row.totals.penalty, row.totals.time],
          cells: [...row.cells.values()]
            .map(({ team, label, attempts, pending, solvedAt }): Cell => {
              const rejected = attempts - (solvedAt === null ? 0 : 1);
              return { team, label, rejected, pending, solvedAt };
            })
            .sort(byLabel),
        })),
      ).toEqual(expected);
    }
  });
});

const byLabel = (a: Cell, b: Cell): number => (a.label < b.label ? -1 : 1);
