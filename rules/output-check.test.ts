import { describe, expect, it } from "vitest";
import type { CheckerOptions } from "../protocol/problem.ts";
import { checkOutput } from "./output-check.ts";
import { plainChecker as plain } from "./package/checker-args.ts";
import { bytes } from "./package/example.ts";
import { seededRandom } from "./seeded-random.ts";

const caseSensitive: CheckerOptions = { ...plain, caseSensitive: true };
const spaceSensitive: CheckerOptions = { ...plain, spaceChangeSensitive: true };

function tolerance(absolute: number | null, relative: number | null = null): CheckerOptions {
  return { ...plain, floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative };
}

function accepts(output: string | Uint8Array, answer: string | Uint8Array, options: CheckerOptions): boolean {
  const asBytes = (text: string | Uint8Array): Uint8Array => (typeof text === "string" ? bytes(text) : text);
  return checkOutput(asBytes(output), asBytes(answer), options).accepted;
}

type Row = [output: string, answer: string, accepted: boolean];

describe("tokens", () => {
  it.each<Row>([
    ["", "", true],
    ["\n", "", true],
    ["", " \t\r\n\v\f", true],
    ["12", "12", true],
    ["12\n", "12", true],
    ["  12", "12\n", true],
    ["1 2", "1  2", true],
    ["1 2", "1\n2\n", true],
    ["1\r\n2\r\n", "1\n2\n", true],
    ["1\v2", "1\f2", true],
    ["1\n\n\n2", "1 2", true],
    ["12", "1 2", false],
    ["1 2", "12", false],
    ["13", "12", false],
    ["012", "12", false],
    ["12.0", "12", false],
    ["+12", "12", false],
    ["1 2 3", "1 2", false],
    ["1 2", "1 2 3", false],
    ["", "0", false],
    ["0", "", false],
    ["2 1", "1 2", false],
    ["1\u00a02", "1 2", false],
    ["1\0", "1", false],
  ])("%j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, plain)).toBe(accepted);
  });

  // The old judge trimmed both ends and then compared exactly: a blank at the end of a line was a wrong answer.
  it("may have blanks at line ends, and any spacing between", () => {
    expect(accepts("1 2 \n3 4 \n", "1 2\n3 4", plain)).toBe(true);
    expect(accepts("1   2\n\n3 4", "1 2\n3 4", plain)).toBe(true);
  });

  it("are bytes: a byte order mark and another encoding are differences", () => {
    expect(accepts(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31), "1", plain)).toBe(false);
    expect(accepts(Uint8Array.of(0xe9), "é", plain)).toBe(false);
    expect(accepts(Uint8Array.of(0xff, 0xfe), Uint8Array.of(0xff, 0xfe), plain)).toBe(true);
  });
});

describe("case", () => {
  it.each<Row>([
    ["YES", "yes", true],
    ["yEs", "YeS", true],
    ["É", "é", false],
    ["[", "{", false],
    ["@", "`", false],
    ["no", "yes", false],
  ])("is ignored for ASCII: %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, plain)).toBe(accepted);
  });

  it.each<Row>([
    ["YES", "yes", false],
    ["yes", "yes", true],
    ["yes \n", " yes", true],
  ])("counts with case_sensitive: %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, caseSensitive)).toBe(accepted);
  });
});

describe("whitespace", () => {
  it.each<Row>([
    ["1 2\n", "1 2\n", true],
    ["1 2", "1 2\n", false],
    ["1 2\n\n", "1 2\n", false],
    [" 1 2\n", "1 2\n", false],
    ["1  2\n", "1 2\n", false],
    ["1\t2\n", "1 2\n", false],
    ["1 2\r\n", "1 2\n", false],
    ["", "", true],
    ["\n", "", false],
    ["YES\n", "yes\n", true],
  ])("counts with space_change_sensitive: %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, spaceSensitive)).toBe(accepted);
  });
});

