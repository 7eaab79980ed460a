import { describe, expect, it } from "vitest";
import type { CheckerOptions } from "../protocol/problem.ts";
import { firstDifference } from "./first-difference.ts";

const plain: CheckerOptions = {
  caseSensitive: false,
  spaceChangeSensitive: false,
  floatAbsoluteTolerance: null,
  floatRelativeTolerance: null,
};
const difference = (expected: string, actual: string, options: Partial<CheckerOptions> = {}) =>
  firstDifference(expected, actual, { ...plain, ...options });
const numbers = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");

describe("the first difference", () => {
  it("is a token, told with its line and column on both sides", () => {
    expect(difference("1 2\n3 4\n", "1 2\n3 five\n").what).toEqual({
      type: "token",
      expected: { text: "4", line: 2, column: 3 },
      actual: { text: "five", line: 2, column: 3 },
    });
    expect(difference("1\n2\n", "1 x").what).toEqual({
      type: "token",
      expected: { text: "2", line: 2, column: 1 },
      actual: { text: "x", line: 1, column: 3 },
    });
  });

  it("is where the checker sees one, and not where texts merely look different", () => {
    expect(
      difference("1.0 YES 3\n", "1.0000001 yes 4\n", { floatAbsoluteTolerance: 1e-6 }).what,
    ).toMatchObject({
      type: "token",
      expected: { text: "3" },
      actual: { text: "4", column: 15 },
    });
    expect(difference("YES", "yes", { caseSensitive: true }).what).toMatchObject({ actual: { text: "yes" } });
  });

  it("is what is missing, or what is too much", () => {
    expect(difference("1\n2\n", "1\n").what).toEqual({
      type: "missing",
      expected: { text: "2", line: 2, column: 1 },
    });
    expect(difference("1\n", "1\n\n2\n").what).toEqual({
      type: "extra",
      actual: { text: "2", line: 3, column: 1 },
    });
    expect(difference("1\n", "")).toMatchObject({
      what: { type: "missing" },
      lines: [{ number: 1, expected: "1", actual: null, expectedMark: { from: 0, to: 1 }, actualMark: null }],
    });
  });

  it("is whitespace where only that differs", () => {
    expect(difference("1 2\n", "1  2\n", { spaceChangeSensitive: true }).what).toEqual({
      type: "space",
      actual: { text: " ", line: 1, column: 3 },
    });
  });

  it("is shown with a few lines before it and the rest after it, and marked on both sides", () => {
    const actual = numbers(30).replace("20\n", "is twenty\n");
    const { lines, above, below } = difference(numbers(30), actual);
    expect(lines.map((line) => line.number)).toEqual([17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28]);
    expect([above, below]).toEqual([16, 2]);
    expect(lines.filter((line) => line.differs)).toEqual([
      {
        number: 20,
        expected: "20",
        actual: "is twenty",
        differs: true,
        expectedMark: { from: 0, to: 2 },
        actualMark: { from: 0, to: 2 },
      },
    ]);
  });

  it("counts characters as people do, and marks them as the page does", () => {
    const { what, lines } = difference("😀 b\n", "😀 c\n");
    expect(what).toMatchObject({ actual: { column: 3 } });
    expect(lines[0]?.actualMark).toEqual({ from: 3, to: 4 });
  });

  it("does not take a missing final line feed for a differing line", () => {
    expect(difference("1\n2\n", "1\n3").lines.map(({ differs }) => differs)).toEqual([false, true]);
  });

  it("cuts long lines around the place where they differ, on both sides alike", () => {
    const long = "x ".repeat(500);
    const line = difference(`${long}A ${long}`, `${long}B ${long}`).lines[0];
    expect(line?.expected?.length).toBe(242);
    const at = line?.actualMark?.from ?? 0;
    expect([line?.expected?.[at], line?.actual?.[at]]).toEqual(["A", "B"]);
  });
});
