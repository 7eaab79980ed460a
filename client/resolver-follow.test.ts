import { describe, expect, it } from "vitest";
import type { LiveResolverMessage } from "../protocol/resolver.ts";
import { stateAt } from "../rules/resolver-state.ts";
import { afterShowMessage, type Followed } from "./resolver-follow.ts";
import { showOf } from "./testing/fixtures/resolver.ts";

const { frozen, steps } = showOf(5);

const state = (shown: number, show = 1): LiveResolverMessage => ({
  type: "state",
  show,
  state: stateAt(frozen, steps, shown),
});
const more = (from: number, to: number, show = 1): LiveResolverMessage => ({
  type: "steps",
  show,
  steps: steps.slice(from, to),
});

/** Where a viewer is after these messages, and which step it saw last: `7 place`. */
function after(...messages: LiveResolverMessage[]): string {
  let followed: Followed | null = null;
  for (const message of messages) {
    followed = afterShowMessage(followed, message);
    if (followed === null) return "asks again";
  }
  if (followed?.type !== "shown") return "waits";
  return `${followed.state.shown} ${followed.last?.type ?? "-"}`;
}

describe("a viewer of a show", () => {
  it.each<[what: string, messages: LiveResolverMessage[], expected: string]>([
    ["waits where none has begun", [{ type: "waiting" }], "waits"],
    ["begins with a whole state", [state(4)], "4 -"],
    ["goes on step by step", [state(0), more(0, 1), more(1, 3)], "3 verdict"],
    ["passes over steps that it has seen", [state(3), more(1, 3)], "3 -"],
    ["takes from those it has partly seen the others", [state(2), more(1, 3)], "3 verdict"],
    ["is where it was when there is nothing new", [state(3), more(3, 3)], "3 -"],
    ["goes back with a state", [state(0), more(0, 5), state(2)], "2 -"],
    ["asks again when steps are missing", [state(1), more(2, 3)], "asks again"],
    ["asks again at steps of another show", [state(1), more(1, 2, 2)], "asks again"],
    ["asks again at steps without a state", [more(0, 1)], "asks again"],
    ["begins anew with another show", [state(5), state(0, 2)], "0 -"],
  ])("%s", (_, messages, expected) => {
    expect(after(...messages)).toBe(expected);
  });
});
