import { describe, expect, it } from "vitest";
import { fromLocalInput, toLocalInput } from "./local-time.ts";

describe("local times in forms", () => {
  it("come back as the same minute", () => {
    const instant = new Date(2026, 10, 22, 16, 50).getTime();
    expect(toLocalInput(instant)).toBe("2026-11-22T16:50");
    expect(fromLocalInput("2026-11-22T16:50")).toBe(instant);
  });

  it("that are no times are nothing", () => {
    expect(fromLocalInput("")).toBeNull();
    expect(fromLocalInput("tomorrow")).toBeNull();
    expect(fromLocalInput("2026-13-45T99:99")).toBeNull();
  });
});
