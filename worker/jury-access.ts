import { isJuryOf } from "./contest-roles.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { ApiError, param, type Call } from "./http.ts";
import { mayChange } from "./problem-rows.ts";
import type { UserRow } from "./tables.ts";

/**
 * The jury, which reads all submissions, judges and judges anew: of a contest its owner, administrators and who has that role
 * in it (worker/contest-roles.ts), of practice the problem's owner and administrators.
 */

/** The contest of the call's `:slug`, for its jury. */
export async function juryContest(call: Call, user: UserRow): Promise<ContestRow> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  if (!(await isJuryOf(call.env, contest, user)))
    throw new ApiError("forbidden", "Only the contest's jury may see or do this.");
  return contest;
}

/** What the jury's acts on one submission start from. */
export interface JudgedSubmission {
  id: string;
  contest: string | null;
  /** The problem's, as problem-rows.ts reads them. */
  facts: string;
}

/** The submission of the call's `:id`, for its jury; to everybody else there is none. */
export async function jurySubmission(call: Call, user: UserRow): Promise<JudgedSubmission> {
  const row = await call.env.DB.prepare(
    `SELECT s.id, s.contest, p.facts, COALESCE(c.owner, p.owner) AS owner FROM submissions s
     JOIN problems p ON p.id = s.problem LEFT JOIN contests c ON c.id = s.contest WHERE s.id = ?`,
  )
    .bind(param(call, "id"))
    .first<JudgedSubmission & { owner: string }>();
  if (!row || !(await isJuryOfSubmission(call.env, row, user)))
    throw new ApiError("not_found", "There is no such submission.");
  return row;
}

async function isJuryOfSubmission(
  env: Env,
  { contest, owner }: { contest: string | null; owner: string },
  user: UserRow,
): Promise<boolean> {
  return contest === null ? mayChange(user, { owner }) : isJuryOf(env, { id: contest, owner }, user);
}

/** A rejudging's row in the database. */
export interface RejudgingRow {
  id: string;
  contest: string;
  slug: string;
  reason: string;
  by_name: string;
  at: number;
  state: "open" | "applied" | "cancelled";
  total: number;
}

export const REJUDGINGS = `
  SELECT g.id, g.contest, c.slug, g.reason, u.display_name AS by_name, g.at, g.state, g.total, c.owner
  FROM rejudgings g JOIN contests c ON c.id = g.contest JOIN users u ON u.id = g.by`;

/** The rejudging with this id, for the jury of its contest; to everybody else there is none. */
export async function juryRejudging(env: Env, id: string, user: UserRow): Promise<RejudgingRow> {
  const row = await env.DB.prepare(`${REJUDGINGS} WHERE g.id = ?`)
    .bind(id)
    .first<RejudgingRow & { owner: string }>();
  if (!row || !(await isJuryOf(env, { id: row.contest, owner: row.owner }, user)))
    throw new ApiError("not_found", "There is no such rejudging.");
  return row;
}
