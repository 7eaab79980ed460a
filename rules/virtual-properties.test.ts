import { describe, expect, it } from "vitest";
import type { ContestFormat } from "../protocol/contest-format.ts";
import type { ContestTimes, TimedContest } from "../protocol/contest-times.ts";
import type { Cell } from "../protocol/contest.ts";
import type { Verdict } from "../protocol/verdict.ts";
import { emptyFold, fold, boardOf } from "./contest-board.ts";
import { at, fiveHours, minutes, removed } from "./contest-times-testing.ts";
import { seededRandom } from "./seeded-random.ts";
import { replayOf, standingOf, YOU } from "./virtual-board.ts";
import { type LoggedEvent, recordingOf } from "./virtual-recording.ts";
import { icpc, sent, settings, team } from "./virtual-testing.ts";

const ROUNDS = 40;
const TEAMS = ["a", "b", "c", "d"] as const;
const points = { A: 500 };
const formats: [string, ContestFormat][] = [
  ["icpc", icpc],
  ["ioi", { type: "ioi", counts: "groups", feedback: "none", points }],
  ["atcoder", { type: "atcoder", points, penaltyMinutes: 5 }],
  ["codeforces", { type: "codeforces", points, decayPercent: 48, deduction: 50, floorPercent: 30 }],
  [
    "homework",
    {
      type: "homework",
      points,
      deadlineMs: minutes(150),
      late: { type: "daily", percent: 20, hardEndMs: null },
      counts: "last",
    },
  ],
];

const clocks: [string, ContestTimes][] = [
  ["one clock for all", fiveHours],
  ["a stretch removed", { ...fiveHours, removed: [removed(60, 75)] }],
  [
    "windows, one with extra time",
    {
      ...fiveHours,
      windowMs: minutes(150),
      teams: Object.fromEntries(
        TEAMS.map((id, index) => [
          id,
          { extraMs: id === "d" ? minutes(10) : 0, beganAt: at(index * 40 + 5) },
        ]),
      ),
    },
  ],
];

type Random = () => number;
const pick = <Item>(random: Random, items: readonly [Item, ...Item[]]): Item =>
  items[Math.floor(random() * items.length)] ?? items[0];

/** Forty submissions, most of them judged within minutes, some twice, some late. */
function randomLog(random: Random, timed: TimedContest, format: ContestFormat): LoggedEvent[] {
  const events = Array.from({ length: 40 }, (_, index): LoggedEvent[] => {
    const submission = `s${index}`;
    const label = pick(random, ["A", "B", "C"]);
    const minute = Math.floor(random() * 310 * 60) / 60;
    const judgedIn = minute + pick(random, [0, 1, 5, 100]);
    const judged = Array.from({ length: pick(random, [0, 1, 1, 1, 2]) }, (_judged, round): LoggedEvent => {
      const verdict = pick<Verdict>(random, ["AC", "AC", "WA", "TLE", "CE"]);
      const half = verdict === "AC" ? 50 : pick(random, [0, 20]);
      const groups =
        label === "A"
          ? []
          : [
              { name: "1", score: 50 },
              { name: "2", score: half },
            ];
      return {
        at: at(judgedIn + round * 30),
        event: {
          type: "judgement",
          submission,
          round: round + 1,
          verdict,
          score: label === "A" ? null : 50 + half,
          groups,
        },
      };
    });
    return [sent(submission, pick(random, TEAMS), label, minute), ...judged];
  });
  return [
    settings(timed, format),
    ...TEAMS.map((id) => team(id)),
    ...events.flat().sort((one, other) => one.at - other.at),
  ];
}

const cellsOf = (cells: readonly Cell[], of: string) =>
  cells
    .filter((cell) => cell.team === of)
    .map((cell) => ({ ...cell, team: "" }))
    .sort((one, other) => one.label.localeCompare(other.label));

describe.each(formats)("in %s", (_format, format) => {
  describe.each(clocks)("with %s", (_clock, times) => {
    it("a run that repeats a team's submissions at the same times of its own has its cells and shares its rank, at every moment", () => {
      const random = seededRandom(7);
      for (let round = 0; round < ROUNDS; round += 1) {
        const timed = { times, thawedAt: at(500), finalisedAt: null };
        const recording = recordingOf(randomLog(random, timed, format));
        const repeated = pick(random, TEAMS);
        const submissions = recording.submissions.filter(
          // What a team did in its extra time nobody can repeat who has none.
          (one) => recording.teams[one.team]?.id === repeated && one.at < recording.lengthMs,
        );
        const without = {
          ...recording,
          submissions: recording.submissions.filter(
            (one) => recording.teams[one.team]?.id !== repeated || submissions.includes(one),
          ),
        };
        const replay = replayOf(without, { name: "You", submissions });
        for (const moment of [0, random() * replay.lengthMs, replay.lengthMs]) {
          const board = replay.boardAt(moment);
          expect(cellsOf(board.cells, YOU)).toEqual(cellsOf(board.cells, repeated));
          expect(standingOf(board, YOU)).toEqual(standingOf(board, repeated));
        }
      }
    });

    it("the recorded board at its end is the contest's own", () => {
      const random = seededRandom(8);
      for (let round = 0; round < ROUNDS; round += 1) {
        const timed = { times, thawedAt: pick(random, [null, at(500)]), finalisedAt: null };
        const log = randomLog(random, timed, format);
        const contest = emptyFold();
        for (const { event } of log) fold(contest, event);
        const replay = replayOf(recordingOf(log), null);
        const shown = replay.boardAt(replay.lengthMs).cells;
        const own = boardOf(contest, 0, at(10_000), "public").cells;
        for (const id of TEAMS) expect(cellsOf(shown, id)).toEqual(cellsOf(own, id));
      }
    });
  });
});
