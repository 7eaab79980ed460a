import type {
  TeamCredentials,
  TeamList,
  TeamListPreview,
  TeamListProblem,
  TeamRow,
} from "../protocol/team-list.ts";
import type { CsvRecord } from "./team-csv.ts";
import { alike, type Draft, draftOf, type Group, type Tell } from "./team-csv-draft.ts";
import { type Layout, layoutOf } from "./team-csv-layout.ts";
import { PASSWORD_SEED_BYTES, passwordFrom } from "./team-csv-passwords.ts";
import { inOrder, problem } from "./team-csv-problems.ts";
import { madeUsernames } from "./team-csv-usernames.ts";

/** What of the contest and the site decides whether a list can be imported. */
export interface Surroundings {
  /** Names of the teams that the contest has. */
  teamNames: readonly string[];
  /** How many more teams it may have. */
  room: number;
  groups: readonly Group[];
  /** Usernames and e-mail addresses of every account of the site. */
  usernames: readonly string[];
  emails: readonly string[];
}

/**
 * What importing a list would do: the teams as they would be made, and everything that is wrong with it, by line. The
 * same list among the same surroundings gives the same preview, usernames included, so that what was looked at is what is
 * imported.
 */
export function previewTeams(list: TeamList, surroundings: Surroundings): TeamListPreview {
  const layout = layoutOf(list.text, list.choices);
  const problems = layoutProblems(layout);
  const records = teamRecords(layout, problems);
  const drafts = records.slice(0, surroundings.room).map((record) => {
    const tell: Tell = (code, column, value) => problems.push(problem(code, record.line, column, value));
    return draftOf(record, layout.columns, surroundings.groups, tell);
  });
  problems.push(
    ...repeatedNames(drafts, surroundings.teamNames),
    ...repeated(drafts, "username", surroundings.usernames),
    ...repeated(drafts, "email", surroundings.emails),
  );
  const beyond = records[surroundings.room];
  if (beyond !== undefined)
    problems.push(problem("too_many_teams", beyond.line, null, String(surroundings.room)));
  if (records.length === 0 && problems.every(({ severity }) => severity === "warning"))
    problems.push(problem("list_empty", 1, null, ""));
  return {
    form: layout.form,
    separator: layout.separator,
    header: layout.header !== null,
    columns: layout.columns,
    rows: withUsernames(drafts, surroundings.usernames),
    problems: inOrder(problems),
    importable: problems.every(({ severity }) => severity === "warning"),
  };
}

/** What is wrong with the table itself. */
function layoutProblems({ header, columns, records, form }: Layout): TeamListProblem[] {
  const line = header?.line ?? 1;
  const problems: TeamListProblem[] = [];
  if (header?.fault) problems.push(problem(header.fault, line, null, header.cells.at(-1) ?? ""));
  if (!columns.includes("name") && records.length > 0)
    problems.push(problem("no_name_column", line, null, ""));
  for (const [index, column] of columns.entries()) {
    const title = header?.cells[index]?.trim() ?? String(index + 1);
    const isFilled = title !== "" || records.some(({ cells }) => (cells[index] ?? "").trim() !== "");
    if (column === null) {
      if (form === "table" && isFilled) problems.push(problem("column_not_read", line, null, title));
    } else if (column !== "members" && columns.indexOf(column) < index) {
      problems.push(problem("column_twice", line, column, title));
    }
  }
  return problems;
}

/** The lines that are teams. In `accounts.tsv` others stand beside them. */
function teamRecords({ form, records }: Layout, problems: TeamListProblem[]): CsvRecord[] {
  if (form !== "accounts.tsv") return records;
  return records.filter(({ cells, line }) => {
    const kind = cells[0]?.trim() ?? "";
    if (kind.toLowerCase() === "team") return true;
    problems.push(problem("account_left_out", line, null, kind));
    return false;
  });
}

function withoutAccents(text: string): string {
  return alike(text)
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function repeatedNames(drafts: readonly Draft[], taken: readonly string[]): TeamListProblem[] {
  const problems: TeamListProblem[] = [];
  const ofOthers = new Set(taken.map(alike));
  const before = new Set<string>();
  const similar = new Set(taken.map(withoutAccents));
  for (const { name, line } of drafts) {
    if (name === "") continue;
    const key = alike(name);
    const bare = withoutAccents(name);
    if (ofOthers.has(key)) problems.push(problem("name_taken", line, "name", name));
    else if (before.has(key)) problems.push(problem("name_twice", line, "name", name));
    else if (bare !== "" && similar.has(bare)) problems.push(problem("name_alike", line, "name", name));
    before.add(key);
    similar.add(bare);
  }
  return problems;
}

/** The site tells usernames and e-mail addresses apart without regard to capitals. */
function repeated(
  drafts: readonly Draft[],
  column: "username" | "email",
  taken: readonly string[],
): TeamListProblem[] {
  const ofOthers = new Set(taken.map((text) => text.toLowerCase()));
  const before = new Set<string>();
  return drafts.flatMap(({ line, [column]: value }) => {
    if (value === null) return [];
    const key = value.toLowerCase();
    const isTaken = ofOthers.has(key);
    const isTwice = before.has(key);
    before.add(key);
    return isTaken || isTwice
      ? [problem(isTaken ? `${column}_taken` : `${column}_twice`, line, column, value)]
      : [];
  });
}

function withUsernames(drafts: readonly Draft[], taken: readonly string[]): TeamRow[] {
  const given = drafts.flatMap(({ username }) => username ?? []);
  const without = drafts
    .map((draft, index) => ({ draft, place: draft.number ?? index + 1 }))
    .filter(({ draft }) => draft.username === null);
  const made = madeUsernames(
    // A number is what the ICPC's files make usernames of, whatever the team is called.
    without.map(({ draft, place }) => ({ place, name: draft.number === null ? draft.name : "" })),
    [...taken, ...given],
  );
  const madeOf = new Map(without.map(({ draft }, index) => [draft, made[index]]));
  return drafts.map((draft) => {
    const { line, name, group, organisation, members, seat, password, email, icpcId } = draft;
    const rest = { line, name, group, organisation, members, seat, password, email, icpcId };
    const username = draft.username ?? madeOf.get(draft) ?? "";
    return { ...rest, username, usernameMade: draft.username === null };
  });
}

/** How many random bytes `teamCredentials` takes for a preview. */
export function credentialsSeedBytes(preview: Pick<TeamListPreview, "rows">): number {
  return preview.rows.length * PASSWORD_SEED_BYTES;
}

/**
 * The sheet of a list that is imported: the passwords that the list gives, and for the others new ones.
 *
 * @param seed - `credentialsSeedBytes` random bytes
 * @throws RangeError for a list that must not be imported, or too short a seed
 */
export function teamCredentials(preview: TeamListPreview, seed: Uint8Array): TeamCredentials[] {
  if (!preview.importable) throw new RangeError("A list with errors is not imported.");
  if (seed.length !== credentialsSeedBytes(preview))
    throw new RangeError(
      `${preview.rows.length} passwords take ${credentialsSeedBytes(preview)} random bytes.`,
    );
  return preview.rows.map(({ name, username, password, email, seat }, index) => {
    const at = index * PASSWORD_SEED_BYTES;
    return {
      name,
      username,
      password: password ?? passwordFrom(seed.subarray(at, at + PASSWORD_SEED_BYTES)),
      email,
      seat,
    };
  });
}
