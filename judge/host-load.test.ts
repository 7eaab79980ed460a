import { describe, expect, it } from "vitest";
import { isOverloaded, type Look, openHostLoad, waitedShare } from "./host-load.ts";

/** A host with two processors, seen twice, ten seconds apart: what happened in between. */
function share(
  happened: { idleS?: number; stealS?: number; pressureS: number | null; runnable: number },
  ownS: number,
): number {
  const { idleS = 0, stealS = 0, pressureS, runnable } = happened;
  const before: Look = { atMs: 7, idleMs: 50, stealMs: 60, pressureMs: 70, runnable: 0, online: 2 };
  const after = {
    ...before,
    atMs: 10_007,
    idleMs: 50 + idleS * 1000,
    stealMs: 60 + stealS * 1000,
    pressureMs: pressureS === null ? null : 70 + pressureS * 1000,
  };
  return waitedShare(before, after, runnable, ownS * 1000);
}

describe("the share of the time that a program can have waited for others", () => {
  it("is none on an idle host, whether it sleeps or computes", () => {
    expect(share({ idleS: 20, pressureS: 0, runnable: 0 }, 0.02)).toBe(0);
    expect(share({ idleS: 10, pressureS: 0, runnable: 1 }, 10)).toBe(0);
  });

  it("is none for threads that wait for each other on one processor while the other is idle", () => {
    expect(share({ idleS: 10, pressureS: 9.9, runnable: 8 }, 10)).toBe(0);
  });

  it("is little for a program that sleeps while others use every processor, or crowd there", () => {
    expect(isOverloaded(share({ pressureS: 0.1, runnable: 2 }, 0.02))).toBe(false);
    expect(isOverloaded(share({ pressureS: 10, runnable: 20 }, 0.02))).toBe(false);
  });

  it("is what others got while it wanted to run all the time", () => {
    // Two programs for each processor beside it.
    expect(share({ pressureS: 10, runnable: 5 }, 4)).toBeCloseTo(0.6);
    // Twenty for each.
    expect(share({ pressureS: 10, runnable: 41 }, 0.49)).toBeCloseTo(0.95, 1);
  });

  it("includes what a hypervisor gave to other machines, which the host's pressure does not show", () => {
    expect(share({ stealS: 12, idleS: 4, pressureS: 0, runnable: 1 }, 4)).toBeCloseTo(0.2);
    expect(isOverloaded(share({ stealS: 14, pressureS: 0, runnable: 1 }, 6))).toBe(true);
  });

  it("is known without pressure information, too", () => {
    expect(isOverloaded(share({ pressureS: null, runnable: 5 }, 4))).toBe(true);
    expect(isOverloaded(share({ pressureS: null, runnable: 5 }, 0.02))).toBe(false);
  });
});

describe("watching this host", () => {
  const nap = (): Promise<string> => new Promise((resolve) => setTimeout(() => resolve("rested"), 150));

  it.each([null, 0])("gives what the work gives, and a share (processor %s)", async (processor) => {
    const load = openHostLoad(processor);
    const { result, waited } = await load.watch(nap);
    expect(result).toBe("rested");
    for (const ownCpuMs of [0, 50, 150]) {
      expect(waited(ownCpuMs)).toBeGreaterThanOrEqual(0);
      expect(waited(ownCpuMs)).toBeLessThanOrEqual(1);
    }
    if (process.platform === "linux") expect(load.source).toContain("/proc/stat");
  });

  it("ends with the work, also when that fails", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    const load = openHostLoad(null);
    await expect(load.watch(() => Promise.reject(new Error("the sandbox died")))).rejects.toThrow("died");
    expect(timers()).toBe(before);
  });
});
