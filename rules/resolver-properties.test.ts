import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Award } from "../protocol/award.ts";
import type { Board, Cell } from "../protocol/contest.ts";
import { ResolverState, ResolverStep } from "../protocol/resolver.ts";
import { awardsOf } from "./awards.ts";
import { rankTeams } from "./formats/board.ts";
import { atcoderFormat, codeforcesFormat, icpcFormat, ioiFormat } from "./formats/testing.ts";
import { isPending, whyNotResolvable } from "./resolver-boards.ts";
import { everyContest, type RandomContest, withOtherResults } from "./resolver-random.ts";
import { afterStep, beforeResolving } from "./resolver-state.ts";
import { resolverSteps } from "./resolver.ts";

const stepsOf = ({ frozen, final, rules }: RandomContest): ResolverStep[] =>
  resolverSteps(frozen, final, rules);

/** What a screen shows after each step, that before the first included. */
function statesOf(frozen: Board, steps: readonly ResolverStep[]): ResolverState[] {
  const states = [beforeResolving(frozen)];
  for (const step of steps) {
    const next = afterStep(states.at(-1) ?? beforeResolving(frozen), step);
    if (next === null) throw new Error(`step ${step.number} does not follow`);
    states.push(next);
  }
  return states;
}

const keyOf = ({ team, label }: Pick<Cell, "team" | "label">): string => `${team} ${label}`;
const byCell = ({ cells }: Board): Map<string, Cell> => new Map(cells.map((cell) => [keyOf(cell), cell]));
const ranksOf = ({ format, teams, cells }: Board) =>
  rankTeams(format, teams, cells).map((row) => ({ team: row.team.id, rank: row.rank }));
const inOrder = (awards: readonly Award[]): string[] =>
  awards.flatMap(({ id, teams }) => teams.map((team) => `${id} ${team}`)).toSorted();

const formats = {
  icpc: icpcFormat,
  ioi: { ...ioiFormat, points: { A: 20, C: 50, E: 100 } },
  "ioi by the best submission": { ...ioiFormat, counts: "best" as const, points: { A: 20, C: 50, E: 50 } },
  atcoder: { ...atcoderFormat, points: { A: 100, B: 100, C: 200, D: 200, E: 300 } },
  codeforces: codeforcesFormat,
};

describe.each(Object.entries(formats))("the steps of any contest by the rules of %s", (_, format) => {
  it("end, after the last with the final board, its ranks and all of its awards", () => {
    everyContest(format, 1, (contest) => {
      const { frozen, final, rules } = contest;
      const steps = stepsOf(contest);
      const last = statesOf(frozen, steps).at(-1);
      expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
      expect(steps.filter(({ type }) => type === "end")).toEqual(steps.slice(-1));
      const status = { ...final.status, boardFrozen: false };
      expect(last?.board).toEqual({ ...final, seq: frozen.seq, timed: frozen.timed, status });
      expect(last?.standing).toEqual(ranksOf(final));
      expect(last?.placed).toEqual(
        ranksOf(final)
          .map(({ team }) => team)
          .toReversed(),
      );
      expect(inOrder(last?.awards ?? [])).toEqual(inOrder(awardsOf(final, rules, new Map())));
    });
  });

  it("would be the same up to a verdict had this one and all after it been others", () => {
    let others = 0;
    everyContest(format, 2, (contest, random) => {
      const steps = stepsOf(contest);
      const verdicts = steps.flatMap((step) => (step.type === "verdict" ? [step] : []));
      const from = verdicts[Math.floor(random() * verdicts.length)];
      if (from === undefined) return;
      const told = new Set(
        verdicts.filter(({ number }) => number < from.number).map(({ cell }) => keyOf(cell)),
      );
      const other = withOtherResults(contest, told, random);
      expect(whyNotResolvable(other.frozen, other.final)).toBeNull();
      expect(other.frozen).toEqual(contest.frozen);
      const before = (all: ResolverStep[]) => JSON.stringify(all.slice(0, from.number - 1));
      expect(before(stepsOf(other))).toBe(before(steps));
      others++;
    });
    expect(others).toBeGreaterThan(60);
  });

  it("show no result before its verdict", () => {
    everyContest(format, 3, (contest) => {
      const steps = stepsOf(contest);
      const frozen = byCell(contest.frozen);
      const final = byCell(contest.final);
      const told = new Set<string>();
      for (const [index, state] of statesOf(contest.frozen, steps).entries()) {
        const step = steps[index - 1];
        if (step !== undefined && step.type !== "verdict" && step.type !== "end") continue;
        if (step?.type === "verdict") told.add(keyOf(step.cell));
        const wrong = state.board.cells.filter((cell) => {
          const meant = (told.has(keyOf(cell)) ? final : frozen).get(keyOf(cell));
          return JSON.stringify(cell) !== JSON.stringify(meant);
        });
        if (wrong.length > 0) expect(wrong).toEqual([]);
      }
      expect([...told].toSorted()).toEqual(contest.frozen.cells.filter(isPending).map(keyOf).toSorted());
    });
  });

  it("never make the rank of the revealed team worse, and move it only upwards", () => {
    everyContest(format, 4, (contest) => {
      const steps = stepsOf(contest);
      const states = statesOf(contest.frozen, steps);
      for (const [index, step] of steps.entries()) {
        if (step.type !== "move") continue;
        const rankOf = (state: ResolverState | undefined) =>
          state?.standing.find(({ team }) => team === step.team)?.rank ?? NaN;
        expect(step.to).toBeLessThanOrEqual(step.from);
        expect(rankOf(states[index + 1])).toBeLessThanOrEqual(rankOf(states[index]));
        expect(rankOf(states[index + 1])).toBe(step.rank);
      }
    });
  });

  it("look at the last row that is not done, and tell places from the last to the first as they stay", () => {
    everyContest(format, 5, (contest) => {
      const steps = stepsOf(contest);
      const final = ranksOf(contest.final);
      let row = final.length - 1;
      const states = statesOf(contest.frozen, steps);
      const placed: number[] = [];
      for (const [index, step] of steps.entries()) {
        if (step.type === "look") {
          expect([row, row - 1]).toContain(step.row);
          expect(states[index]?.standing[step.row]?.team).toBe(step.team);
          row = step.row;
        }
        if (step.type === "place") {
          expect(final[step.row]).toEqual({ team: step.team, rank: step.rank });
          placed.push(step.row);
        }
      }
      expect(placed).toEqual(final.map((_, index) => index).toReversed());
    });
  });

  it("wait at every award", () => {
    everyContest(format, 6, (contest) => {
      for (const step of stepsOf(contest)) {
        const hasAward = step.type === "award" || (step.type === "place" && step.awards.length > 0);
        if (hasAward) expect(step.pause).toBe(true);
      }
    });
  });

  it("bring who comes late to the same end, by way of the wire", () => {
    everyContest(format, 7, (contest, random) => {
      const steps = stepsOf(contest).map((step) => v.parse(ResolverStep, JSON.parse(JSON.stringify(step))));
      const states = statesOf(contest.frozen, steps);
      const from = Math.floor(random() * states.length);
      let late = v.parse(ResolverState, JSON.parse(JSON.stringify(states[from])));
      expect(late).toEqual(states[from]);
      for (const step of steps.slice(Math.max(0, from - 2))) late = afterStep(late, step) ?? late;
      expect(late).toEqual(states.at(-1));
    });
  });
});
