import { describe, expect, it } from "vitest";
import type { Offer } from "../protocol/offer.ts";
import { parseSchedule } from "./schedule.ts";
import { type Clock, openShifts, type Shift, type Shifts } from "./shifts.ts";
import { openProvider } from "./provider.ts";
import { scriptedEngine } from "./testing-engine.ts";
import { jobOf, openMarket, settled, testOffer, until } from "./testing-market.ts";

const hours = parseSchedule("mon-fri 18:00-20:00", "UTC");
/** 2026-11-23 is a Monday. */
const monday = (time: string): number => Date.parse(`2026-11-23T${time}Z`);

/** A clock that a test puts forward. */
function scriptedClock(start: number): Clock & { set(time: number): void; waits: number[] } {
  let now = start;
  const waiting = new Set<() => void>();
  const waits: number[] = [];
  return {
    now: () => new Date(now),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        waits.push(ms);
        const wake = (): void => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        if (signal.aborted) wake();
        signal.addEventListener("abort", wake, { once: true });
      }),
    set(time) {
      now = time;
      for (const wake of waiting) wake();
    },
    waits,
  };
}

interface ScriptedShift extends Shift {
  drains: number;
  stops: number;
  /** What it has is done. */
  done(): void;
}

function scriptedShift(): ScriptedShift {
  let done: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (done = resolve));
  const shift: ScriptedShift = {
    drains: 0,
    stops: 0,
    done,
    drain() {
      shift.drains++;
      return gone;
    },
    async stop() {
      shift.stops++;
      done();
    },
  };
  return shift;
}

function open(start: number, wishes: { drainMs?: number; always?: boolean; opening?: Promise<void> } = {}) {
  const clock = scriptedClock(start);
  const said: string[] = [];
  const begun: ScriptedShift[] = [];
  const signals: AbortSignal[] = [];
  const shifts: Shifts = openShifts({
    schedule: wishes.always ? null : hours,
    async begin(signal) {
      signals.push(signal);
      await wishes.opening;
      const shift = scriptedShift();
      begun.push(shift);
      return shift;
    },
    drainMs: wishes.drainMs ?? 60_000,
    say: (line) => said.push(line),
    clock,
  });
  return { clock, said, begun, signals, shifts };
}

describe("an agent's shifts", () => {
  it("begin with its hours, and it says before when that is", async () => {
    const { clock, said, begun, shifts } = open(monday("12:00"));
    await until(() => said.length === 1);
    expect(said).toEqual(["is off: its hours are mon-fri 18:00-20:00 (UTC); it serves again from Mon 18:00"]);
    expect(begun).toHaveLength(0);
    clock.set(monday("18:00"));
    await until(() => begun.length === 1);
    expect(said).toHaveLength(1);
    void shifts.stop();
    await shifts.over;
  });

  it("end with its hours, when what it has is done, and begin again with the next", async () => {
    const { clock, said, begun, shifts } = open(monday("19:00"));
    await until(() => begun.length === 1);
    clock.set(monday("20:00"));
    await until(() => begun[0]?.drains === 1);
    expect(said).toEqual(["its hours are over: takes no more jobs, and finishes those that it has"]);
    begun[0]?.done();
    await until(() => said.length === 2);
    expect(said[1]).toContain("is off: ");
    expect(begun[0]?.stops).toBe(0);
    clock.set(monday("18:00") + 24 * 3_600_000);
    await until(() => begun.length === 2);
    void shifts.stop();
    await shifts.over;
  });

  it("tell the Market: drain, an end, a goodbye, and hello again with the next hours", async () => {
    const market = await openMarket();
    const clock = scriptedClock(monday("19:00"));
    const scripted = scriptedEngine();
    const { artifact, engine, contextTokens, features, tokensPerSecond } = scripted.engine.facts;
    const prices = { prompt: 1, cachedPrompt: 1, completion: 2 };
    const offer: Offer = {
      offer: testOffer,
      model: "test-model",
      tasks: ["chat"],
      contextTokens,
      maxOutputTokens: 200,
      prices,
      artifact,
      engine,
      features: [...features],
      tokensPerSecond,
    };
    const shifts = openShifts({
      schedule: hours,
      begin: async () =>
        openProvider({
          server: market.url,
          token: "a token",
          agent: "test 1",
          slots: 2,
          served: [{ offer, engine: scripted.engine }],
          say: () => undefined,
        }),
      drainMs: 60_000,
      say: () => undefined,
      clock,
    });
    await market.welcome();
    market.say(jobOf("job-00001"));
    await until(() => scripted.answers.length === 1);
    clock.set(monday("20:00"));
    await market.hear("drain");
    market.say(jobOf("job-00002"));
    expect(await market.hear("refuse")).toMatchObject({ job: "job-00002", reason: "draining" });
    await scripted.answers[0]?.write("a");
    scripted.answers[0]?.finish();
    expect(await market.endOf("job-00001")).toMatchObject({ reason: "stop", deltas: 1 });
    market.say(settled("job-00001"));
    await until(() => market.connections() === 0);
    expect(market.asked).toHaveLength(1);
    clock.set(monday("18:00") + 24 * 3_600_000);
    await market.welcome(1);
    market.say(jobOf("job-00003"));
    await market.hear("accept", 1);
    void shifts.stop();
    await shifts.over;
    await market.close();
  });

  it("look at the clock every half a minute, and never past a change", async () => {
    const { clock, shifts } = open(monday("17:59:50"));
    await until(() => clock.waits.length === 1);
    clock.set(monday("17:00"));
    await until(() => clock.waits.length === 2);
    expect(clock.waits).toEqual([10_000, 30_000]);
    void shifts.drain();
    await shifts.over;
  });

  it("break off what is not done in its time", async () => {
    const { clock, begun, shifts } = open(monday("19:00"), { drainMs: 1 });
    await until(() => begun.length === 1);
    clock.set(monday("20:00"));
    await until(() => begun[0]?.stops === 1);
    void shifts.drain();
    await shifts.over;
  });

  it("stop what is opened only after the hours have ended", async () => {
    let opened: () => void = () => undefined;
    const opening = new Promise<void>((resolve) => (opened = resolve));
    const { clock, begun, signals, said, shifts } = open(monday("19:59"), { opening });
    await until(() => signals.length === 1);
    clock.set(monday("20:00"));
    await until(() => signals[0]?.aborted === true);
    await until(() => said.length === 1);
    opened();
    await until(() => begun[0]?.stops === 1);
    expect(begun[0]?.drains).toBe(0);
    void shifts.drain();
    await shifts.over;
  });

  it("are over after a drain: in its hours, out of them, and always", async () => {
    for (const [time, always, shiftsBegun] of [
      ["19:00", false, 1],
      ["12:00", false, 0],
      ["12:00", true, 1],
    ] as const) {
      const { begun, shifts } = open(monday(time), { always });
      await until(() => begun.length === shiftsBegun);
      let isDrained = false;
      const drained = shifts.drain().then(() => (isDrained = true));
      await shifts.over;
      expect(isDrained).toBe(shiftsBegun === 0);
      begun[0]?.done();
      await drained;
    }
  });

  it("fail with what can't be opened", async () => {
    const failing = (): Promise<Shift> => Promise.reject(new Error("no such file"));
    const options = { schedule: null, begin: failing, drainMs: 1, say: () => undefined };
    await expect(openShifts(options).over).rejects.toThrow("no such file");
  });
});
