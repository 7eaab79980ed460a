import { describe, expect, it } from "vitest";
import { type Made, openCompilations } from "./compilations.ts";

const program = (folder: string, bytes = 10): Made => ({
  ok: true,
  folder,
  box: `${folder}/box`,
  output: "",
  bytes,
});

/** Compilations that keep 25 idle bytes, and what they have removed. */
function open() {
  const removed: string[] = [];
  const remove = (folder: string): Promise<void> => {
    removed.push(folder);
    return Promise.resolve();
  };
  return { ...openCompilations(remove, 25), removed };
}

const never = (): Promise<Made> => Promise.reject(new Error("was made once more"));

describe("compilations", () => {
  it("are made once for those who want the same at the same time", async () => {
    const { take } = open();
    const making = Promise.withResolvers<Made>();
    const [first, second] = [take("a", () => making.promise), take("a", never)];
    making.resolve(program("one"));
    expect((await first).made).toBe((await second).made);
  });

  it("are kept for those who come when they are no longer used", async () => {
    const { take, removed } = open();
    await (await take("a", () => Promise.resolve(program("one")))).release();
    expect((await take("a", never)).made).toEqual(program("one"));
    expect(removed).toEqual([]);
  });

  it("go, the longest unused first, when they are too many", async () => {
    const { take, removed } = open();
    for (const key of ["a", "b", "a", "c"])
      await (await take(key, () => Promise.resolve(program(key)))).release();
    expect(removed).toEqual(["b"]);
    expect((await take("a", never)).made).toEqual(program("a"));
  });

  it("stay while they are in use, however large, and a release counts once", async () => {
    const { take, removed } = open();
    const large = await take("large", () => Promise.resolve(program("large", 1000)));
    const again = await take("large", never);
    await large.release();
    await large.release();
    expect(removed).toEqual([]);
    await again.release();
    expect(removed).toEqual(["large"]);
  });

  it("that were refused or failed are forgotten", async () => {
    const { take } = open();
    await take("a", () => Promise.resolve({ ok: false, output: "no" }));
    await expect(take("a", never)).rejects.toThrow("once more");
    expect((await take("a", () => Promise.resolve(program("one")))).made).toEqual(program("one"));
  });

  it("go all at once when they are cleared, but for those in use", async () => {
    const { take, clear, removed } = open();
    await (await take("a", () => Promise.resolve(program("a", 0)))).release();
    const used = await take("b", () => Promise.resolve(program("b")));
    await clear();
    expect(removed).toEqual(["a"]);
    await used.release();
    expect((await take("b", never)).made).toEqual(program("b"));
  });
});
