import { describe, expect, it } from "vitest";
import { summary } from "./tally.ts";

const none = { passed: 0, failed: [], skipped: [], broken: [] };

describe("the last line of npm test", () => {
  it("counts the passed and the failed", () => {
    expect(summary({ ...none, passed: 123 })).toBe("123 passed, 0 failed");
  });

  it("counts a file that could not be loaded as failed", () => {
    expect(
      summary({
        ...none,
        passed: 1,
        failed: [{ name: "a", reason: "" }],
        broken: ["test/x.test.ts: no such module"],
      }),
    ).toBe("1 passed, 2 failed");
  });

  it("tells of skipped tests when there are any", () => {
    expect(summary({ ...none, passed: 5, skipped: [{ name: "a", reason: "no Chromium" }] })).toBe(
      "5 passed, 0 failed, 1 skipped",
    );
  });
});
