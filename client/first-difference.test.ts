import { describe, expect, it } from "vitest";
import { firstDifference } from "./first-difference.ts";

const numbers = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");

describe("the first difference", () => {
  it("is shown with a few lines before it and the rest after it", () => {
    const actual = numbers(30).replace("20\n", "twenty\n");
    const { lines, above, below } = firstDifference(numbers(30), actual, 20);
    expect(lines.map((line) => line.number)).toEqual([17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28]);
    expect([above, below]).toEqual([16, 2]);
    expect(lines.filter((line) => line.differsAt !== null)).toEqual([
      { number: 20, expected: "20", actual: "twenty", differsAt: 0 },
    ]);
  });

  it("says from which character on a line differs", () => {
    expect(firstDifference("1 2 3\n", "1 2 4\n", 1).lines[0]?.differsAt).toBe(4);
    expect(firstDifference("abc\n", "abcd\n", 1).lines[0]?.differsAt).toBe(3);
  });

  it("shows that an output ends too early or too late", () => {
    expect(firstDifference("1\n2\n", "1\n", 2).lines[1]).toEqual({
      number: 2,
      expected: "2",
      actual: null,
      differsAt: 0,
    });
    expect(firstDifference("1\n", "1\n2\n", 2).lines[1]).toEqual({
      number: 2,
      expected: null,
      actual: "2",
      differsAt: 0,
    });
  });

  it("of an empty output shows what was expected", () => {
    expect(firstDifference("1\n", "", 1).lines).toEqual([
      { number: 1, expected: "1", actual: null, differsAt: 0 },
    ]);
  });

  it("does not take a missing final line feed for a difference", () => {
    expect(firstDifference("1\n", "1", 1).lines).toEqual([
      { number: 1, expected: "1", actual: "1", differsAt: null },
    ]);
  });

  it("cuts long lines around the place where they differ, on both sides alike", () => {
    const long = "x".repeat(1000);
    const line = firstDifference(`${long}A${long}`, `${long}B${long}`, 1).lines[0];
    expect(line?.expected?.length).toBe(242);
    const at = line?.differsAt ?? 0;
    expect([line?.expected?.[at], line?.actual?.[at]]).toEqual(["A", "B"]);
  });
});