describe("numbers", () => {
  it.each<Row>([
    ["0.5", "0.50", false],
    ["1e0", "1", false],
    ["1", "1", true],
  ])("are text without a tolerance: %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, plain)).toBe(accepted);
  });

  it.each<Row>([
    ["0.0314", "3.14e-2", true],
    ["3.14000000e-2", "0.0314", true],
    [".5", "0.5", true],
    ["5.", "5", true],
    ["+5", "5", true],
    ["-0", "0", true],
    ["1E3", "1000", true],
    ["1e+3", "1000", true],
    ["1.000001", "1", true],
    ["1.0000011", "1", false],
    ["0.999999", "1", true],
    ["100.000002", "100", false],
    ["1", "1.5", false],
    ["0x10", "16", false],
    ["1e", "1", false],
    [".", "0", false],
    ["1,5", "1.5", false],
    ["one", "1", false],
    ["", "1", false],
    ["1_0", "10", false],
    ["1e5000", "1", false],
    [
      "123456789012345678901234567890.123456789012345678901234567890",
      "123456789012345678901234567890.1",
      true,
    ],
  ])(
    "may differ by an absolute tolerance of 1e-6 (and a bit): %j against %j: %s",
    (output, answer, accepted) => {
      expect(accepts(output, answer, tolerance(1.0000000001e-6))).toBe(accepted);
    },
  );

  it.each<Row>([
    ["1010", "1000", true],
    ["990", "1000", true],
    ["1011", "1000", false],
    ["-1005", "-1000", true],
    ["1000", "-1000", false],
    ["0.0001", "0", false],
    ["0", "0.0", true],
  ])("may differ by a relative tolerance of 1%%: %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, tolerance(null, 0.01))).toBe(accepted);
  });

  it.each<Row>([
    ["1010", "1000", true],
    ["0.4", "0", true],
    ["0.6", "0", false],
    ["1011", "1000", false],
  ])("need only one of two tolerances (0.5, 1%%): %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, tolerance(0.5, 0.01))).toBe(accepted);
  });

  it("with a tolerance of 0 are compared by value", () => {
    expect(accepts("1.50", "1.5", tolerance(0))).toBe(true);
    expect(accepts("1.5000001", "1.5", tolerance(0))).toBe(false);
  });

  it.each<Row>([
    ["nan", "NaN", true],
    ["-nan", "nan", true],
    ["nan", "1", false],
    ["1", "nan", false],
    ["inf", "Infinity", true],
    ["+inf", "inf", true],
    ["-inf", "inf", false],
    ["-infinity", "-INF", true],
    ["1e308", "inf", false],
    ["inf", "1e308", false],
    ["infinit", "inf", false],
  ])("that are no numbers, with a tolerance: %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, tolerance(1e-6, 1e-6))).toBe(accepted);
  });

  it.each<Row>([
    ["Case 1: 0.5000001", "case 1: 0.5", true],
    ["Case 1: 0.6", "Case 1: 0.5", false],
    ["impossible", "IMPOSSIBLE", true],
    ["0.5", "IMPOSSIBLE", false],
    ["IMPOSSIBLE", "0.5", false],
  ])("stand among words: %j against %j: %s", (output, answer, accepted) => {
    expect(accepts(output, answer, tolerance(1e-6))).toBe(accepted);
  });

  it("keep their words case-sensitive and their spaces, when asked", () => {
    const strict: CheckerOptions = {
      caseSensitive: true,
      spaceChangeSensitive: true,
      floatAbsoluteTolerance: 1e-6,
      floatRelativeTolerance: null,
    };
    expect(accepts("Yes 1.0\n", "Yes 1\n", strict)).toBe(true);
    expect(accepts("yes 1.0\n", "Yes 1\n", strict)).toBe(false);
    expect(accepts("Yes 1.0", "Yes 1\n", strict)).toBe(false);
  });
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
    ["1\n2", "1\n2\n", spaceSensitive, "line 2: whitespace differs from the expected output"],
    ["\u001b[31m<b>", "1", plain, "line 1: expected 1, got \\x1b[31m<b>"],
    ["é", "e", plain, "line 1: expected e, got \\xc3\\xa9"],
    ["9".repeat(1000), "1", plain, `line 1: expected 1, got ${"9".repeat(40)}… (1000 bytes)`],
  ])("for %j against %j", (output, answer, options, reason) => {
    const result = checkOutput(bytes(output), bytes(answer), options);
    expect(result).toEqual({ accepted: false, reason, line: Number(/\d+/.exec(reason)?.[0]) });
  });
});

