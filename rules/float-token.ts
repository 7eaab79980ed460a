import type { CheckerOptions } from "../protocol/problem.ts";
import { FLOAT } from "./package/checker-args.ts";

const INFINITE = /^([+-]?)inf(?:inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;
/** Far above the 30 digits on each side of the point that the format asks for; longer tokens, in bytes, are text. */
export const LONGEST_NUMBER = 4096;

/**
 * Compares two tokens as floating-point numbers (2025-09, "Comparing floating-point tokens").
 *
 * @returns `text` when the answer is no number, so that the tokens are to be compared as text; `not a number` when
 *   only the output is none
 */
export function floatVerdict(
  output: Uint8Array,
  answer: Uint8Array,
  { floatAbsoluteTolerance, floatRelativeTolerance }: CheckerOptions,
): "close" | "far" | "not a number" | "text" {
  const a = parse(answer);
  if (a === null) return "text";
  const s = parse(output);
  if (s === null) return "not a number";
  if (Object.is(s, a) || s === a) return "close";
  if (!Number.isFinite(s) || !Number.isFinite(a)) return "far";
  const error = Math.abs(s - a);
  const absolute = floatAbsoluteTolerance !== null && error <= floatAbsoluteTolerance;
  const relative = floatRelativeTolerance !== null && error <= floatRelativeTolerance * Math.abs(a);
  return absolute || relative ? "close" : "far";
}

function parse(token: Uint8Array): number | null {
  if (token.length > LONGEST_NUMBER) return null;
  // A character for each byte: one that is not ASCII, such as a byte order mark's, is in no number.
  let text = "";
  for (let at = 0; at < token.length; at++) text += String.fromCharCode(token[at] ?? 0);
  if (FLOAT.test(text)) return Number(text);
  if (NOT_A_NUMBER.test(text)) return NaN;
  const sign = INFINITE.exec(text)?.[1];
  return sign === undefined ? null : sign === "-" ? -Infinity : Infinity;
}
