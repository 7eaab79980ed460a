import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { type EndingProcess, onEnding } from "./ending.ts";
import { until } from "./testing-market.ts";

/** A process of a platform that this machine need not have. */
function processOn(platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}) {
  const signals = new EventEmitter();
  const stdin = Object.assign(new EventEmitter(), { resume: () => undefined });
  const done = { drains: 0, ends: 0, exits: [] as number[], said: [] as string[] };
  const own: EndingProcess = {
    platform,
    env,
    on: (signal, listener) => signals.on(signal, listener),
    stdin,
    exit: (code) => void done.exits.push(code),
  };
  let drained: () => void = () => undefined;
  onEnding(
    {
      drain() {
        done.drains++;
        return new Promise((resolve) => (drained = resolve));
      },
      async end() {
        done.ends++;
      },
      drainMs: 60_000,
      say: (line) => done.said.push(line),
    },
    own,
  );
  return { signals, stdin, done, drained: () => drained() };
}

describe("an agent that is told to end", () => {
  it.each<[NodeJS.Platform, NodeJS.Signals[]]>([
    ["linux", ["SIGTERM", "SIGINT", "SIGHUP"]],
    ["darwin", ["SIGTERM", "SIGINT", "SIGHUP"]],
    ["win32", ["SIGINT", "SIGBREAK"]],
  ])("finishes what it has on %s after %j, and ends then", async (platform, names) => {
    for (const name of names) {
      const { signals, done, drained } = processOn(platform);
      signals.emit(name);
      expect([done.drains, done.ends]).toEqual([1, 0]);
      drained();
      await until(() => done.exits.length === 1);
      expect([done.ends, done.exits]).toEqual([1, [0]]);
      expect(done.said.at(-1)).toBe("ends (all is done)");
    }
  });

  it("ends at once where Windows closes its window, which leaves it no time", async () => {
    const { signals, done } = processOn("win32");
    signals.emit("SIGHUP");
    await until(() => done.exits.length === 1);
    expect([done.drains, done.ends, done.said]).toEqual([0, 1, ["ends (SIGHUP)"]]);
  });

  it("does not count a signal twice that npm hands on", () => {
    const { signals, done } = processOn("linux");
    signals.emit("SIGINT");
    signals.emit("SIGINT");
    expect([done.drains, done.ends]).toEqual([1, 0]);
  });

  it("hears the end of stdin only where that is its parent's", async () => {
    const alone = processOn("win32");
    expect(alone.stdin.listenerCount("end")).toBe(0);
    const child = processOn("win32", { AGENT_LIFELINE: "1" });
    child.stdin.emit("end");
    await until(() => child.done.exits.length === 1);
    expect(child.done.said).toEqual(["ends (its parent ended)"]);
  });
});
