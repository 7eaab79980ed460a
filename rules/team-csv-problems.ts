import {
  type TeamColumn,
  type TeamListFault,
  teamListFaults,
  type TeamListProblem,
} from "../protocol/team-list.ts";

const MOST_SHOWN = 80;

const sentences: Readonly<Record<TeamListFault, (value: string) => string>> = {
  list_empty: () => "The list holds no team.",
  quote_open: (value) => `A quote begins before "${value}" and does not end.`,
  quote_stray: (value) =>
    `Something follows the closing quote of "${value}". A quote inside quotes is doubled.`,
  no_name_column: () => "No column holds the teams' names.",
  column_twice: (value) => `A second column is called "${value}", which means the same as one before.`,
  too_many_cells: (value) =>
    `"${value}" stands beyond the last column. A name that holds the separator must be in quotes.`,
  too_many_teams: (value) =>
    `The contest has room for ${value} more teams: this one and those after it are too many.`,
  name_missing: () => "The team has no name.",
  name_too_long: (value) => `"${value}" is longer than a team's name may be, 80 characters.`,
  name_twice: (value) => `"${value}" is in the list already.`,
  name_taken: (value) => `A team of the contest is called "${value}" already.`,
  unusable_character: (value) =>
    `"${value}" holds a character that cannot be shown or does not show what it is.`,
  text_too_long: (value) => `"${value}" is too long: at most 200 characters.`,
  group_unknown: (value) => `The contest has no group "${value}".`,
  username_unfit: (value) =>
    `"${value}" is no username: 3 to 32 letters, digits, dots, underscores and hyphens, a letter or digit first.`,
  username_twice: (value) => `The username "${value}" is in the list already.`,
  username_taken: (value) => `The username "${value}" belongs to somebody else.`,
  password_unfit: () => "The password must have 8 to 200 characters.",
  email_unfit: (value) => `"${value}" is no e-mail address.`,
  email_twice: (value) => `The e-mail address "${value}" is in the list already.`,
  email_taken: (value) => `The e-mail address "${value}" belongs to another account.`,
  column_not_read: (value) => `The column "${value}" is not read.`,
  name_alike: (value) => `"${value}" is easily taken for a team before it.`,
  account_left_out: (value) => `An account of the kind "${value}" is no team and is left out.`,
};

/** A fault as a problem of the list. Passwords are never repeated: give "" for them. */
export function problem(
  code: TeamListFault,
  line: number,
  column: TeamColumn | null,
  value: string,
): TeamListProblem {
  const characters = [...value];
  const shown = characters.length > MOST_SHOWN ? `${characters.slice(0, MOST_SHOWN - 1).join("")}…` : value;
  return {
    severity: teamListFaults[code],
    code,
    line,
    column,
    value: shown,
    message: sentences[code](shown),
  };
}

/** By line, errors before warnings, else as they were found. */
export function inOrder(problems: readonly TeamListProblem[]): TeamListProblem[] {
  return problems.toSorted(
    (a, b) => a.line - b.line || Number(a.severity === "warning") - Number(b.severity === "warning"),
  );
}
