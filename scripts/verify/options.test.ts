import { describe, expect, it } from "vitest";
import { parseOptions } from "./options.ts";

describe("options of npm run verify", () => {
  it("are packages, what judges them, on which tests, and whether programs read what is printed", () => {
    expect(parseOptions(["ponds.zip"])).toEqual({
      paths: ["ponds.zip"],
      engine: "judge",
      extent: "all",
      json: false,
    });
    expect(
      parseOptions(["--json", "problems/ponds", "--engine", "both", "problems/ridge", "--quick"]),
    ).toEqual({
      paths: ["problems/ponds", "problems/ridge"],
      engine: "both",
      extent: "deciding",
      json: true,
    });
    expect(parseOptions(["--help"])).toBe("help");
  });

  it.each([
    [[], /which package/],
    [["a", "--engine", "turbo"], /--engine must be judge, browser or both, not "turbo"/],
    [["a", "--jsn"], /--jsn/],
  ])("refuse %j with a sentence that names it", (words, message) => {
    expect(() => parseOptions(words)).toThrow(message);
  });
});
