import type { Clarification, ClarificationKind } from "../protocol/clarification.ts";
import { refusalOf } from "../rules/contest-state-actions.ts";
import { elapsed, submissionTime, wholeLength } from "../rules/contest-times.ts";
import { roleIn, seesAll } from "./contest-roles.ts";
import type { ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import type { UserRow } from "./tables.ts";

/** Who reads a contest's clarifications. */
export interface Reader {
  user: UserRow | null;
  isJury: boolean;
  /** The reader's team; null for none. */
  team: string | null;
  /** Whether the reader may see the problems now. What is said of them would tell what they are. */
  seesProblems: boolean;
}

export async function readerOf(env: Env, contest: ContestRow, user: UserRow | null): Promise<Reader> {
  const isJury = seesAll(await roleIn(env, contest, user));
  const member = env.DB.prepare("SELECT team FROM team_members WHERE contest = ? AND user = ?");
  const team = user && (await member.bind(contest.id, user.id).first<string>("team"));
  const seesProblems = isJury || seesProblemsOf(contest, team);
  return { user, isJury, team, seesProblems };
}

export const seesProblemsOf = (contest: ContestRow, team: string | null): boolean =>
  refusalOf(contest.timed, "see_problems", Date.now(), team) === null;

/**
 * Whether a reader may see the clarification `c`; bind what `readerValues` gives. The one place that says who sees what:
 * the jury everything, a team what it asked and what is for it, and everybody what is for all.
 */
export const VISIBLE = `c.contest = ?1 AND (?2 OR ((c.problem IS NULL OR ?4) AND
  CASE c.kind WHEN 'question' THEN c.from_team = ?3 ELSE c.to_team IS NULL OR c.to_team = ?3 END))`;

/** The values of ?1 to ?4. */
export const readerValues = (
  contest: ContestRow,
  reader: Reader,
): [contest: string, isJury: number, team: string | null, seesProblems: number] => [
  contest.id,
  Number(reader.isJury),
  reader.team,
  Number(reader.seesProblems),
];

interface ClarificationRow {
  id: string;
  kind: ClarificationKind;
  from_team: string | null;
  from_name: string | null;
  to_team: string | null;
  to_name: string | null;
  reply_to: string | null;
  quote: string | null;
  /** The team of the question that it answers. */
  asker: string | null;
  problem: string | null;
  text: string;
  at: number;
  closed_at: number | null;
  by_name: string;
  claimed_by: string | null;
  claim_name: string | null;
}

const ROWS = `
  SELECT c.id, c.kind, c.from_team, f.name AS from_name, c.to_team, t.name AS to_name, c.reply_to, q.text AS quote,
    q.from_team AS asker, cp.label AS problem, c.text, c.at, c.closed_at, u.display_name AS by_name, c.claimed_by,
    k.display_name AS claim_name
  FROM clarifications c
  JOIN users u ON u.id = c.by
  LEFT JOIN users k ON k.id = c.claimed_by
  LEFT JOIN teams f ON f.id = c.from_team
  LEFT JOIN teams t ON t.id = c.to_team
  LEFT JOIN clarifications q ON q.id = c.reply_to
  LEFT JOIN contest_problems cp ON cp.contest = c.contest AND cp.problem = c.problem`;

/** What the reader may see, in the order in which it was said; `id` narrows it to one. */
export async function clarificationsFor(
  env: Env,
  contest: ContestRow,
  reader: Reader,
  id: string | null = null,
): Promise<Clarification[]> {
  const { results } = await env.DB.prepare(
    `${ROWS} WHERE ${VISIBLE} AND (?5 IS NULL OR c.id = ?5) ORDER BY c.at, c.rowid`,
  )
    .bind(...readerValues(contest, reader), id)
    .all<ClarificationRow>();
  return results.map((row) => viewFor(contest, reader, row));
}

function viewFor(contest: ContestRow, { user, isJury, team }: Reader, row: ClarificationRow): Clarification {
  const { id, kind, quote, problem, text, at } = row;
  const seesQuestion = isJury || (team !== null && row.asker === team);
  return {
    id,
    kind,
    from: teamOf(row.from_team, row.from_name),
    to: teamOf(row.to_team, row.to_name),
    replyTo: seesQuestion ? row.reply_to : null,
    quote,
    problem,
    text,
    at,
    contestTimeMs: contestTimeOf(contest, row),
    // Nobody waits for an answer any more when the team that asked is gone.
    isAnswered: kind === "question" && (row.closed_at !== null || row.from_team === null),
    jury: isJury
      ? {
          by: row.by_name,
          claim:
            row.claimed_by === null
              ? null
              : { by: row.claim_name ?? "", isMine: row.claimed_by === user?.id },
        }
      : null,
  };
}

const teamOf = (id: string | null, name: string | null): { id: string; name: string } | null =>
  id === null ? null : { id, name: name ?? "" };

function contestTimeOf({ timed: { times } }: ContestRow, { from_team, at }: ClarificationRow): number | null {
  if (from_team !== null) return submissionTime(times, from_team, at).at;
  const passed = elapsed(times, at);
  return passed === null || passed < 0 || passed > wholeLength(times) ? null : passed;
}
