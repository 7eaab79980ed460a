import type { CheckerOptions } from "../protocol/problem.ts";
import { floatVerdict, LONGEST_NUMBER } from "./float-token.ts";

export type CheckResult =
  | { accepted: true }
  /** `reason` is a sentence for the jury, or for samples; `line` counts from 1 in the submission's output. */
  | { accepted: false; reason: string; line: number };

/** The check of an output that comes piece by piece. */
export interface OutputCheck {
  /** Takes the output's next bytes, wherever they were cut. They are not kept: the caller may reuse their memory. */
  write(bytes: Uint8Array): void;
  /** The output is complete. */
  end(): CheckResult;
}

/**
 * The default output validator (2025-09, "Default output validator specification"): token by token, byte by byte, in
 * linear time. Beside the answer it holds some kilobytes, however long the output or a token of it is.
 *
 * Beyond the specification, as DOMjudge does: where a tolerance is set, `nan` equals `nan` and an infinity equals
 * one of the same sign, in any spelling that C's `strtod` reads.
 *
 * @param answer - the `.ans` file
 */
export function openCheck(answer: Uint8Array, options: CheckerOptions): OutputCheck {
  const check = newCheck(answer, options);
  return {
    write: (bytes) => {
      for (let at = 0; at < bytes.length && check.rejection === null;) {
        at = check.inToken ? readToken(check, bytes, at) : readSpace(check, bytes, at);
      }
    },
    end: () => {
      if (check.inToken) endToken(check);
      return check.rejection ?? endOutput(check);
    },
  };
}

/**
 * `openCheck` for an output that is there as a whole.
 *
 * @param output - what the submission wrote
 * @param answer - the `.ans` file
 */
export function checkOutput(output: Uint8Array, answer: Uint8Array, options: CheckerOptions): CheckResult {
  const check = openCheck(answer, options);
  check.write(output);
  return check.end();
}

/**
 * Where a check stands. Output and answer are read in step, a token with the whitespace before it at a time:
 *
 *     whitespace --- the first byte that is none ---> token --- whitespace, or the end ---> whitespace
 *          |                                            |
 *          +-- not the answer's, where that counts      +-- not the answer's
 *          |                                            |
 *          +-- the end: something is missing            +-----------------> rejected: the rest is not looked at
 */
interface Check {
  readonly answer: Uint8Array;
  readonly options: CheckerOptions;
  /** The answer's token that is due, and where the whitespace before it begins; an empty token at the answer's end. */
  wantSpace: number;
  wantStart: number;
  wantEnd: number;
  inToken: boolean;
  /** The line of the output that is being read. */
  line: number;
  /** The whitespace read last: the line it begins on, its bytes so far, and whether they are the answer's. */
  spaceLine: number;
  spaceBytes: number;
  sameSpace: boolean;
  /** The token read last: its bytes so far, and whether the answer begins with them, or does so but for case. */
  tokenBytes: number;
  same: boolean;
  sameButForCase: boolean;
  /** The beginning of that token, once it is not `same` any more: as much as is ever shown or read as a number. */
  readonly head: Uint8Array;
  rejection: (CheckResult & { accepted: false }) | null;
}

const LF = 0x0a;
const SPACE = 0x20;
const SHOWN_BYTES = 40;

function newCheck(answer: Uint8Array, options: CheckerOptions): Check {
  const check: Check = {
    answer,
    options,
    wantSpace: 0,
    wantStart: 0,
    wantEnd: 0,
    inToken: false,
    line: 1,
    spaceLine: 1,
    spaceBytes: 0,
    sameSpace: true,
    tokenBytes: 0,
    same: true,
    sameButForCase: true,
    // One byte more than a number may have tells that a token is none.
    head: new Uint8Array(hasTolerance(options) ? LONGEST_NUMBER + 1 : SHOWN_BYTES),
    rejection: null,
  };
  expectNext(check);
  return check;
}

function hasTolerance({ floatAbsoluteTolerance, floatRelativeTolerance }: CheckerOptions): boolean {
  return floatAbsoluteTolerance !== null || floatRelativeTolerance !== null;
}

/** Goes on to the answer's next token, with the whitespace of the output before it yet to be read. */
function expectNext(check: Check): void {
  const { answer } = check;
  let at = check.wantEnd;
  check.wantSpace = at;
  while (at < answer.length && isSpace(answer[at] ?? 0)) at++;
  check.wantStart = at;
  while (at < answer.length && !isSpace(answer[at] ?? 0)) at++;
  check.wantEnd = at;
  check.inToken = false;
  check.spaceLine = check.line;
  check.spaceBytes = 0;
  check.sameSpace = true;
}

/** Space, or one of \t \n \v \f \r. */
function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
}

/** Reads whitespace from `from` on. @returns the place of the first byte that is none */
function readSpace(check: Check, bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === LF) check.line++;
    else if (!isSpace(byte)) break;
  }
  if (check.options.spaceChangeSensitive) compareSpace(check, bytes, from, at);
  if (at < bytes.length) beginToken(check);
  return at;
}

