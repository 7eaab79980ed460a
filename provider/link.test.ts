import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type MarketMessage, REPLACED } from "../protocol/provider.ts";
import { type Link, type LinkState, openLink } from "./link.ts";
import { type ScriptedWire, type ScriptedWires, scriptedWires, welcome } from "./testing-wires.ts";

/** Over real WebSockets it is tried in agent/wire.test.ts. */
describe("a link over whatever wires there are", () => {
  let wires: ScriptedWires;
  let link: Link;
  let states: LinkState[];
  let told: MarketMessage[];
  let rooms: number;

  beforeEach(() => {
    vi.useFakeTimers();
    wires = scriptedWires();
    states = [];
    told = [];
    rooms = 0;
    link = openLink({
      wires,
      words: { site: "SITE", self: "page", replaced: "it is online elsewhere" },
      hello: () => ({
        type: "hello",
        protocols: [1],
        agent: "test 1",
        kind: "browser",
        slots: 1,
        offers: [],
        holding: [],
      }),
      onMessage: (message) => told.push(message),
      onLost: () => undefined,
      onRoom: () => rooms++,
      onState: (state) => states.push(state),
      onNonsense: () => undefined,
    });
  });
  afterEach(() => void vi.useRealTimers());

  const last = (): ScriptedWire => {
    const wire = wires.tried.at(-1);
    if (wire === undefined) throw new Error("none was tried");
    return wire;
  };

  it("says hello on each of them, and tries soon again after a fault that may pass", async () => {
    last().fail({ why: "The site is away.", soon: true });
    last().fail({ why: "something that comes of it", soon: false });
    expect(states).toEqual([
      { type: "lost", sentence: "no connection to SITE (The site is away); tries again" },
    ]);
    await vi.advanceTimersByTimeAsync(250);
    expect(wires.tried).toHaveLength(2);
    last().welcome();
    expect(last().said).toMatchObject([{ type: "hello", kind: "browser" }]);
    expect(states.at(-1)).toEqual({ type: "connected", sentence: "connected to SITE as tabarena-test" });
  });

  it("tries seldom after a fault that a person has to mend", async () => {
    last().fail({ why: "Sign in first.", soon: false });
    expect(states).toEqual([
      { type: "turned_away", sentence: "turned away by SITE: Sign in first; tries again every 60 s" },
    ]);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(wires.tried).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(wires.tried).toHaveLength(2);
  });

  it("leaves its place to another that came as the same provider", () => {
    last().welcome();
    last().end(REPLACED);
    expect(states.at(-1)).toEqual({
      type: "turned_away",
      sentence: "turned away by SITE: it is online elsewhere; tries again every 60 s",
    });
  });

  it("beats once, however often it is welcome, and no more when it has ended", async () => {
    const first = last();
    first.welcome();
    first.say(welcome);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(first.heartbeats).toBe(1);
    first.end();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(first.heartbeats).toBe(1);
  });

  it("tells of room when what was said is on its way, and not while much of it waits", async () => {
    last().welcome();
    link.send({ type: "drain" });
    await vi.advanceTimersByTimeAsync(1);
    last().bufferedAmount = 100_000;
    expect(link.backedUp()).toBe(true);
    last().waiting.forEach((tell) => tell());
    expect(rooms).toBe(0);
    last().bufferedAmount = 0;
    last().waiting.forEach((tell) => tell());
    expect(rooms).toBe(1);
  });

  it("is closed when the far end has answered, and soon when it does not", async () => {
    last().welcome();
    let closed = false;
    void link.close().then(() => (closed = true));
    expect(last().closing).toEqual({ code: 1001, reason: "the provider ends" });
    await vi.advanceTimersByTimeAsync(400);
    expect(closed).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(closed).toBe(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(wires.tried).toHaveLength(1);
    expect(told).toEqual([welcome]);
  });
});
