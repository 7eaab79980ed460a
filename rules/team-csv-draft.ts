import * as v from "valibot";
import { Email, Password, Username } from "../protocol/account.ts";
import type { TeamColumn, TeamListFault, TeamRow } from "../protocol/team-list.ts";
import { DisplayName } from "../protocol/text.ts";
import type { CsvRecord } from "./team-csv.ts";

export interface Group {
  id: string;
  name: string;
}

/** Says that something is wrong with the record at hand. */
export type Tell = (code: TeamListFault, column: TeamColumn | null, value: string) => void;

/** A row whose username may have to be made yet. */
export interface Draft extends Omit<TeamRow, "username" | "usernameMade"> {
  username: string | null;
  /** The team's number in the ICPC's files, if it has one. */
  number: number | null;
}

/** One record as a team, every fault of it told. */
export function draftOf(
  record: CsvRecord,
  columns: readonly (TeamColumn | null)[],
  groups: readonly Group[],
  tell: Tell,
): Draft {
  const raw = (column: TeamColumn): string => record.cells[columns.indexOf(column)] ?? "";
  const text = (column: TeamColumn): string => shown(raw(column), column, tell);
  if (record.fault !== null) tell(record.fault, null, shortened(record.cells.at(-1) ?? ""));
  const beyond = record.cells.slice(columns.length).find((cell) => cell.trim() !== "");
  if (beyond !== undefined) tell("too_many_cells", null, tidied(beyond));
  const number = /^\d{1,9}$/.exec(raw("number").trim())?.[0];
  return {
    line: record.line,
    // Where no column holds names, that is said once, of the table.
    name: columns.includes("name") ? checkedName(tidied(raw("name")), tell) : "",
    group: groupOf(tidied(raw("group")), groups, tell),
    organisation: text("organisation") || null,
    members: membersOf(record, columns).map((member) => shown(member, "members", tell)),
    seat: text("seat") || null,
    username: fitting(Username, raw("username").trim(), () =>
      tell("username_unfit", "username", raw("username")),
    ),
    password: fitting(Password, raw("password").trim(), () => tell("password_unfit", "password", "")),
    email: fitting(Email, raw("email").trim(), () => tell("email_unfit", "email", raw("email"))),
    icpcId: text("icpcId") || null,
    number: number === undefined ? null : Number(number),
  };
}

/** Nothing is null; so is what does not fit, after it was told of. */
function fitting(schema: v.GenericSchema<string, string>, value: string, tell: () => void): string | null {
  if (value === "") return null;
  if (v.is(schema, value)) return value;
  tell();
  return null;
}

/** One way of writing for what looks the same: composed accents, single blanks. */
function tidied(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

const MOST_CHARACTERS = 200;

function shortened(text: string): string {
  return tidied(text.split(/[\r\n]/)[0] ?? "");
}

function shown(text: string, column: TeamColumn, tell: Tell): string {
  const tidy = tidied(text);
  if (unusable.test(tidy)) tell("unusable_character", column, tidy);
  if (tidy.length > MOST_CHARACTERS) tell("text_too_long", column, tidy);
  return tidy;
}

/**
 * Control characters, halves of surrogate pairs, what stands for bytes that could not be read, characters without a
 * meaning of their own, and marks that show as nothing or turn the text around (UTR 36, "Bidirectional Text Spoofing"). The
 * joiners stay: scripts and emoji need them.
 */
const unusable = /[\p{Cc}\p{Cs}\p{Co}\uFFFD\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/u;

function checkedName(name: string, tell: Tell): string {
  if (name === "") tell("name_missing", "name", "");
  else if (unusable.test(name)) tell("unusable_character", "name", name);
  else if (!v.is(DisplayName, name)) tell("name_too_long", "name", name);
  return name;
}

/** A group by its name, in capitals or not, or by its id. */
function groupOf(text: string, groups: readonly Group[], tell: Tell): string | null {
  if (text === "") return null;
  const found =
    groups.find(({ id }) => id === text) ?? groups.find(({ name }) => alike(name) === alike(text));
  if (found === undefined) tell("group_unknown", "group", text);
  return found?.id ?? null;
}

/** People in one cell stand apart by any sign that lists have; those of several columns follow one another. */
function membersOf({ cells }: CsvRecord, columns: readonly (TeamColumn | null)[]): string[] {
  return cells
    .filter((_, index) => columns[index] === "members")
    .flatMap((cell) => cell.split(/[,;/|、，；\r\n]/u))
    .map(tidied)
    .filter((member) => member !== "");
}

/** What makes two texts the same to people: neither capitals nor the width of characters tell them apart. */
export function alike(text: string): string {
  return tidied(text).normalize("NFKC").toLowerCase();
}
