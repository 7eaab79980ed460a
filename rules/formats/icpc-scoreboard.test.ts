import { describe, expect, it } from "vitest";
import { type ContestEvent, MINUTE_MS } from "../../protocol/contest.ts";
import { penalised } from "../../protocol/verdict.ts";
import { boardOf, type View } from "../contest-board.ts";
import { freezeTime } from "../contest-times.ts";
import { seededRandom } from "../seeded-random.ts";
import { rankTeams } from "./board.ts";
import {
  interleave,
  type Judged,
  pick,
  randomClock as clock,
  randomJudgements,
  randomProblems as problems,
  randomSubmissions,
  randomTeams as teams,
  type Sent,
  shuffle,
} from "./random-log.ts";
import { folded } from "./testing.ts";

/** A team's problems solved, its penalty and its last solved minute: read off the whole log, as one would by hand. */
function byHand(
  sent: readonly Sent[],
  judged: readonly Judged[],
  team: string,
  penaltyMinutes: number,
  view: View,
): number[] {
  let [solved, penalty, last] = [0, 0, 0];
  for (const { label } of problems) {
    let rejected = 0;
    const tried = sent
      .filter((one) => one.team === team && one.label === label && one.receivedAt < clock.durationMs)
      .sort((a, b) => a.receivedAt - b.receivedAt);
    for (const { submission, receivedAt } of tried) {
      if (view === "public" && receivedAt >= freezeTime(clock)) continue;
      const verdict = judged
        .filter((one) => one.submission === submission)
        .sort((a, b) => a.round - b.round)
        .at(-1)?.verdict;
      if (verdict !== undefined && penalised.has(verdict)) rejected++;
      if (verdict !== "AC") continue;
      const minute = Math.floor(receivedAt / MINUTE_MS);
      solved++;
      penalty += minute + penaltyMinutes * rejected;
      last = Math.max(last, minute);
      break;
    }
  }
  return [solved, penalty, last];
}

describe("the format icpc", () => {
  it.each<View>(["public", "jury"])("has on the %s board what one counts by hand", (view) => {
    const random = seededRandom(10);
    for (let round = 0; round < 300; round++) {
      const penaltyMinutes = pick(random, [0, 5, 20]);
      const sent = randomSubmissions(random, 40);
      const judged = randomJudgements(random, sent);
      const log = interleave<ContestEvent>(random, sent, shuffle(random, judged));
      const format = { type: "icpc", penaltyMinutes } as const;
      const { cells } = boardOf(folded({ format, clock, problems }, log), 0, 0, view);
      const rows = rankTeams(format, teams, cells);
      expect(rows.map(({ team, totals }) => [team.id, totals.solved, totals.penalty, totals.time])).toEqual(
        rows.map(({ team }) => [team.id, ...byHand(sent, judged, team.id, penaltyMinutes, view)]),
      );
    }
  });
});
