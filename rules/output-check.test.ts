import { describe, expect, it } from "vitest";
import { checkOutput } from "./output-check.ts";
import { bytes } from "./package/example.ts";
import { plainChecker } from "./package/checker-args.ts";

describe("the default checker", () => {
  it("accepts the same tokens", () => {
    expect(checkOutput(bytes("1 2\n"), bytes("1\t2"), plainChecker)).toEqual({ accepted: true });
  });
  it("says which line and which token", () => {
    expect(checkOutput(bytes("1\n2\n13\n"), bytes("1\n2\n12\n"), plainChecker)).toEqual({
      accepted: false,
      reason: "line 3: expected 12, got 13",
      line: 3,
    });
  });
});
