import * as v from "valibot";
import { Email, Password, Username } from "./account.ts";
import { Count, DisplayName } from "./text.ts";

/** What a column of a list may hold. `members` may stand over several columns, every other one over a single one. */
export const TeamColumn = v.picklist([
  "name",
  "group",
  "organisation",
  "members",
  "seat",
  "username",
  "password",
  "email",
  /** The team's number in the ICPC's files: its username is made of it. */
  "number",
  /** What the ICPC knows the team by. */
  "icpcId",
]);
export type TeamColumn = v.InferOutput<typeof TeamColumn>;

export const TeamSeparator = v.picklist([",", ";", "\t"]);
export type TeamSeparator = v.InferOutput<typeof TeamSeparator>;

/** How a list is read. Whatever is null is found out from the list itself. */
export const TeamListChoices = v.strictObject({
  separator: v.nullable(TeamSeparator),
  /** Whether the first line names the columns. */
  header: v.nullable(v.boolean()),
  /** What the columns hold, from the left; null for one that is not read. */
  columns: v.nullable(v.pipe(v.array(v.nullable(TeamColumn)), v.maxLength(100, "at most 100 columns"))),
});
export type TeamListChoices = v.InferOutput<typeof TeamListChoices>;

/** A list of teams as an organiser pastes or uploads it, to be looked at first and then, unchanged, to be imported. */
export const TeamList = v.strictObject({
  text: v.pipe(v.string(), v.maxLength(1_000_000, "at most a million characters")),
  choices: TeamListChoices,
});
export type TeamList = v.InferOutput<typeof TeamList>;

/** `table` is CSV or TSV as spreadsheets write it, or one name a line; the others are the ICPC's files. */
export const TeamListForm = v.picklist(["table", "teams.tsv", "accounts.tsv"]);
export type TeamListForm = v.InferOutput<typeof TeamListForm>;

/** A team as it will be made. */
export const TeamRow = v.object({
  line: v.number(),
  name: v.string(),
  /** The id of one of the contest's groups. */
  group: v.nullable(v.string()),
  organisation: v.nullable(v.string()),
  members: v.array(v.string()),
  seat: v.nullable(v.string()),
  username: v.string(),
  /** Whether the username was made from the name, and not read. */
  usernameMade: v.boolean(),
  /** As the list has it; null where one will be made. */
  password: v.nullable(v.string()),
  email: v.nullable(v.string()),
  icpcId: v.nullable(v.string()),
});
export type TeamRow = v.InferOutput<typeof TeamRow>;

/** Everything that can be wrong with a list: an error stands in the way of importing it, a warning does not. */
export const teamListFaults = {
  list_empty: "error",
  quote_open: "error",
  quote_stray: "error",
  no_name_column: "error",
  column_twice: "error",
  too_many_cells: "error",
  too_many_teams: "error",
  name_missing: "error",
  name_too_long: "error",
  name_twice: "error",
  name_taken: "error",
  unusable_character: "error",
  text_too_long: "error",
  group_unknown: "error",
  username_unfit: "error",
  username_twice: "error",
  username_taken: "error",
  password_unfit: "error",
  email_unfit: "error",
  email_twice: "error",
  email_taken: "error",
  column_not_read: "warning",
  name_alike: "warning",
  account_left_out: "warning",
} as const;
export type TeamListFault = keyof typeof teamListFaults;

export const TeamListProblem = v.object({
  severity: v.picklist(["error", "warning"]),
  code: v.string(),
  /** Counted from 1, as an editor does. */
  line: v.number(),
  column: v.nullable(TeamColumn),
  /** What was found there, cut when long; "" for nothing. */
  value: v.string(),
  /** The same for people, in English. */
  message: v.string(),
});
export interface TeamListProblem extends v.InferOutput<typeof TeamListProblem> {
  code: TeamListFault;
}

/** What importing a list would do. Importing is all or nothing: as long as there is an error, no team is made. */
export const TeamListPreview = v.object({
  form: TeamListForm,
  /** Null for one name a line. */
  separator: v.nullable(TeamSeparator),
  header: v.boolean(),
  columns: v.array(v.nullable(TeamColumn)),
  rows: v.array(TeamRow),
  /** By line; the errors of a line before its warnings. */
  problems: v.array(TeamListProblem),
  importable: v.boolean(),
});
export interface TeamListPreview extends Omit<v.InferOutput<typeof TeamListPreview>, "problems"> {
  problems: TeamListProblem[];
}

/** One line of the sheet that is printed after an import: the only time that a password is shown. */
export const TeamCredentials = v.object({
  name: DisplayName,
  username: Username,
  password: Password,
  email: v.nullable(Email),
  seat: v.nullable(v.string()),
});
export type TeamCredentials = v.InferOutput<typeof TeamCredentials>;

/** The answer to an import. */
export const TeamSheet = v.object({ made: Count, teams: v.array(TeamCredentials) });
export type TeamSheet = v.InferOutput<typeof TeamSheet>;
