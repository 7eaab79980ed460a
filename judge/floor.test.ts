import { describe, expect, it } from "vitest";
import { seededRandom } from "../rules/seeded-random.ts";
import { type Floor, openFloor } from "./floor.ts";

/** Work that ends when told to. */
function task(): { work(): Promise<void>; started(): boolean; end(): void; fail(): void } {
  let started = false;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return {
    work: () => {
      started = true;
      return promise;
    },
    started: () => started,
    end: resolve,
    fail: () => reject(new Error("the sandbox died")),
  };
}

/** Lets everything happen that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the floor", () => {
  it("has room for any number beside each other", async () => {
    const floor = openFloor();
    const tasks = Array.from({ length: 5 }, task);
    const done = Promise.all(tasks.map(({ work }) => floor.beside(work)));
    await settle();
    expect(tasks.every((one) => one.started())).toBe(true);
    for (const one of tasks) one.end();
    await done;
  });

  it("makes who wants to be alone wait for the others, and new ones wait for it", async () => {
    const floor = openFloor();
    const [before, alone, after] = [task(), task(), task()];
    const done = [floor.beside(before.work), floor.alone(alone.work), floor.beside(after.work)];
    await settle();
    expect([alone.started(), after.started()]).toEqual([false, false]);
    before.end();
    await settle();
    expect([alone.started(), after.started()]).toEqual([true, false]);
    alone.end();
    await settle();
    expect(after.started()).toBe(true);
    after.end();
    await Promise.all(done);
  });

  it.each(["beside", "alone"] as const)("is free again when work %s fails", async (how) => {
    const floor = openFloor();
    const failing = task();
    const failed = floor[how](failing.work);
    const next = task();
    const done = floor.alone(next.work);
    failing.fail();
    await expect(failed).rejects.toThrow("the sandbox died");
    await settle();
    expect(next.started()).toBe(true);
    next.end();
    await done;
  });

  it("gives what the work gives, and fails with work that fails at once", async () => {
    const floor = openFloor();
    expect(await floor.alone(() => Promise.resolve(7))).toBe(7);
    await expect(
      floor.beside(() => {
        throw new Error("at once");
      }),
    ).rejects.toThrow("at once");
    expect(await floor.alone(() => Promise.resolve(8))).toBe(8);
  });
});

/** Slots that work for a number of turns each, beside and alone, some of which fail; checks who is on the floor. */
async function schedule(
  seed: number,
  slots: number,
  turns: number,
): Promise<Record<"begun" | "asked" | "disturbed", string[]>> {
  const random = seededRandom(seed);
  const floor: Floor = openFloor();
  const onFloor = new Map<string, "beside" | "alone">();
  const begun: string[] = [];
  const asked: string[] = [];
  const disturbed: string[] = [];
  const pause = async (): Promise<void> => {
    for (let i = Math.floor(random() * 4); i > 0; i--) await settle();
  };
  const slot = async (number: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) {
      const name = `${number}.${turn}`;
      const how = random() < 0.3 ? "alone" : "beside";
      const fails = random() < 0.2;
      await pause();
      asked.push(name);
      const work = async (): Promise<void> => {
        begun.push(name);
        onFloor.set(name, how);
        await pause();
        const kinds = [...onFloor.values()];
        if (kinds.includes("alone") && kinds.length > 1) disturbed.push(name);
        onFloor.delete(name);
        if (fails) throw new Error("the sandbox died");
      };
      await floor[how](work).catch((error: unknown) => {
        if (!fails) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: slots }, (_, number) => slot(number)));
  return { begun, asked, disturbed };
}

describe("on any schedule", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "who is alone is alone, everybody has their turn, and in the order they came (seed %i)",
    async (seed) => {
      const slots = 1 + (seed % 6);
      const { begun, asked, disturbed } = await schedule(seed, slots, 40);
      expect(disturbed).toEqual([]);
      expect(begun).toHaveLength(slots * 40);
      expect(begun).toEqual(asked);
    },
  );
});
