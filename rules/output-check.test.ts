import { describe, expect, it } from "vitest";
import type { CheckerOptions } from "../protocol/problem.ts";
import { checkOutput, openCheck } from "./output-check.ts";
import { plainChecker as plain } from "./package/checker-args.ts";
import { bytes } from "./package/example.ts";

const spaceSensitive: CheckerOptions = { ...plain, spaceChangeSensitive: true };

function tolerance(absolute: number | null, relative: number | null = null): CheckerOptions {
  return { ...plain, floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative };
}

function accepts(output: string, answer: string, options: CheckerOptions): boolean {
  return checkOutput(bytes(output), bytes(answer), options).accepted;
}

describe("all options together", () => {
  const strict: CheckerOptions = {
    caseSensitive: true,
    spaceChangeSensitive: true,
    floatAbsoluteTolerance: 1e-6,
    floatRelativeTolerance: null,
  };

  it.each([
    ["Yes 1.0\n", true],
    ["Yes 1.0000009\n", true],
    ["Yes 1.0000011\n", false],
    ["yes 1.0\n", false],
    ["Yes 1.0", false],
    ["Yes  1.0\n", false],
  ])(
    'ask of each token what it is, and of the whitespace too: %j against "Yes 1\\n": %s',
    (output, expected) => {
      expect(accepts(output, "Yes 1\n", strict)).toBe(expected);
    },
  );
});

describe("the reason for a rejection", () => {
  it.each<[string, string, CheckerOptions, string]>([
    ["1\n2\n13\n", "1\n2\n12\n", plain, "line 3: expected 12, got 13"],
    ["1\n", "1\n2\n", plain, "line 2: expected 2, got the end of the output"],
    ["", "7", plain, "line 1: expected 7, got the end of the output"],
    ["1\n2 9\n", "1 2", plain, "line 2: expected the end of the output, got 9"],
    ["0.7", "0.5", tolerance(0.1), "line 1: expected 0.5 within the tolerance, got 0.7"],
    ["x", "0.5", tolerance(0.1), "line 1: expected the number 0.5, got x"],
    ["1\n\n2\n", "1\n2\n", spaceSensitive, "line 1: whitespace differs from the expected output"],
    ["1\r\n2\r\n3\r\n", "1\n2\n4\n", plain, "line 3: expected 4, got 3"],
    ["1\r2\v3\f", "1 2 4", plain, "line 1: expected 4, got 3"],
    ["1  2", "1", spaceSensitive, "line 1: expected the end of the output, got 2"],
    ["1\n\n", "1 2", spaceSensitive, "line 3: expected 2, got the end of the output"],
    ["1\n2", "1\n2\n", spaceSensitive, "line 2: whitespace differs from the expected output"],
    ["\u001b[31m<b>", "1", plain, "line 1: expected 1, got \\x1b[31m<b>"],
    ["é", "e", plain, "line 1: expected e, got \\xc3\\xa9"],
    ["9".repeat(1000), "1", plain, `line 1: expected 1, got ${"9".repeat(40)}… (1000 bytes)`],
  ])("for %j against %j", (output, answer, options, reason) => {
    const result = checkOutput(bytes(output), bytes(answer), options);
    expect(result).toEqual({ accepted: false, reason, line: Number(/\d+/.exec(reason)?.[0]) });
  });
});

describe("a check that is asked for its result", () => {
  it("says it again when asked again", () => {
    const check = openCheck(bytes("1"), plain);
    check.write(bytes("2"));
    const rejected = { accepted: false, reason: "line 1: expected 1, got 2", line: 1 };
    expect(check.end()).toEqual(rejected);
    expect(check.end()).toEqual(rejected);
  });

  it("without any output judges the empty one", () => {
    expect(openCheck(bytes(" \n"), plain).end()).toEqual({ accepted: true });
    expect(openCheck(bytes("1"), plain).end()).toMatchObject({ accepted: false, line: 1 });
  });
});

describe("a large output", { timeout: 120_000 }, () => {
  it("is compared to its last byte", () => {
    const output = new Uint8Array(40 * 1024 * 1024).fill(0x20);
    for (let at = 0; at < output.length; at += 2) output[at] = 0x37;
    const answer = output.slice();
    expect(checkOutput(output, answer, plain)).toEqual({ accepted: true });
    answer[answer.length - 2] = 0x38;
    expect(checkOutput(output, answer, plain)).toEqual({
      accepted: false,
      reason: "line 1: expected 8, got 7",
      line: 1,
    });
  });
});
