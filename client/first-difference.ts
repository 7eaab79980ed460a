/** One line of the comparison of an output with the expected one. */
export interface DiffLine {
  /** 1 for the first line. */
  number: number;
  /** Null where that side has ended already. */
  expected: string | null;
  actual: string | null;
  /** Where the two begin to differ, in UTF-16 units; null when the line is the same on both sides. */
  differsAt: number | null;
}

export interface FirstDifference {
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

function differsAt(expected: string | undefined, actual: string | undefined): number | null {
  if (expected === actual) return null;
  if (expected === undefined || actual === undefined) return 0;
  let index = 0;
  while (index < expected.length && expected[index] === actual[index]) index += 1;
  return index;
}

/**
 * The lines around the first difference between an output and the expected one, side by side.
 * What counts as different is the checker's to say; this only shows where to look.
 *
 * @param expected the sample's answer
 * @param actual what the program wrote
 * @param line the line that the checker objects to, 1 for the first; it may allow earlier lines to look different
 */
export function firstDifference(expected: string, actual: string, line: number): FirstDifference {
  const left = linesOf(expected);
  const right = linesOf(actual);
  const all = Math.max(left.length, right.length);
  const at = Math.max(0, Math.min(line, all) - 1);
  const from = Math.max(0, at - CONTEXT);
  const to = Math.min(all, from + MOST_LINES);
  const lines: DiffLine[] = [];
  for (let index = from; index < to; index += 1) {
    lines.push(shorten(index + 1, left[index], right[index]));
  }
  return { lines, above: from, below: all - to };
}

/** Cuts both sides of a line at the same places, so that their difference stays in sight. */
function shorten(number: number, expected: string | undefined, actual: string | undefined): DiffLine {
  const at = differsAt(expected, actual);
  const start = Math.max(0, (at ?? 0) - MOST_CHARACTERS / 2);
  const cut = (text: string | undefined): string | null => {
    if (text === undefined) return null;
    const end = start + MOST_CHARACTERS;
    return `${start > 0 ? "…" : ""}${text.slice(start, end)}${text.length > end ? "…" : ""}`;
  };
  const shift = start > 0 ? 1 - start : 0;
  return { number, expected: cut(expected), actual: cut(actual), differsAt: at === null ? null : at + shift };
}
