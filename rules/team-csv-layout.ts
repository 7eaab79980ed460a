import * as v from "valibot";
import { Email } from "../protocol/account.ts";
import {
  type TeamColumn,
  type TeamListChoices,
  type TeamListForm,
  TeamSeparator,
} from "../protocol/team-list.ts";
import { type CsvRecord, readCsv, readLines, readPlainTsv } from "./team-csv.ts";
import { columnNamed } from "./team-csv-words.ts";

/** How a list is to be understood. */
export interface Layout {
  form: TeamListForm;
  /** Null for one name a line. */
  separator: TeamSeparator | null;
  /** The line that names the columns, if there is one. */
  header: CsvRecord | null;
  columns: (TeamColumn | null)[];
  /** The lines after the header. */
  records: CsvRecord[];
}

/**
 * Finds out what a list is: one of the ICPC's files by its first line, else a table. Its separator is the one that a
 * first line like `sep=;` names, under which the first line is a header, or under which most lines fall into the same
 * number of cells; where there is none, each line is a name. A first line is a header when at least half of its cells
 * are words for columns.
 *
 * @param choices - what the reader knows better
 */
export function layoutOf(text: string, choices: TeamListChoices): Layout {
  const bare = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const layout = icpcLayout(bare) ?? tableLayout(bare, choices);
  return choices.columns === null ? layout : { ...layout, columns: choices.columns };
}

function tableLayout(text: string, choices: TeamListChoices): Layout {
  const named = namedSeparator(text);
  const separator = choices.separator ?? named?.separator ?? likelySeparator(text);
  const all = separator === null ? readLines(text) : readCsv(text, separator);
  const records = named === null ? all : all.filter(({ line }) => line > 1);
  const first = records[0];
  const isHeader = choices.header ?? (first !== undefined && looksLikeHeader(first));
  if (isHeader && first !== undefined) {
    const columns = namingSomebody(first.cells.map(columnNamed));
    return { form: "table", separator, header: first, columns, records: records.slice(1) };
  }
  return { form: "table", separator, header: null, columns: unnamedColumns(records), records };
}

/** A list of students without teams is one of students who take part alone. */
function namingSomebody(columns: (TeamColumn | null)[]): (TeamColumn | null)[] {
  const isOfPeople =
    !columns.includes("name") && columns.filter((column) => column === "members").length === 1;
  return isOfPeople ? columns.map((column) => (column === "members" ? "name" : column)) : columns;
}

/** What Excel takes for itself: a first line `sep=;`. */
function namedSeparator(text: string): { separator: TeamSeparator } | null {
  const named = /^sep=([,;\t])(?:\r|\n|$)/i.exec(text)?.[1];
  const separator = TeamSeparator.options.find((option) => option === named);
  return separator === undefined ? null : { separator };
}

function looksLikeHeader({ cells }: CsvRecord): boolean {
  const filled = cells.filter((cell) => cell.trim() !== "");
  // Alone on its line, "Student 1" is who comes before "Student 2".
  if (filled.length === 1 && /\p{N}/u.test(filled[0] ?? "")) return false;
  return filled.length > 0 && filled.filter((cell) => columnNamed(cell) !== null).length * 2 >= filled.length;
}

/** Tab before semicolon before comma: the comma is the one that names hold most often. */
const separatorsByLikelihood = ["\t", ";", ","] as const satisfies TeamSeparator[];

/** How much of a list its separator is told by. */
const SAMPLE_LENGTH = 20_000;

function likelySeparator(whole: string): TeamSeparator | null {
  const text = sampleOf(whole);
  const readings = separatorsByLikelihood.map((separator) => ({
    separator,
    records: readCsv(text, separator),
  }));
  const headed = readings.find(
    ({ records: [first] }) => first !== undefined && first.cells.length > 1 && looksLikeHeader(first),
  );
  if (headed !== undefined) return headed.separator;
  return readings.find(({ records }) => isTable(records))?.separator ?? null;
}

/** The first lines of a list, none of them cut. */
function sampleOf(text: string): string {
  const lineEnd = text.lastIndexOf("\n", SAMPLE_LENGTH);
  return text.length <= SAMPLE_LENGTH || lineEnd < 0 ? text : text.slice(0, lineEnd);
}

/** Whether more than half of the lines have the same number of cells, and more than one. */
function isTable(records: readonly CsvRecord[]): boolean {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].some(([cells, lines]) => cells > 1 && lines * 2 > records.length);
}

/**
 * Columns that nothing names: those of e-mail addresses are known by them, the first of the others holds the names. What
 * the rest holds, only the reader can say.
 */
function unnamedColumns(records: readonly CsvRecord[]): (TeamColumn | null)[] {
  const width = records.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const ofEmails = Array.from({ length: width }, (_, column) => holdsEmails(records, column));
  const names = ofEmails.indexOf(false);
  const emails = ofEmails.indexOf(true);
  return ofEmails.map((_, column) => (column === names ? "name" : column === emails ? "email" : null));
}

function holdsEmails(records: readonly CsvRecord[], column: number): boolean {
  const filled = records.map(({ cells }) => cells[column]?.trim() ?? "").filter((cell) => cell !== "");
  return filled.length > 0 && filled.every((cell) => v.is(Email, cell));
}

/**
 * `teams.tsv`: the team's number, the ICPC's id, the group's id, the team's name, its institution, that one's short name,
 * its country and (in version 2) the ICPC's id of the institution.
 */
const teamsTsv: readonly (TeamColumn | null)[] = [
  "number",
  "icpcId",
  "group",
  "name",
  "organisation",
  null,
  null,
  null,
];

/** `accounts.tsv`: the kind of account, the full name, the username, the password. */
const accountsTsv: readonly (TeamColumn | null)[] = [null, "name", "username", "password"];

/**
 * The ICPC's files (Contest Control System Requirements, "teams.tsv" and "accounts.tsv"): a first line of a label and a
 * version, then lines of tabs. The label is the file's name or, in newer ones, `File_Version`: then the lines tell.
 */
function icpcLayout(text: string): Layout | null {
  const [first, ...records] = readPlainTsv(text);
  const label = /^(teams|accounts|File_Version)\t[12]\s*$/i.exec(first?.cells.join("\t") ?? "")?.[1];
  if (label === undefined) return null;
  const isAccounts =
    label.toLowerCase() === "accounts" ||
    (label.toLowerCase() === "file_version" && records.some(({ cells }) => isAccountKind(cells[0])));
  const [form, columns] = isAccounts
    ? (["accounts.tsv", accountsTsv] as const)
    : (["teams.tsv", teamsTsv] as const);
  return { form, separator: "\t", header: null, columns: [...columns], records };
}

const accountKinds: ReadonlySet<string> = new Set([
  "team",
  "judge",
  "admin",
  "analyst",
  "staff",
  "spectator",
]);

const isAccountKind = (cell: string | undefined): boolean =>
  accountKinds.has(cell?.trim().toLowerCase() ?? "");
