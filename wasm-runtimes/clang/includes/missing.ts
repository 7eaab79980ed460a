import type { SourceFile } from "../../contract.ts";
import { blanked } from "../blanked.ts";
import { brought, homes } from "./standard-names.ts";

/**
 * The precompiled header brings all of the library to every program, so that the compiler cannot miss an `#include`; the judge's does.
 * What is told here is a sure omission: a name of the library that none of the headers declares which the program includes. A
 * program that includes a header unknown here is not complained about, and neither is what stands between `#if` and `#endif`.
 *
 * @returns complaints as a compiler words them, a line each; "" when nothing is missing
 */
export function missingIncludes(files: readonly SourceFile[]): string {
  const sources = files.map(({ name, text }) => ({ name, text: blanked(text) }));
  const included = sources.flatMap(({ text }) =>
    [...text.matchAll(INCLUDE)].map(([, header = ""]) => header),
  );
  if (included.some((header) => !(header in brought))) return "";
  const program = sources.map(({ text }) => text).join("\n");
  const declared = new Set(included.flatMap((header) => (brought[header] ?? "").split(" ")));
  return sources
    .flatMap(({ name, text }) =>
      usesIn(withoutConditional(text), program).map((use) => ({ ...use, file: name })),
    )
    .filter(({ name }) => !declared.has(name))
    .map(
      ({ file, line, column, name }) =>
        `${file}:${line}:${column}: error: 'std::${name}' is declared in <${homeOf.get(name)}>, which is not included\n`,
    )
    .join("");
}

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*<([^<>\n]+)>/gm;

const homeOf: ReadonlyMap<string, string> = new Map(
  Object.entries(homes).flatMap(([header, names]) =>
    names.split(" ").map((name): [string, string] => [name, header]),
  ),
);

interface Use {
  name: string;
  /** Both from 1. */
  line: number;
  column: number;
}

/** Each name once, where it is used first in the file. */
function usesIn(text: string, program: string): Use[] {
  const qualified = [...text.matchAll(/\bstd\s*::\s*([a-z_]\w*)/g)];
  const plain = /\busing\s+namespace\s+std\b/.test(text) ? [...text.matchAll(/\b([a-z_]\w*)\s*</g)] : [];
  const found = new Map<string, number>();
  for (const match of qualified) note(match);
  for (const match of plain) if (isSurelyTemplate(match[1] ?? "", program)) note(match);
  return [...found].map(([name, at]) => ({ name, ...placeOf(text, at) }));

  function note({ 0: whole, 1: name = "", index }: RegExpExecArray): void {
    if (homeOf.has(name) && !found.has(name)) found.set(name, index + whole.indexOf(name));
  }
}

/** Without `std::` a name may be the program's own, unless all that is ever done with it is to give it arguments in angle brackets. */
function isSurelyTemplate(name: string, program: string): boolean {
  const all = program.match(new RegExp(`\\b${name}\\b`, "g"))?.length ?? 0;
  const templates =
    program.match(new RegExp(`(?<![.>\\w]\\s*)\\b${name}\\s*<\\s*[\\w:]+[\\w:\\s*&<>,]*>`, "g"))?.length ?? 0;
  const includes = program.match(new RegExp(`#[ \\t]*include[ \\t]*<${name}>`, "g"))?.length ?? 0;
  return all === templates + includes;
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Lines from `#if` to its `#endif` are emptied. */
function withoutConditional(text: string): string {
  let depth = 0;
  const lines = text.split("\n").map((line) => {
    if (/^\s*#\s*if/.test(line)) depth += 1;
    const kept = depth === 0 ? line : "";
    if (/^\s*#\s*endif/.test(line)) depth = Math.max(0, depth - 1);
    return kept;
  });
  return lines.join("\n");
}
