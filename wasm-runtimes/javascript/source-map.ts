import type { SourceFile } from "../contract.ts";

/**
 * Files that were made from others say at their end, as all tools do, where each place came from: a comment with a source map
 * (ECMA-426) in a data URL. Errors then name the lines that somebody wrote.
 */

const MARK = "//# sourceMappingURL=data:application/json;base64,";
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const decodeBase64 = atob.bind(globalThis);
const encodeBase64 = btoa.bind(globalThis);

interface SourceMap {
  mappings: string;
  sourcesContent: readonly string[];
}

/** @returns `text` with the map in its last line */
export function withSourceMap(text: string, mappings: string, original: string): string {
  const map = { version: 3, sources: ["source"], names: [], mappings, sourcesContent: [original] };
  const bytes = new TextEncoder().encode(JSON.stringify(map));
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `${text}\n${MARK}${encodeBase64(binary)}`;
}

/** What a file was made from, or the file itself. Nobody promises that a map is right: a broken one counts as none. */
export interface Original {
  text: string;
  /** Lines and columns count from 1. */
  placeOf(line: number, column: number): { line: number; column: number };
}

export function originalOf({ text }: SourceFile): Original {
  const at = text.lastIndexOf(`\n${MARK}`);
  try {
    if (at >= 0) return readMap(text.slice(at + MARK.length + 1).trim());
  } catch {
    // Below.
  }
  return { text, placeOf: (line, column) => ({ line, column }) };
}

function readMap(base64: string): Original {
  const bytes = Uint8Array.from(decodeBase64(base64), (character) => character.charCodeAt(0));
  const { mappings, sourcesContent }: SourceMap = JSON.parse(new TextDecoder().decode(bytes));
  const [text] = sourcesContent;
  if (text === undefined) throw new Error("The map has no source.");
  const lines = decode(mappings);
  return {
    text,
    placeOf(line, column) {
      // The last place of the line that is not behind the column; a line without places belongs to the one before.
      for (let at = line - 1; at >= 0; at -= 1) {
        const places = lines[at] ?? [];
        const place =
          (at === line - 1 ? places.findLast(([from]) => from < column) : undefined) ?? places.at(-1);
        if (place !== undefined) return { line: place[1] + 1, column: place[2] + 1 };
      }
      return { line, column };
    },
  };
}

/** For each line of the file the places that are known: its column, and the line and column where that comes from, all from 0. */
function decode(mappings: string): [column: number, line: number, sourceColumn: number][][] {
  let [line, sourceColumn] = [0, 0];
  return mappings.split(";").map((group) => {
    let column = 0;
    return group
      .split(",")
      .map(numbersOf)
      .filter((numbers) => numbers.length > 0)
      .map(([columnStep = 0, , lineStep = 0, sourceColumnStep = 0]) => {
        column += columnStep;
        line += lineStep;
        sourceColumn += sourceColumnStep;
        return [column, line, sourceColumn];
      });
  });
}

/** Base64 digits of five bits each, the lowest first; the sixth says that another follows, and the last bit of a number is its sign. */
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    [value, shift] = [0, 0];
  }
  return numbers;
}
