import { describe, expect, it } from "vitest";
import type { CheckerOptions } from "../protocol/problem.ts";
import { type CheckResult, checkOutput, openCheck } from "./output-check.ts";
import { plainChecker as plain } from "./package/checker-args.ts";
import { seededRandom } from "./seeded-random.ts";

type Random = () => number;

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function accepts(output: string, answer: string, options: CheckerOptions): boolean {
  return checkOutput(latin1(output), latin1(answer), options).accepted;
}

function below(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

function oneOf<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[below(random, choices.length)];
  if (choice === undefined) throw new Error("There is nothing to choose from.");
  return choice;
}

/** A character is a byte: words, numbers and what looks like them, broken UTF-8, control characters, long tokens. */
const TOKENS = [
  ..."yes YES Yes no x1 0x10 1e . - nan NaN -nan inf -inf Infinity 0 -0 7 7.0 7.25 +7 9 0.5 -0.5".split(" "),
  ..."1e3 1E3 1000 1e309 100 130 \0 \x1b[0m \x7f \x85 \xa0 \xe9 \xc9 \xff \xc3 \xc3\xa9 \xed\xa0\x80".split(
    " ",
  ),
  ..."\xef\xbb\xbf \xef\xbb\xbf7 \xf0\x9f\x98\x80 \xc0\xb1".split(" "),
  "a".repeat(40),
  "A".repeat(40),
  "a".repeat(41),
  "7".repeat(41),
  "0".repeat(4096),
  "0".repeat(4097),
];
const SPACES = [" ", " ", "\n", "\n", "\t", "\r\n", "\v", "\f", "  ", "\n\n"];

/** A text, or a change of another one, so that a good part of all pairs matches. */
function randomText(random: Random, like?: string): string {
  if (like !== undefined && random() < 0.4) return like;
  if (like !== undefined && random() < 0.7) {
    const at = below(random, like.length + 1);
    const piece = random() < 0.5 ? oneOf(random, SPACES) : random() < 0.5 ? oneOf(random, TOKENS) : "";
    return like.slice(0, at) + piece + like.slice(at + below(random, 3));
  }
  let text = random() < 0.2 ? oneOf(random, SPACES) : "";
  for (let count = below(random, 6); count > 0; count--) {
    text += oneOf(random, TOKENS) + (random() < 0.9 ? oneOf(random, SPACES) : "");
  }
  return text;
}

function randomOptions(random: Random): CheckerOptions {
  return {
    caseSensitive: random() < 0.5,
    spaceChangeSensitive: random() < 0.4,
    floatAbsoluteTolerance: oneOf(random, [null, null, 0, 1e-6, 0.25]),
    floatRelativeTolerance: oneOf(random, [null, null, 0, 1e-6, 0.25]),
  };
}

/** Calls `holds` with many pairs of texts and options; fails unless a good part was accepted, and a good part was not. */
function forPairs(
  seed: number,
  rounds: number,
  holds: (output: string, answer: string, options: CheckerOptions, random: Random) => boolean,
): void {
  const random = seededRandom(seed);
  let accepted = 0;
  for (let round = 0; round < rounds; round++) {
    const answer = randomText(random);
    const output = randomText(random, answer);
    if (holds(output, answer, randomOptions(random), random)) accepted++;
  }
  expect(accepted).toBeGreaterThan(rounds / 10);
  expect(accepted).toBeLessThan((rounds * 9) / 10);
}

/** What was read is overwritten after each piece, as a caller may do. */
function checkInPieces(
  output: Uint8Array,
  answer: Uint8Array,
  options: CheckerOptions,
  size: () => number,
): CheckResult {
  const check = openCheck(answer, options);
  for (let at = 0; at < output.length;) {
    const piece = output.slice(at, at + size());
    at += piece.length;
    check.write(piece);
    piece.fill(0x2a);
  }
  return check.end();
}

describe("an output in pieces", { timeout: 120_000 }, () => {
  it("gets the result of the whole, reason and line included, however it is cut", () => {
    forPairs(1, 8000, (output, answer, options, random) => {
      const whole = checkOutput(latin1(output), latin1(answer), options);
      const longest = oneOf(random, [1, 2, 3, 7, 50, 5000]);
      const size = (): number => below(random, longest + 1);
      expect(checkInPieces(latin1(output), latin1(answer), options, size)).toEqual(whole);
      return whole.accepted;
    });
  });

  it("gets the result of the whole also where both are noise", () => {
    const random = seededRandom(2);
    for (let round = 0; round < 2000; round++) {
      const answer = Uint8Array.from({ length: below(random, 60) }, () => below(random, 256));
      const output = answer.slice();
      if (random() < 0.5 && output.length > 0) output[below(random, output.length)] = below(random, 256);
      const options = randomOptions(random);
      const size = (): number => below(random, 5);
      expect(checkInPieces(output, answer, options, size)).toEqual(checkOutput(output, answer, options));
    }
  });

  it("is rejected at the first fault, whatever comes after it", () => {
    forPairs(3, 4000, (output, answer, options, random) => {
      const result = checkOutput(latin1(output), latin1(answer), options);
      // What is missing may follow, and the whitespace at the end is no fault before the end.
      const isFinal = !result.accepted && / got (?!the end)/.test(result.reason);
      const more = `${output} ${randomText(random)}`;
      if (isFinal) expect(checkOutput(latin1(more), latin1(answer), options)).toEqual(result);
      return result.accepted;
    });
  });
});

