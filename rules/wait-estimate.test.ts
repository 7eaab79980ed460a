import { describe, expect, it } from "vitest";
import { seededRandom } from "./seeded-random.ts";
import { expectedEnd, outlooks, retryAfterMs } from "./wait-estimate.ts";

const NOW = 50_000;
interface Job {
  consumer: string;
  expectedMs: number;
}
const jobs = (...expectedMs: number[]): Job[] => expectedMs.map((ms) => ({ consumer: "a", expectedMs: ms }));
const starts = (waiting: readonly Job[], slotEnds: readonly number[]): (number | null)[] =>
  [...outlooks(waiting, slotEnds, NOW)].map(({ startsAt }) => startsAt);

describe("a waiting job is expected to start", () => {
  it("when the slots before it are free, by those ahead of it", () => {
    const waiting = jobs(1000, 1000, 5000, 1000, 1000);
    expect(starts(waiting, [NOW + 2000, NOW + 500])).toEqual(
      [500, 1500, 2000, 2500, 3500].map((ms) => NOW + ms),
    );
    expect([...outlooks(waiting, [NOW], NOW)].map(({ ahead }) => ahead)).toEqual([0, 1, 2, 3, 4]);
  });

  it("at once when a slot is free", () => {
    expect(starts(jobs(1000, 1000), [NOW - 9000, NOW + 400])).toEqual([NOW, NOW + 400]);
  });

  it("nobody knows when, without any slot", () => {
    expect(starts(jobs(1000, 1000), [])).toEqual([null, null]);
  });

  it("as a run of the queue shows, whatever slots and jobs there are", () => {
    const random = seededRandom(31);
    for (let round = 0; round < 200; round++) {
      const ends = Array.from({ length: 1 + Math.floor(random() * 9) }, () => NOW + random() * 9000 - 2000);
      const waiting = jobs(...Array.from({ length: 40 }, () => Math.floor(random() * 5000)));
      const slots = ends.map((end) => Math.max(NOW, end));
      const run = waiting.map(({ expectedMs }) => {
        const first = slots.indexOf(Math.min(...slots));
        const start = slots[first] ?? NaN;
        slots[first] = start + expectedMs;
        return start;
      });
      expect(starts(waiting, ends)).toEqual(run);
    }
  });

  it("not much sooner than it does on the whole, when nobody knows how long each takes", () => {
    const random = seededRandom(32);
    const exponential = (): number => -Math.log(1 - random()) * 1000;
    const ahead = 40;
    let promised = 0;
    let waited = 0;
    for (let round = 0; round < 400; round++) {
      const slots = Array.from({ length: 4 }, exponential);
      for (let served = 0; served < ahead; served++) {
        const first = slots.indexOf(Math.min(...slots));
        slots[first] = (slots[first] ?? 0) + exponential();
      }
      waited += Math.min(...slots);
      const ends = slots.map(() =>
        expectedEnd({ dispatchedAt: NOW, expectedMs: 1000, totalMs: 60_000 }, NOW),
      );
      promised += (starts(jobs(...Array.from({ length: ahead + 1 }, () => 1000)), ends).at(-1) ?? NaN) - NOW;
    }
    expect(promised / waited).toBeGreaterThan(0.97);
    expect(promised / waited).toBeLessThan(1.15);
  });
});

describe("a running job is expected to end", () => {
  const job = { dispatchedAt: NOW, expectedMs: 4000, totalMs: 10_000 };
  it.each<[what: string, elapsed: number, left: number]>([
    ["as long after it began as one like it takes", 0, 4000],
    ["the sooner, the longer it has taken", 2500, 1500],
    ["not at once when it is overdue", 4000, 1000],
    ["not at once when it is long overdue", 8000, 1000],
    ["by its time-out at the latest", 9500, 500],
    ["now, when that is over", 11_000, 0],
  ])("%s", (_, elapsed, left) => {
    expect(expectedEnd(job, NOW + elapsed)).toBe(NOW + elapsed + left);
  });
});

describe("who is refused is to come again", () => {
  const waiting = [
    { consumer: "a", expectedMs: 3000 },
    { consumer: "b", expectedMs: 9000 },
    { consumer: "b", expectedMs: 9000 },
  ];
  const after = (
    refusal: "queue_full" | "consumer_full",
    consumer: string,
    slotEnds: number[],
    queue = waiting,
  ) => retryAfterMs(refusal, consumer, queue, slotEnds, NOW);

  it("when the next job starts, which leaves a place", () => {
    expect(after("queue_full", "c", [NOW + 7000, NOW + 1500.2])).toBe(1501);
  });

  it("when the next of its own starts, if it has too many of them", () => {
    expect(after("consumer_full", "b", [NOW + 1500])).toBe(4500);
  });

  it("when a slot is free, where nobody may wait", () => {
    expect(after("queue_full", "c", [NOW + 7000, NOW + 2500], [])).toBe(2500);
  });

  it("after a second at least", () => {
    expect(after("queue_full", "c", [NOW - 100])).toBe(1000);
  });

  it("nobody knows when, without any slot", () => {
    expect(after("queue_full", "c", [])).toBeNull();
    expect(after("consumer_full", "b", [])).toBeNull();
  });
});
