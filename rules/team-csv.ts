import type { TeamSeparator } from "../protocol/team-list.ts";

/** One record of a table. */
export interface CsvRecord {
  /** The line that it begins at, counted from 1: a quoted cell may hold line ends. */
  line: number;
  cells: string[];
  /** `quote_open`: a quoted cell that never ends. `quote_stray`: something follows a cell's closing quote. */
  fault: "quote_open" | "quote_stray" | null;
}

interface Cell {
  value: string;
  /** Where it ends: at a separator, at a line end or at the end of the text. */
  end: number;
  fault: CsvRecord["fault"];
}

/**
 * Reads a table (RFC 4180, "Definition of the CSV Format", with any of the separators that spreadsheets write): cells
 * may be quoted, and then hold separators, line ends and doubled quotes. Lines may end as on any system, and those that
 * hold nothing are left out. A quote inside a cell that does not begin with one stands for itself.
 */
export function readCsv(text: string, separator: TeamSeparator): CsvRecord[] {
  const records: CsvRecord[] = [];
  for (let at = 0, line = 1; at < text.length;) {
    const record: CsvRecord = { line, cells: [], fault: null };
    const start = at;
    for (let more = true; more;) {
      const cell = text[at] === '"' ? quotedCell(text, at, separator) : plainCell(text, at, separator);
      record.cells.push(cell.value);
      record.fault ??= cell.fault;
      more = text[cell.end] === separator;
      at = more ? cell.end + 1 : afterLineEnd(text, cell.end);
    }
    line += lineEnds(text, start, at);
    if (record.cells.some((cell) => cell.trim() !== "")) records.push(record);
  }
  return records;
}

function plainCell(text: string, at: number, separator: TeamSeparator): Cell {
  let end = at;
  while (end < text.length && text[end] !== separator && !isLineEnd(text[end])) end++;
  return { value: text.slice(at, end), end, fault: null };
}

function quotedCell(text: string, at: number, separator: TeamSeparator): Cell {
  let close = text.indexOf('"', at + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) return { value: unquoted(text.slice(at + 1)), end: text.length, fault: "quote_open" };
  const value = unquoted(text.slice(at + 1, close));
  const rest = plainCell(text, close + 1, separator);
  if (rest.value.trim() === "") return { value, end: rest.end, fault: null };
  return { value: value + rest.value, end: rest.end, fault: "quote_stray" };
}

/**
 * Reads one cell a line: what separates cells elsewhere belongs to it. Quotes are taken off only where they enclose the
 * whole line.
 */
export function readLines(text: string): CsvRecord[] {
  return linesOf(text).map(({ line, text: whole }) => {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*$/.exec(whole)?.[1];
    return { line, cells: [quoted === undefined ? whole : unquoted(quoted)], fault: null };
  });
}

/** Reads a table of tabs in which a quote is a character like others, as the ICPC's files are. */
export function readPlainTsv(text: string): CsvRecord[] {
  return linesOf(text).map(({ line, text: whole }) => ({ line, cells: whole.split("\t"), fault: null }));
}

function linesOf(text: string): { line: number; text: string }[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((whole, index) => ({ line: index + 1, text: whole }))
    .filter((line) => line.text.trim() !== "");
}

const unquoted = (text: string): string => text.replaceAll('""', '"');

const isLineEnd = (character: string | undefined): boolean => character === "\n" || character === "\r";

function afterLineEnd(text: string, at: number): number {
  return at + (text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1);
}

function lineEnds(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < Math.min(to, text.length); at++)
    if (text[at] === "\n" || (text[at] === "\r" && text[at + 1] !== "\n")) count++;
  return count;
}