describe("for any output", { timeout: 120_000 }, () => {
  const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const tokensOf = (text: string): string[] => text.split(/[ \n\t\r\v\f]+/).filter((token) => token !== "");
  const spacesOf = (text: string): string => text.replace(/[^ \n\t\r\v\f]+/g, "x");

  it("the result without a tolerance is that of comparing lists of tokens, and the whitespace between", () => {
    forPairs(4, 6000, (output, answer, { caseSensitive, spaceChangeSensitive }) => {
      const options = { ...plain, caseSensitive, spaceChangeSensitive };
      const fold = (token: string): string => (caseSensitive ? token : asciiLower(token));
      const same = JSON.stringify(tokensOf(output).map(fold)) === JSON.stringify(tokensOf(answer).map(fold));
      const expected = same && (!spaceChangeSensitive || spacesOf(output) === spacesOf(answer));
      expect(accepts(output, answer, options)).toBe(expected);
      return expected;
    });
  });

  it("space_change_sensitive with case_sensitive is equality of bytes", () => {
    forPairs(5, 5000, (output, answer) => {
      const strict = { ...plain, caseSensitive: true, spaceChangeSensitive: true };
      expect(accepts(output, answer, strict)).toBe(output === answer);
      return output === answer;
    });
  });

  it("an answer is accepted against itself, whatever bytes it has and whatever the options", () => {
    const random = seededRandom(6);
    for (let round = 0; round < 5000; round++) {
      const noise = Uint8Array.from({ length: below(random, 40) }, () => below(random, 256));
      const answer = random() < 0.5 ? noise : latin1(randomText(random));
      expect(checkOutput(answer.slice(), answer, randomOptions(random))).toEqual({ accepted: true });
    }
  });

  it("output and answer may change places, unless a tolerance is relative", () => {
    forPairs(7, 5000, (output, answer, given) => {
      const options = { ...given, floatRelativeTolerance: null };
      const accepted = accepts(output, answer, options);
      expect(accepts(answer, output, options)).toBe(accepted);
      return accepted;
    });
  });

  it("a relative tolerance is the answer's: it holds one way and not the other", () => {
    const relative = { ...plain, floatRelativeTolerance: 0.25 };
    const random = seededRandom(8);
    let oneWay = 0;
    for (let round = 0; round < 2000; round++) {
      const [a, b] = [String(below(random, 400) - 200), String(below(random, 400) - 200)];
      if (accepts(a, b, relative) === accepts(b, a, relative)) continue;
      oneWay++;
      // Only the larger one allows enough.
      const [large, small] = Math.abs(Number(a)) > Math.abs(Number(b)) ? [a, b] : [b, a];
      expect(accepts(small, large, relative)).toBe(true);
    }
    expect(oneWay).toBeGreaterThan(20);
  });

  it("asking for less never turns an acceptance into a rejection", () => {
    forPairs(9, 5000, (output, answer, options) => {
      const accepted = accepts(output, answer, options);
      if (accepted) {
        const { floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative } = options;
        expect(accepts(output, answer, { ...options, caseSensitive: false })).toBe(true);
        expect(accepts(output, answer, { ...options, spaceChangeSensitive: false })).toBe(true);
        if (absolute !== null)
          expect(accepts(output, answer, { ...options, floatAbsoluteTolerance: 2 * absolute })).toBe(true);
        if (relative !== null)
          expect(accepts(output, answer, { ...options, floatRelativeTolerance: 2 * relative })).toBe(true);
      }
      return accepted;
    });
  });

  it("a number is accepted exactly when it is within the tolerance", () => {
    const random = seededRandom(10);
    const options = { ...plain, floatAbsoluteTolerance: 1e-6, floatRelativeTolerance: 1e-6 };
    let accepted = 0;
    for (let round = 0; round < 5000; round++) {
      const answer = (random() - 0.5) * 10 ** (below(random, 12) - 6);
      const output = answer * (1 + (random() - 0.5) * 4e-6) + (random() - 0.5) * 4e-6;
      const error = Math.abs(output - answer);
      const expected = error <= 1e-6 || error <= 1e-6 * Math.abs(answer);
      expect(accepts(output.toExponential(20), String(answer), options)).toBe(expected);
      if (expected) accepted++;
    }
    expect(accepted).toBeGreaterThan(1000);
    expect(accepted).toBeLessThan(4000);
  });
});

describe("of all bytes", { timeout: 120_000 }, () => {
  const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));

  it("exactly six separate tokens", () => {
    const separate = all.filter((byte) => accepts(`1${byte}2`, "1 2", plain));
    expect(separate).toEqual(["\t", "\n", "\v", "\f", "\r", " "]);
  });

  it("two that differ match exactly when they are an ASCII letter in either case, or both whitespace", () => {
    const isSpace = (byte: string): boolean => /^[ \t\n\v\f\r]$/.test(byte);
    for (const a of all) {
      for (const b of all) {
        const letters = /^[a-zA-Z]$/.test(a) && /^[a-zA-Z]$/.test(b) && a.toLowerCase() === b.toLowerCase();
        const expected = a === b || letters || (isSpace(a) && isSpace(b));
        if (accepts(a, b, plain) !== expected) expect.unreachable(JSON.stringify([a, b]));
      }
    }
  });

  it("ten digits and nothing else make a number of one byte", () => {
    const numbers = all.filter((byte) => accepts(byte, "5", { ...plain, floatAbsoluteTolerance: 10 }));
    expect(numbers.join("")).toBe("0123456789");
  });
});
