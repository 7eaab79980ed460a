import { FIRST_LINE_SHIFT } from "./load.ts";

/** The stack of an error as far as it lies in the program's own files, with the columns that its author sees. */
export function ownStack(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !/^\s+at .*(blob:|wasm:\/\/|<anonymous>:)/.test(line))
    .map((line) =>
      line.replace(
        /^(\s+at .*:1:)(\d+)/,
        (_, start: string, column: string) => start + (Number(column) - FIRST_LINE_SHIFT),
      ),
    )
    .join("\n");
}
