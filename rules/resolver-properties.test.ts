import * as v from "valibot";
import { describe, expect, it } from "vitest";
import type { Award, AwardRules } from "../protocol/award.ts";
import { type Board, type Cell, type ContestEvent, MINUTE_MS } from "../protocol/contest.ts";
import { ResolverState, ResolverStep } from "../protocol/resolver.ts";
import { awardsOf } from "./awards.ts";
import type { Groups } from "./awards-given.ts";
import { clock, medalRules } from "./awards-testing.ts";
import { isPending, whyNotResolvable } from "./resolver-boards.ts";
import { afterStep, beforeResolving } from "./resolver-state.ts";
import { resolverSteps } from "./resolver.ts";
import { boardOf, emptyStandings, fold, rank } from "./scoreboard.ts";
import { seededRandom } from "./seeded-random.ts";

const ROUNDS = 120;

interface Contest {
  frozen: Board;
  final: Board;
  rules: AwardRules;
  groups: Groups;
}

/** Each of many contests of all sizes, with times so coarse that many teams tie. */
function everyContest(seed: number, check: (contest: Contest, random: () => number) => void): void {
  const random = seededRandom(seed);
  for (let round = 0; round < ROUNDS; round++) check(randomContest(random), random);
}

function randomContest(random: () => number): Contest {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const teams = Array.from({ length: 1 + upTo(14) }, (_, index) => `t${index}`);
  const labels = ["A", "B", "C", "D", "E"].slice(0, 1 + upTo(4));
  const standings = emptyStandings();
  const events: ContestEvent[] = [
    { type: "contest", clock, problems: labels.map((label) => ({ label, colour: "#000000" })) },
    ...teams.map((team): ContestEvent => ({ type: "team", team, name: `n${upTo(20)}` })),
  ];
  for (let index = upTo(teams.length * 8); index > 0; index--) {
    const submission = String(index);
    const team = teams[upTo(teams.length - 1)] ?? "";
    const label = labels[upTo(labels.length - 1)] ?? "";
    const verdict = (["AC", "AC", "WA", "TLE", "CE"] as const)[upTo(4)] ?? "AC";
    const at = (random() < 0.5 ? 239 + upTo(3) : upTo(5) * 59) * MINUTE_MS + upTo(2) * 500;
    events.push({ type: "submission", submission, team, label, at });
    events.push({ type: "judgement", submission, round: 1, verdict });
  }
  for (const event of events) fold(standings, event);
  return {
    frozen: boardOf(standings, 7, clock.durationMs, "public"),
    final: boardOf(standings, 9, clock.durationMs, "jury"),
    rules: medalRules(["1/1/1", "4/4/4", "0/2/1", "1/0/0", "2/3/3"][upTo(4)] ?? "", {
      extraBronze: upTo(2),
      medalsPerGroup: [null, 1, 2][upTo(2)] ?? null,
      medianRule: random() < 0.7,
    }),
    groups: new Map(teams.filter(() => random() < 0.8).map((team) => [team, `g${upTo(2)}`])),
  };
}

function stepsOf({ frozen, final, rules, groups }: Contest): ResolverStep[] {
  return resolverSteps(frozen, final, rules, groups);
}

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
const ranksOf = (board: Board) => rank(board).map((row) => ({ team: row.team.id, rank: row.rank }));
const inOrder = (awards: readonly Award[]): string[] =>
  awards.flatMap(({ id, teams }) => teams.map((team) => `${id} ${team}`)).toSorted();

describe("the steps of any contest", () => {
  it("end, after the last with the final board, its ranks and all of its awards", () => {
    everyContest(1, (contest) => {
      const { frozen, final, rules, groups } = contest;
      const steps = stepsOf(contest);
      const last = statesOf(frozen, steps).at(-1);
      expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
      expect(steps.filter(({ type }) => type === "end")).toEqual(steps.slice(-1));
      expect(last?.board).toEqual({ ...final, seq: frozen.seq });
      expect(last?.standing).toEqual(ranksOf(final));
      expect(last?.placed).toEqual(
        ranksOf(final)
          .map(({ team }) => team)
          .toReversed(),
      );
      expect(inOrder(last?.awards ?? [])).toEqual(inOrder(awardsOf(final, rules, groups, new Map())));
    });
  });

  it("would be the same up to a verdict had this one and all after it been others", () => {
    let others = 0;
    everyContest(2, (contest, random) => {
      const steps = stepsOf(contest);
      const verdicts = steps.flatMap((step) => (step.type === "verdict" ? [step] : []));
      const from = verdicts[Math.floor(random() * verdicts.length)];
      if (from === undefined) return;
      const told = new Set(
        verdicts.filter(({ number }) => number < from.number).map(({ cell }) => keyOf(cell)),
      );
      const other = { ...contest, final: otherResults(contest, told, random) };
      expect(whyNotResolvable(other.frozen, other.final)).toBeNull();
      const before = (all: ResolverStep[]) => JSON.stringify(all.slice(0, from.number - 1));
      expect(before(stepsOf(other))).toBe(before(steps));
      others++;
    });
    expect(others).toBeGreaterThan(ROUNDS / 2);
  });

  it("show no result before its verdict", () => {
    everyContest(3, (contest) => {
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
    everyContest(4, (contest) => {
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
    everyContest(5, (contest) => {
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
    everyContest(6, (contest) => {
      for (const step of stepsOf(contest)) {
        const hasAward = step.type === "award" || (step.type === "place" && step.awards.length > 0);
        if (hasAward) expect(step.pause).toBe(true);
      }
    });
  });

  it("bring who comes late to the same end, by way of the wire", () => {
    everyContest(7, (contest, random) => {
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

/** Other final results that go with the frozen board and with the verdicts told. */
function otherResults({ frozen, final }: Contest, told: ReadonlySet<string>, random: () => number): Board {
  const before = byCell(frozen);
  const cells = final.cells.map((cell): Cell => {
    const shown = before.get(keyOf(cell));
    if (shown === undefined || !isPending(shown) || told.has(keyOf(cell))) return cell;
    const rejected = shown.rejected + Math.floor(random() * (shown.pending + 1));
    const solvedAt = random() < 0.5 ? null : (240 + Math.floor(random() * 60)) * MINUTE_MS;
    return { ...cell, rejected, solvedAt };
  });
  return { ...final, cells };
}