describe("a large output", () => {
  it("is compared without a list of its tokens", () => {
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

  it("may be one token of megabytes, even where numbers are expected", () => {
    const digits = new Uint8Array(4 * 1024 * 1024).fill(0x31);
    expect(checkOutput(digits, bytes("1"), tolerance(1)).accepted).toBe(false);
    expect(checkOutput(digits, digits.slice(), tolerance(1)).accepted).toBe(true);
  });
});

// --- Properties, on texts from a seeded generator, against a reference that works on lists of tokens. ---

const WHITESPACE = [" ", "\n", "\t", "\r\n", "\v", "\f", "  "];
const WORDS = ["yes", "YES", "no", "7", "7.0", "-0.5", "1e3", "x1", "\u00e9"];

function randomText(random: () => number, tokens: readonly string[]): string {
  const space = (atLeast: number): string =>
    Array.from(
      { length: atLeast + Math.floor(random() * 2) },
      () => WHITESPACE[Math.floor(random() * WHITESPACE.length)],
    ).join("");
  return (
    space(0) +
    tokens
      .map((token) => token + space(1))
      .join("")
      .slice(0, random() < 0.3 ? -1 : undefined)
  );
}

function randomTokens(random: () => number): string[] {
  return Array.from(
    { length: Math.floor(random() * 6) },
    () => WORDS[Math.floor(random() * WORDS.length)] ?? "",
  );
}

function tokensOf(text: string): string[] {
  return text.split(/[ \n\t\r\v\f]+/).filter((token) => token !== "");
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

describe("for any output", () => {
  it("the verdict is that of comparing lists of tokens", () => {
    const random = seededRandom(1);
    let equal = 0;
    for (let round = 0; round < 5000; round++) {
      const tokens = randomTokens(random);
      const changed = random() < 0.5 ? tokens : randomTokens(random);
      const output = randomText(random, changed);
      const answer = randomText(random, tokens);
      const [got, want] = [tokensOf(output), tokensOf(answer)];
      const same =
        got.length === want.length &&
        got.every((token, index) => asciiLower(token) === asciiLower(want[index] ?? ""));
      const exact = got.length === want.length && got.every((token, index) => token === want[index]);
      expect(accepts(output, answer, plain)).toBe(same);
      expect(accepts(output, answer, caseSensitive)).toBe(exact);
      if (same) equal++;
    }
    expect(equal).toBeGreaterThan(1000);
  });

  it("space_change_sensitive with case_sensitive is equality of bytes", () => {
    const random = seededRandom(2);
    const strict: CheckerOptions = { ...caseSensitive, spaceChangeSensitive: true };
    for (let round = 0; round < 3000; round++) {
      const tokens = randomTokens(random).slice(0, 2);
      const output = randomText(random, tokens);
      const answer = random() < 0.3 ? output : randomText(random, tokens);
      expect(accepts(output, answer, strict)).toBe(output === answer);
    }
  });

  it("an answer is accepted against itself, whatever bytes it has and whatever the options", () => {
    const random = seededRandom(3);
    for (let round = 0; round < 1000; round++) {
      const noise = Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256));
      for (const options of [plain, caseSensitive, spaceSensitive, tolerance(1e-9), tolerance(null, 0)]) {
        expect(accepts(noise, noise.slice(), options)).toBe(true);
      }
    }
  });

  it("a number is accepted exactly when it is within the tolerance", () => {
    const random = seededRandom(4);
    for (let round = 0; round < 3000; round++) {
      const answer = (random() - 0.5) * 10 ** Math.floor(random() * 12 - 6);
      const output = answer * (1 + (random() - 0.5) * 4e-6) + (random() - 0.5) * 4e-6;
      const error = Math.abs(output - answer);
      const expected = error <= 1e-6 || error <= 1e-6 * Math.abs(answer);
      expect(accepts(output.toExponential(20), String(answer), tolerance(1e-6, 1e-6))).toBe(expected);
    }
  });

  it("looser tolerance never turns an acceptance into a rejection", () => {
    const random = seededRandom(5);
    for (let round = 0; round < 2000; round++) {
      const [output, answer] = [
        randomText(random, randomTokens(random)),
        randomText(random, randomTokens(random)),
      ];
      if (accepts(output, answer, tolerance(1e-6))) expect(accepts(output, answer, tolerance(10))).toBe(true);
    }
  });
});
