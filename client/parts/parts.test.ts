import { describe, expect, it } from "vitest";
import { slugOf } from "../contest-form.ts";
import { moved } from "./problem-picker.tsx";
import { safeNext } from "./signed-in.tsx";

describe("where sign-in leads", () => {
  it("is a page of this site", () => {
    expect(safeNext("/problems/sum?x=1")).toBe("/problems/sum?x=1");
  });

  it("is never another site, however it is spelled", () => {
    for (const next of [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "javascript:alert(1)",
      "",
      undefined,
    ]) {
      expect(safeNext(next)).toBe("/");
    }
  });
});

describe("the order of a contest's problems", () => {
  it("changes by one place at a time and not beyond its ends", () => {
    expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
    expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
  });
});

describe("a contest's address", () => {
  it("is made from its name", () => {
    expect(slugOf("Final de Verão 2026!")).toBe("final-de-verao-2026");
    expect(slugOf("  --  ")).toBe("");
    expect(slugOf("x".repeat(80))).toHaveLength(64);
  });
});
