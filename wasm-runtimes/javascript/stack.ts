import type { SourceFile } from "../contract.ts";
import { FIRST_LINE_SHIFT } from "./load.ts";
import { originalOf, type Original } from "./source-map.ts";

let files: readonly SourceFile[] = [];
const originals = new Map<string, Original>();

/** Says what the program consists of, for the stacks of its errors. */
export function setFiles(given: readonly SourceFile[]): void {
  files = given;
}

/** What the author of a program knows as this file; null when there is none of that name. */
export function authored(name: string): Original | null {
  const known = originals.get(name);
  if (known !== undefined) return known;
  const file = files.find((each) => each.name === name);
  if (file === undefined) return null;
  const original = originalOf(file);
  originals.set(name, original);
  return original;
}

/** The stack of an error as far as it lies in the program's own files, with the lines and columns that its author sees. */
export function ownStack(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !/^\s+at .*(blob:|wasm:\/\/|<anonymous>:)/.test(line))
    .map((line) =>
      line.replace(
        /^(\s+at (?:.*\()?)([^\s()]+):(\d+):(\d+)(?=\)?$)/,
        (_, start: string, name: string, ...at: string[]) => {
          const [line = 0, column = 0] = at.map(Number);
          const shifted = line === 1 ? column - FIRST_LINE_SHIFT : column;
          const place = authored(name)?.placeOf(line, shifted) ?? { line, column: shifted };
          return `${start}${name}:${place.line}:${place.column}`;
        },
      ),
    )
    .join("\n");
}
