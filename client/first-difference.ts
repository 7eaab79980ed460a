import type { CheckerOptions } from "../protocol/problem.ts";
import { checkOutput } from "../rules/output-check.ts";

/** A stretch of a line, in UTF-16 units of what is shown of it. */
export interface Mark {
  from: number;
  to: number;
}

/** One line of the comparison of an output with the expected one. */
export interface DiffLine {
  /** 1 for the first line. */
  number: number;
  /** Null where that side has ended already. */
  expected: string | null;
  actual: string | null;
  /** Whether the two sides are not the same. */
  differs: boolean;
  /** The first differing token, on the side and in the line where it stands. */
  expectedMark: Mark | null;
  actualMark: Mark | null;
}

/** A token of a text, or what of one is shown. */
export interface Token {
  text: string;
  /** 1 for the first line, and for a line's first character. */
  line: number;
  column: number;
}

/**
 * What differs first:
 * - `token`  a token that is not the expected one
 * - `missing` the output ends where more was expected; `extra`: it goes on where nothing was
 * - `space`  only the whitespace between tokens
 */
export type WhatDiffers =
  | { type: "token"; expected: Token; actual: Token }
  | { type: "missing"; expected: Token }
  | { type: "extra"; actual: Token }
  | { type: "space"; actual: Token };

export interface FirstDifference {
  what: WhatDiffers;
  lines: readonly DiffLine[];
  /** How many lines were left out above and below. */
  above: number;
  below: number;
}

const CONTEXT = 3;
const MOST_LINES = 12;
/** Longer lines are cut around the place where they differ. */
const MOST_CHARACTERS = 240;

/** Lines without the empty one after a final line feed. */
function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** What the checker takes for whitespace: ASCII's, and nothing of Unicode's. */
const TOKEN = /[^ \t\n\v\f\r]+/g;

function placed(text: string, from: number, to: number): Token {
  const before = text.slice(0, from);
  const lineStart = before.lastIndexOf("\n") + 1;
  return {
    text: text.slice(from, to),
    line: before.split("\n").length,
    // As people count them, so that no emoji is two.
    column: Array.from(before.slice(lineStart)).length + 1,
  };
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function whatDiffers(expected: string, actual: string, options: CheckerOptions): WhatDiffers {
  const wanted = expected.matchAll(TOKEN);
  const written = actual.matchAll(TOKEN);
  for (;;) {
    const want = wanted.next().value;
    const got = written.next().value;
    if (want && got) {
      if (sameToken(want[0], got[0], options)) continue;
      return { type: "token", expected: tokenAt(expected, want), actual: tokenAt(actual, got) };
    }
    if (want) return { type: "missing", expected: tokenAt(expected, want) };
    if (got) return { type: "extra", actual: tokenAt(actual, got) };
    break;
  }
  let at = 0;
  while (at < actual.length && expected[at] === actual[at]) at += 1;
  return { type: "space", actual: placed(actual, at, at + 1) };
}

const tokenAt = (text: string, { index, 0: token }: RegExpExecArray): Token =>
  placed(text, index, index + token.length);

/** Numbers within a tolerance, or letters of another case, may be the same to the checker. */
const sameToken = (want: string, got: string, options: CheckerOptions): boolean =>
  want === got || checkOutput(encode(got), encode(want), options).accepted;

/**
 * The first difference between an output and the expected one: the token, where it stands on either side, and the lines around it side by
 * side. What counts as different is the checker's to say.
 *
 * @param expected the sample's answer
 * @param actual what the program wrote
 */
export function firstDifference(expected: string, actual: string, options: CheckerOptions): FirstDifference {
  const what = whatDiffers(expected, actual, options);
  const left = linesOf(expected);
  const right = linesOf(actual);
  const all = Math.max(left.length, right.length);
  const at = Math.max(0, Math.min(what.type === "missing" ? what.expected.line : what.actual.line, all) - 1);
  const from = Math.max(0, at - CONTEXT);
  const to = Math.min(all, from + MOST_LINES);
  const lines: DiffLine[] = [];
  for (let index = from; index < to; index += 1)
    lines.push(drawn(index + 1, left[index], right[index], what));
  return { what, lines, above: from, below: all - to };
}

/** A line of both sides, cut at the same places, so that what differs stays in sight. */
function drawn(
  number: number,
  expected: string | undefined,
  actual: string | undefined,
  what: WhatDiffers,
): DiffLine {
  const wanted = markIn(number, expected, "expected" in what ? what.expected : null);
  const written = markIn(number, actual, "actual" in what ? what.actual : null);
  const start = Math.max(0, (written?.from ?? wanted?.from ?? 0) - MOST_CHARACTERS / 2);
  const cut = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    const end = start + MOST_CHARACTERS;
    return `${start > 0 ? "…" : ""}${text.slice(start, end)}${text.length > end ? "…" : ""}`;
  };
  const shift = start > 0 ? 1 - start : 0;
  const moved = (mark: Mark | null): Mark | null =>
    mark && { from: Math.max(0, mark.from + shift), to: Math.max(0, mark.to + shift) };
  return {
    number,
    expected: cut(expected),
    actual: cut(actual),
    differs: expected !== actual,
    expectedMark: moved(wanted),
    actualMark: moved(written),
  };
}

function markIn(number: number, line: string | undefined, token: Token | null): Mark | null {
  if (line === undefined || token?.line !== number) return null;
  const from = [...line].slice(0, token.column - 1).join("").length;
  return { from, to: from + token.text.length };
}