function compareSpace(check: Check, bytes: Uint8Array, from: number, to: number): void {
  const { answer } = check;
  let want = check.wantSpace + check.spaceBytes;
  check.spaceBytes += to - from;
  for (let at = from; at < to && check.sameSpace; at++) check.sameSpace = bytes[at] === answer[want++];
}

function hasSpaceFault({ options, sameSpace, spaceBytes, wantSpace, wantStart }: Check): boolean {
  return options.spaceChangeSensitive && !(sameSpace && spaceBytes === wantStart - wantSpace);
}

function beginToken(check: Check): void {
  // A superfluous token says more than the whitespace before it.
  if (check.wantStart < check.wantEnd && hasSpaceFault(check)) return rejectSpace(check);
  check.inToken = true;
  check.tokenBytes = 0;
  check.same = true;
  check.sameButForCase = true;
}

/** Reads a token from `from` on. @returns the place of the first byte that is not the token's */
function readToken(check: Check, bytes: Uint8Array, from: number): number {
  let at = from;
  if (check.same) {
    const { answer, wantEnd } = check;
    let want = check.wantStart + check.tokenBytes;
    // No byte of the answer's token is whitespace, and so no byte that equals one.
    while (at < bytes.length && want < wantEnd && bytes[at] === answer[want]) {
      at++;
      want++;
    }
    check.tokenBytes += at - from;
  }
  if (at < bytes.length && !isSpace(bytes[at] ?? 0)) at = readDifferent(check, bytes, at);
  if (at < bytes.length) endToken(check);
  return at;
}

/** Reads on in a token that is not the answer's, which may still be as good. */
function readDifferent(check: Check, bytes: Uint8Array, from: number): number {
  if (check.same) keepFromAnswer(check);
  const { answer, head, tokenBytes } = check;
  let at = from;
  let want = check.wantStart + tokenBytes;
  let { sameButForCase } = check;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (isSpace(byte)) break;
    const place = tokenBytes + at - from;
    if (place < head.length) head[place] = byte;
    if (sameButForCase) sameButForCase = lower(byte) === lower(answer[want++] ?? 0);
  }
  check.tokenBytes += at - from;
  check.sameButForCase = sameButForCase;
  return at;
}

/** What was read of the token so far is the answer's beginning. */
function keepFromAnswer(check: Check): void {
  const { answer, wantStart, tokenBytes, head } = check;
  for (let at = 0; at < tokenBytes && at < head.length; at++) head[at] = answer[wantStart + at] ?? 0;
  check.same = false;
}

/** ASCII only: bytes of other alphabets are themselves. */
function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte;
}

function endToken(check: Check): void {
  const hasLength = check.tokenBytes === check.wantEnd - check.wantStart;
  if (check.same && hasLength) return expectNext(check);
  if (check.same) keepFromAnswer(check);
  const fault = tokenFault(check, hasLength);
  if (fault === null) expectNext(check);
  else reject(check, fault);
}

/** Null when a token that is not the answer's is as good, else what is wrong. */
function tokenFault(check: Check, hasLength: boolean): string | null {
  const { answer, wantStart, wantEnd, options } = check;
  if (wantStart === wantEnd) return `expected the end of the output, got ${showGot(check)}`;
  if (hasTolerance(options)) {
    const verdict = floatVerdict(kept(check), answer.subarray(wantStart, wantEnd), options);
    if (verdict === "close") return null;
    if (verdict === "far") return `expected ${showWanted(check)} within the tolerance, got ${showGot(check)}`;
    if (verdict === "not a number") return `expected the number ${showWanted(check)}, got ${showGot(check)}`;
  }
  if (!options.caseSensitive && check.sameButForCase && hasLength) return null;
  return `expected ${showWanted(check)}, got ${showGot(check)}`;
}

/** After the last token and the whitespace behind it. */
function endOutput(check: Check): CheckResult {
  // A missing token says more than the whitespace before it.
  if (check.wantStart < check.wantEnd) {
    reject(check, `expected ${showWanted(check)}, got the end of the output`);
  } else if (hasSpaceFault(check)) {
    rejectSpace(check);
  }
  return check.rejection ?? { accepted: true };
}

function rejectSpace(check: Check): void {
  reject(check, "whitespace differs from the expected output", check.spaceLine);
}

function reject(check: Check, fault: string, line: number = check.line): void {
  check.rejection = { accepted: false, reason: `line ${line}: ${fault}`, line };
}

function kept({ head, tokenBytes }: Check): Uint8Array {
  return head.subarray(0, Math.min(tokenBytes, head.length));
}

function showGot(check: Check): string {
  return show(kept(check), check.tokenBytes);
}

function showWanted({ answer, wantStart, wantEnd }: Check): string {
  return show(answer.subarray(wantStart, wantEnd), wantEnd - wantStart);
}

/**
 * A token for people: cut when long, and nothing in it that could disturb a terminal or a page.
 *
 * @param token - its beginning at least, as far as is shown
 * @param length - of the whole
 */
function show(token: Uint8Array, length: number): string {
  let text = "";
  for (const byte of token.subarray(0, SHOWN_BYTES)) {
    text +=
      byte > SPACE && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return length > SHOWN_BYTES ? `${text}… (${length} bytes)` : text;
}
