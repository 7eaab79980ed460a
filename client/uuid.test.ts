import * as v from "valibot";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newUuid } from "./uuid.ts";

describe("a new UUID", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("is a random one (version 4), and another each time", () => {
    const made = Array.from({ length: 100 }, newUuid);
    expect(made.every((one) => v.is(v.pipe(v.string(), v.uuid()), one))).toBe(true);
    expect(made.every((one) => /^.{14}4.{4}[89ab]/.test(one))).toBe(true);
    expect(new Set(made).size).toBe(100);
  });

  it("can be had on a page that came without TLS, where browsers have no randomUUID", () => {
    const getRandomValues = crypto.getRandomValues.bind(crypto);
    vi.stubGlobal("crypto", { getRandomValues });
    expect(newUuid()).toHaveLength(36);
  });
});
