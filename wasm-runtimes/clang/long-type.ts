import type { SourceFile } from "../contract.ts";
import { blanked } from "./blanked.ts";

/** Neither `long long` nor `long double`, which are the same on the judge. */
const LONG = /\blong\b(?!\s+(?:long|double|int\s+long))(?<!\blong\s+(?:int\s+)?long)(?<!\bdouble\s+long)/;

/** Whether a program in C or C++ has a number of a type that has 64 bits on the judge and 32 here. */
export function usesLong(files: readonly SourceFile[]): boolean {
  return files.some(({ text }) => LONG.test(blanked(text)));
}
