import { describe, expect, it } from "vitest";
import { openSlots } from "./slots.ts";

/** Things to do that end when they are told to, and a record of what began. */
function work() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const act = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve) => ends.set(name, resolve));
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { begun, act, end };
}

describe("slots", () => {
  it("let so many begin at once, the others in the order in which they came", async () => {
    const { take } = openSlots(2);
    const { begun, act, end } = work();
    for (const name of ["a", "b", "c", "d"]) void take(act(name));
    await end("");
    expect(begun).toEqual(["a", "b"]);
    await end("b");
    expect(begun).toEqual(["a", "b", "c"]);
    await end("a");
    expect(begun).toEqual(["a", "b", "c", "d"]);
  });

  it("let one that wants all of them be alone, and nobody overtake it", async () => {
    const { take } = openSlots(2);
    const { begun, act, end } = work();
    void take(act("a"));
    void take(act("alone"), "all");
    void take(act("late"));
    await end("");
    expect(begun).toEqual(["a"]);
    await end("a");
    expect(begun).toEqual(["a", "alone"]);
    await end("alone");
    expect(begun).toEqual(["a", "alone", "late"]);
  });

  it("are free again after something that failed", async () => {
    const { take } = openSlots(1);
    await expect(take(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await take(async () => 42)).toBe(42);
  });
});
