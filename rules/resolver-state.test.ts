import { describe, expect, it } from "vitest";
import type { ResolverState, ResolverStep } from "../protocol/resolver.ts";
import { boardOfLines, medalRules } from "./awards-testing.ts";
import { afterStep, beforeResolving } from "./resolver-state.ts";
import { resolverSteps } from "./resolver.ts";

const frozen = boardOfLines(["a A10", "b A20 B?2", "c"], true);
const final = boardOfLines(["a A10", "b A20 B250-1", "c"]);
const steps = resolverSteps(frozen, final, medalRules("1/1/0"));

/** What screens show after the first step of a kind. */
function after(type: ResolverStep["type"]): ResolverState {
  let state: ResolverState | null = beforeResolving(frozen);
  for (const step of steps) {
    state = state === null ? null : afterStep(state, step);
    if (step.type === type) break;
  }
  if (state === null) throw new Error("a step is missing");
  return state;
}

const order = ({ standing }: ResolverState): string =>
  standing.map(({ team, rank }) => `${rank} ${team}`).join(", ");
const cellB = ({ board }: ResolverState) =>
  board.cells.find(({ team, label }) => team === "b" && label === "B");

describe("what screens show", () => {
  it("is the frozen board before the first step", () => {
    const state = beforeResolving(frozen);
    expect(state.board).toEqual(frozen);
    expect([state.shown, order(state), state.looked, state.placed, state.awards, state.ended]).toEqual([
      0,
      "1 a, 2 b, 3 c",
      null,
      [],
      [],
      false,
    ]);
  });

  it("is the team that is looked at, then its problem, and no result", () => {
    expect(after("look").looked).toEqual({ row: 2, team: "c", label: null });
    expect(after("problem").looked).toEqual({ row: 1, team: "b", label: "B" });
    expect(after("problem").board).toEqual(frozen);
  });

  it("is the verdict while the team still stands where it stood", () => {
    expect(cellB(after("verdict"))).toEqual({
      team: "b",
      label: "B",
      attempts: 2,
      pending: 0,
      solvedAt: 250 * 60_000,
      points: 1,
      penalty: 270,
      result: "full",
    });
    expect(order(after("verdict"))).toBe("1 a, 2 b, 3 c");
  });

  it("is the new order after the move", () => {
    expect(order(after("move"))).toBe("1 b, 2 a, 3 c");
  });

  it("is the place and the awards that were told", () => {
    expect(after("place").placed).toEqual(["c"]);
    expect(after("end").placed).toEqual(["c", "a", "b"]);
    expect(after("end").awards.map(({ id, teams }) => `${id} ${teams.join(" ")}`)).toEqual([
      "silver-medal a",
      "first-to-solve-A a",
      "winner b",
      "gold-medal b",
      "first-to-solve-B b",
    ]);
  });

  it("is the final board at the end, frozen no more, with nobody in the light", () => {
    const { board, looked, ended } = after("end");
    expect([board, looked, ended]).toEqual([final, null, true]);
  });

  it("is not changed by a step that was shown before", () => {
    const state = after("move");
    for (const step of steps.slice(0, state.shown)) expect(afterStep(state, step)).toBe(state);
  });

  it("is unknown when a step is missing", () => {
    expect(steps.slice(1).map((step) => afterStep(beforeResolving(frozen), step))).toEqual(
      steps.slice(1).map(() => null),
    );
  });

  it("joins an award's teams, whether they were told with a place or later", () => {
    const named = { id: "honors", citation: { key: "honors" as const } };
    const place: ResolverStep = {
      type: "place",
      number: 1,
      pause: true,
      team: "c",
      row: 2,
      rank: 3,
      awards: [named],
    };
    const late: ResolverStep = {
      type: "award",
      number: 2,
      pause: true,
      award: { ...named, teams: ["a", "b"] },
    };
    const first = afterStep(beforeResolving(frozen), place);
    expect(first === null ? null : afterStep(first, late)?.awards).toEqual([
      { ...named, teams: ["c", "a", "b"] },
    ]);
  });
});
