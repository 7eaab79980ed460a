import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { armNames, type Arms, openArms } from "./arms.ts";
import { usedMs } from "./children.ts";
import { fullScale, measureRound, noSamples, type Scale } from "./measures.ts";
import { tokensIn } from "./model.ts";
import { reportOf } from "./report.ts";

const scale: Scale = {
  idle: 1,
  streams: [2, 3],
  tokens: 10,
  windowMs: 300,
  burst: 100,
  starts: [5],
  hangUps: 2,
  hangUpMs: 400,
  held: 5,
  heldBeginMs: 100,
  heldMs: 300,
  quietMs: 0,
};

describe("the benchmark of the relay", () => {
  let open: Arms;
  beforeAll(async () => {
    open = await openArms();
  }, 60_000);
  afterAll(() => open.close());

  it("gets every token of every answer by all ways, and sees the model stop for who hangs up", async () => {
    const all = new Map(armNames.map((name) => [name, noSamples()]));
    await measureRound(open, scale, all);
    const { arms } = reportOf(all, scale);
    expect(arms.map(({ name }) => name)).toEqual(armNames);
    for (const { name, idle, streams, starts, held, hangUps, troubles } of arms) {
      expect(troubles).toEqual([]);
      expect(idle.requests).toBe(1);
      expect(streams.map(({ streams: count, tokens }) => [count, tokens > 0])).toEqual([
        [2, true],
        [3, true],
      ]);
      expect(starts.map(({ served }) => served)).toEqual([5]);
      expect(held?.leastWhole).toBe(5);
      // The runtime notices who has gone when it writes to him, which `bare` does not before there is something to be written.
      expect(hangUps.map((one) => [one.hangUps, one.unseen])).toEqual([
        [2, name === "bare" ? 2 : 0],
        [2, 0],
        [2, 0],
      ]);
    }
  }, 120_000);
});

describe("the figures of the relay", () => {
  it("come from tokens that say when they were sent, several in one event too", () => {
    const heard: [number, number][] = [];
    tokensIn('data: {"created":12,"delta":{"content":" 7:81523377 8:81523999"}}', (index, at) => {
      heard.push([index, at]);
    });
    expect(heard).toEqual([
      [7, 81523.377],
      [8, 81523.999],
    ]);
  });

  it("are compared with those of the same round", () => {
    const all = new Map(
      armNames.map((name, index) => {
        const rounds = [1, 5].map((slow) => ({
          firstMs: Float64Array.of(slow),
          latencyMs: Float64Array.of(slow, slow, slow * (index + 1)),
          answers: 1,
          used: { server: 30 * index, writer: 10, load: 10 },
        }));
        const samples = {
          ...noSamples(),
          idleFirstMs: [1 + index, 3 + index],
          streams: new Map([[200, rounds]]),
        };
        return [name, samples];
      }),
    );
    const { arms, targets } = reportOf(all, { ...fullScale, streams: [200] });
    const own = arms.find(({ name }) => name === "tabarena");
    expect(own?.idle.added).toBe(4);
    expect(own?.streams[0]).toMatchObject({ timesFloorP50: 1, timesFloorP99: 1.67, cpuPerThousand: 40_000 });
    expect(targets.map(({ met }) => met)).toEqual([true, true, true, false, null, null, null]);
  });

  it("count the processors' time of a process", () => {
    const used = usedMs([process.pid, null]);
    if (process.platform !== "linux") expect(used).toBeNull();
    else expect(used).toEqual([expect.any(Number), 0]);
  });
});
