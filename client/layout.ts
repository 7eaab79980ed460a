import { signal } from "@preact/signals";
import { readItem, writeItem } from "./storage.ts";

/** How the reader likes the problem page to look; kept for all problems on this machine. */

const SIZES = [75, 85, 100, 115, 130, 150, 175, 200];
const USUAL = 100;

const stored = Number(readItem("code-size"));
/** The size of code, in percent of the usual one. */
export const codeSize = signal(SIZES.includes(stored) ? stored : USUAL);

/** Whether code can be made larger (1) or smaller (-1) still. */
export function nextCodeSize(step: 1 | -1): number | null {
  return SIZES[SIZES.indexOf(codeSize.value) + step] ?? null;
}

export function changeCodeSize(step: 1 | -1): void {
  codeSize.value = nextCodeSize(step) ?? codeSize.value;
  writeItem("code-size", String(codeSize.value));
}

/** One of a few names that was kept before, else the first of them. */
export function readChoice<Name extends string>(key: string, names: readonly [Name, ...Name[]]): Name {
  const kept = readItem(key);
  return names.find((name) => name === kept) ?? names[0];
}
