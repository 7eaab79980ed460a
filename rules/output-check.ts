import type { CheckerOptions } from "../protocol/problem.ts";
import { floatVerdict } from "./float-token.ts";

export type CheckResult =
  | { accepted: true }
  /** `reason` is a sentence for the jury, or for samples; `line` counts from 1 in the submission's output. */
  | { accepted: false; reason: string; line: number };

const LF = 0x0a;
const SPACE = 0x20;
const accepted: CheckResult = { accepted: true };

/** A place in a buffer; `start` and `end` bound the token read last. */
interface Cursor {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
  line: number;
}

/**
 * The default output validator (2025-09, "Default output validator specification"): token by token, byte by byte,
 * in linear time, without a list of tokens (an output may be hundreds of megabytes).
 *
 * Beyond the specification, as DOMjudge does: where a tolerance is set, `nan` equals `nan` and an infinity equals
 * one of the same sign, in any spelling that C's `strtod` reads.
 *
 * @param output - what the submission wrote, whole
 * @param answer - the `.ans` file
 */
export function checkOutput(output: Uint8Array, answer: Uint8Array, options: CheckerOptions): CheckResult {
  const got: Cursor = { bytes: output, start: 0, end: 0, line: 1 };
  const want: Cursor = { bytes: answer, start: 0, end: 0, line: 1 };
  for (;;) {
    const gotSpaceAt = got.end;
    const wantSpaceAt = want.end;
    const more = advance(want);
    const given = advance(got);
    // Missing and superfluous tokens say more than the whitespace before them.
    if (more && !given) return reject(got, `expected ${show(want)}, got the end of the output`);
    if (!more && given) return reject(got, `expected the end of the output, got ${show(got)}`);
    if (
      options.spaceChangeSensitive &&
      !sameBytes(output, gotSpaceAt, got.start, answer, wantSpaceAt, want.start)
    ) {
      return reject(got, "whitespace differs from the expected output", firstSpaceLine(got, gotSpaceAt));
    }
    if (!more) return accepted;
    const fault = compareTokens(got, want, options);
    if (fault !== null) return reject(got, fault);
  }
}

/** Moves to the next token, counting lines. False at the end. */
function advance(cursor: Cursor): boolean {
  const { bytes } = cursor;
  const length = bytes.length;
  let at = cursor.end;
  let byte = 0;
  for (; at < length; at++) {
    byte = bytes[at] ?? 0;
    if (byte === LF) cursor.line++;
    else if (!isSpace(byte)) break;
  }
  cursor.start = at;
  while (at < length && !isSpace(bytes[at] ?? 0)) at++;
  cursor.end = at;
  return at > cursor.start;
}

/** Space, or one of \t \n \v \f \r. */
function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}

/** Null when the tokens match, else what is wrong. */
function compareTokens(got: Cursor, want: Cursor, options: CheckerOptions): string | null {
  if (sameBytes(got.bytes, got.start, got.end, want.bytes, want.start, want.end)) return null;
  if (options.floatAbsoluteTolerance !== null || options.floatRelativeTolerance !== null) {
    const verdict = floatVerdict(
      got.bytes.subarray(got.start, got.end),
      want.bytes.subarray(want.start, want.end),
      options,
    );
    if (verdict === "close") return null;
    if (verdict === "far") return `expected ${show(want)} within the tolerance, got ${show(got)}`;
    if (verdict === "not a number") return `expected the number ${show(want)}, got ${show(got)}`;
  }
  if (!options.caseSensitive && sameIgnoringCase(got, want)) return null;
  return `expected ${show(want)}, got ${show(got)}`;
}

function sameBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let i = aStart, j = bStart; i < aEnd; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}

function sameIgnoringCase(got: Cursor, want: Cursor): boolean {
  if (got.end - got.start !== want.end - want.start) return false;
  for (let i = got.start, j = want.start; i < got.end; i++, j++) {
    if (lower(got.bytes[i] ?? 0) !== lower(want.bytes[j] ?? 0)) return false;
  }
  return true;
}

/** ASCII only: bytes of other alphabets are themselves. */
function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

function reject(got: Cursor, fault: string, line: number = got.line): CheckResult {
  return { accepted: false, reason: `line ${line}: ${fault}`, line };
}

/** The line on which the whitespace before the current token begins. */
function firstSpaceLine(cursor: Cursor, from: number): number {
  let line = cursor.line;
  for (let at = from; at < cursor.start; at++) if (cursor.bytes[at] === LF) line--;
  return line;
}

const SHOWN_BYTES = 40;

/** A token for people: cut when long, and nothing in it that could disturb a terminal or a page. */
function show(cursor: Cursor): string {
  const cut = Math.min(cursor.end, cursor.start + SHOWN_BYTES);
  let text = "";
  for (let at = cursor.start; at < cut; at++) {
    const byte = cursor.bytes[at] ?? 0;
    text +=
      byte > SPACE && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return cut < cursor.end ? `${text}… (${cursor.end - cursor.start} bytes)` : text;
}
