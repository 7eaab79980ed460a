import { describe, expect, it } from "vitest";
import { parseOptions } from "./options.ts";

describe("options of npm run verify", () => {
  it("are a package, and whether programs read what is printed", () => {
    expect(parseOptions(["ponds.zip"])).toEqual({ path: "ponds.zip", json: false });
    expect(parseOptions(["--json", "problems/ponds", "--engine", "judge"])).toEqual({
      path: "problems/ponds",
      json: true,
    });
    expect(parseOptions(["--help"])).toBe("help");
  });

  it.each([
    [[], /which package/],
    [["a", "b"], /one package at a time: b/],
    [["a", "--engine", "browser"], /--engine browser does not exist yet: only judge does/],
    [["a", "--engine", "both"], /--engine both does not exist yet: only judge does/],
    [["a", "--engine", "turbo"], /--engine must be judge, not "turbo"/],
    [["a", "--jsn"], /--jsn/],
  ])("refuse %j with a sentence that names it", (words, message) => {
    expect(() => parseOptions(words)).toThrow(message);
  });
});
