import type { LanguageId } from "../protocol/language.ts";
import type { Source } from "../protocol/source.ts";
import { sourceNames } from "./starters.ts";

/** A place in one of the reader's files. */
export interface SourcePlace {
  file: string;
  /** 1 for the first line. */
  line: number;
  /** 1 for the first column; null when only the line is known. */
  column: number | null;
}

/** A piece of what a compiler or a failing program wrote; with a place, it speaks of that. */
export interface Piece {
  text: string;
  place: SourcePlace | null;
}

/** Line and column after a file's name: `:3:5` of most, `(3,5)` of C# and Pascal, `", line 3` of Python, ` line 3` of Perl, ` on line 3` of PHP, `: line 3` of Bash. */
const AFTER_NAME = String.raw`(?:[:(](\d+)(?:[:,](\d+))?|(?:",|:| on)? line (\d+))`;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The names under which tools speak of each file: a single file is called as its language wants it, whatever its name is here. */
function namesOf({ files }: Source, language: LanguageId): Map<string, string> {
  const [only] = files;
  const names = new Map(files.map(({ name }) => [name, name]));
  if (only && files.length === 1 && !names.has(sourceNames[language]))
    names.set(sourceNames[language], only.name);
  return names;
}

/**
 * Cuts a text at the places in the source that it names, so that they can be followed. Every compiler and interpreter writes a place as
 * the file's name and its line, so this needs to know no tool; a file that is not among the source's (a header of the library) is none.
 */
export function withPlaces(text: string, source: Source, language: LanguageId): Piece[] {
  const names = namesOf(source, language);
  // The longest first: "a.py" is the end of "data.py", and no name.
  const either = [...names.keys()].toSorted((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(String.raw`(?<![\w.-])(${either.join("|")})${AFTER_NAME}`, "g");
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    const [whole, name = "", line, column, pythonLine] = found;
    const file = names.get(name);
    if (file === undefined) continue;
    if (found.index > end) pieces.push({ text: text.slice(end, found.index), place: null });
    end = found.index + whole.length;
    pieces.push({
      text: whole,
      place: { file, line: Number(line ?? pythonLine), column: column === undefined ? null : Number(column) },
    });
  }
  if (end < text.length) pieces.push({ text: text.slice(end), place: null });
  return pieces;
}
