import { describe, expect, it } from "vitest";
import { meaningOf } from "./keys.ts";

describe("single keys", () => {
  it("open help and search, and walk through rows", () => {
    expect(meaningOf("?", "")).toEqual({ type: "help" });
    expect(meaningOf("/", "")).toEqual({ type: "search" });
    expect(meaningOf("j", "")).toEqual({ type: "row", step: 1 });
    expect(meaningOf("k", "")).toEqual({ type: "row", step: -1 });
  });

  it("go somewhere only after g", () => {
    expect(meaningOf("p", "g")).toEqual({ type: "go", to: "problems" });
    expect(meaningOf("p", "")).toBeNull();
    expect(meaningOf("g", "")).toBeNull();
  });

  it("after g mean a place or nothing at all", () => {
    expect(meaningOf("?", "g")).toBeNull();
    expect(meaningOf("toString", "g")).toBeNull();
  });
});
