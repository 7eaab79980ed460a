import { describe, expect, it } from "vitest";
import type { CheckerOptions } from "../protocol/problem.ts";
import { type CheckResult, openCheck, type OutputCheck } from "./output-check.ts";
import { plainChecker as plain } from "./package/checker-args.ts";
import { bytes } from "./package/example.ts";
import { seededRandom } from "./seeded-random.ts";

/** Tests run in Node, of which the rules themselves know nothing. */
declare const process: {
  env: Readonly<Record<string, string | undefined>>;
  memoryUsage(): { rss: number };
};

const MIB = 1024 * 1024;
const LENGTH = process.env["TEST_LONG"] === "1" ? 5 * 1024 * MIB : 128 * MIB;
/** Far less than a stream has: for what the collector has not taken back yet, and what other tests left to it. */
const MEMORY = 64 * MIB;

/** Writes `piece` until `LENGTH` bytes are written. Fails as soon as memory grows with them. */
function writeOverAndOver(check: OutputCheck, piece: Uint8Array): number {
  const before = process.memoryUsage().rss;
  let written = 0;
  for (; written < LENGTH; written += piece.length) {
    check.write(piece);
    const grown = process.memoryUsage().rss - before;
    if (grown > MEMORY) expect.unreachable(`${grown} bytes more after ${written} bytes of output`);
  }
  return written;
}

const tolerance: CheckerOptions = { ...plain, floatAbsoluteTolerance: 1e-6 };
const spaceSensitive: CheckerOptions = { ...plain, spaceChangeSensitive: true };
const rejected = (line: number, fault: string): CheckResult => ({
  accepted: false,
  reason: `line ${line}: ${fault}`,
  line,
});
const filled = (byte: string): Uint8Array => new Uint8Array(MIB).fill(byte.charCodeAt(0));

describe("a stream far longer than memory should hold", { timeout: 600_000 }, () => {
  it.each([
    ["no tolerance is set", plain, "1", ""],
    ["a number is expected", tolerance, "1", "the number "],
    ["a word is expected", tolerance, "x", ""],
    ["nothing is expected", tolerance, "", "the end of the output"],
  ])("may be one token, where %s", (_, options, answer, expected) => {
    const check = openCheck(bytes(answer), options);
    const length = writeOverAndOver(check, filled("7"));
    const token = `${"7".repeat(40)}… (${length} bytes)`;
    const wanted = answer === "" ? expected : `${expected}${answer}`;
    expect(check.end()).toEqual(rejected(1, `expected ${wanted}, got ${token}`));
  });

  it("may be one token that is no text in any encoding", () => {
    const check = openCheck(bytes("1"), tolerance);
    const length = writeOverAndOver(check, new Uint8Array(MIB).fill(0xff));
    const token = `${"\\xff".repeat(40)}… (${length} bytes)`;
    expect(check.end()).toEqual(rejected(1, `expected the number 1, got ${token}`));
  });

  it("may be whitespace before what is expected", () => {
    const check = openCheck(bytes("7"), plain);
    writeOverAndOver(check, filled(" "));
    check.write(bytes("7"));
    expect(check.end()).toEqual({ accepted: true });
  });

  it("may be whitespace where it counts", () => {
    const check = openCheck(bytes("\n7"), spaceSensitive);
    writeOverAndOver(check, filled(" "));
    check.write(bytes("7"));
    expect(check.end()).toEqual(rejected(1, "whitespace differs from the expected output"));
  });

  it("may be lines, which are counted", () => {
    const check = openCheck(bytes("7"), plain);
    const lines = writeOverAndOver(check, filled("\n"));
    check.write(bytes("8"));
    expect(check.end()).toEqual(rejected(lines + 1, "expected 7, got 8"));
  });

  it("may be more tokens than expected, and is not looked at beyond the first", () => {
    const check = openCheck(bytes("7 7 7"), plain);
    writeOverAndOver(check, bytes("7 ".repeat(MIB / 2)));
    expect(check.end()).toEqual(rejected(1, "expected the end of the output, got 7"));
  });
});

/** Tokens of any length, up to hundreds of kilobytes, of bytes that are no UTF-8; whitespace between. */
function noise(random: () => number, length: number): Uint8Array {
  const made = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const end = at + 2 ** (random() * 18);
    for (; at < end && at < length; at++) made[at] = 0x80 + random() * 0x80;
    if (at < length) made[at++] = random() < 0.5 ? 0x20 : 0x0a;
  }
  return made;
}

describe("noise as long as its answer", { timeout: 600_000 }, () => {
  const random = seededRandom(1);
  const answer = noise(random, 3 * MIB);
  const check = (output: Uint8Array, options: CheckerOptions): CheckResult => {
    const opened = openCheck(answer, options);
    for (let at = 0; at < output.length;) {
      const size = 1 + Math.floor(2 ** (random() * 17));
      opened.write(output.subarray(at, at + size));
      at += size;
    }
    return opened.end();
  };

  it.each([plain, tolerance, spaceSensitive])("is accepted where it is the same, with %j", (options) => {
    expect(check(answer.slice(), options)).toEqual({ accepted: true });
  });

  it("is rejected on the line of a single byte that differs", () => {
    for (let round = 0; round < 8; round++) {
      const output = answer.slice();
      const at = Math.floor(random() * output.length);
      output[at] = 0x01;
      const line = answer.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
      expect(check(output, round % 2 === 0 ? plain : tolerance)).toMatchObject({ accepted: false, line });
    }
  });
});
