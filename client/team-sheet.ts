import type { TeamCredentials } from "../protocol/team-list.ts";
import { csvText } from "./saved-file.ts";

/**
 * The credentials of teams as CSV (RFC 4180), which spreadsheets run nothing of: what begins like a formula has an
 * apostrophe before it, a password too.
 */
export function sheetCsv(teams: readonly TeamCredentials[], site: string): string {
  return csvText([
    ["team", "username", "password", "email", "seat", "site"],
    ...teams.map(({ name, username, password, email, seat }) => [
      name,
      username,
      password,
      email,
      seat,
      site,
    ]),
  ]);
}
