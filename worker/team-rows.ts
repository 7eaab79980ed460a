import * as v from "valibot";
import type { ContestEvent } from "../protocol/contest.ts";
import { TeamMember, type GroupView, type JoinLink, type TeamView } from "../protocol/team.ts";
import type { Env } from "./env.ts";
import { ApiError } from "./http.ts";

/** A team's row in the database. */
export interface TeamRow {
  id: string;
  contest: string;
  name: string;
  team_group: string | null;
  organisation: string | null;
  seat: string | null;
  icpc_id: string | null;
  people: string;
  /** The id of the account that was made for it. */
  login: string | null;
}

/** @throws ApiError `not_found` where the contest has no team with this id */
export async function teamOf(env: Env, contest: string, id: string): Promise<TeamRow> {
  const row = await env.DB.prepare("SELECT * FROM teams WHERE id = ? AND contest = ?")
    .bind(id, contest)
    .first<TeamRow>();
  if (!row) throw new ApiError("not_found", "This contest has no such team.");
  return row;
}

/** What the log says of a team that comes or is called otherwise. */
export function teamEvent(
  team: Pick<TeamRow, "id" | "name" | "team_group" | "organisation">,
): Extract<ContestEvent, { type: "team" }> {
  const { id, name, team_group: group, organisation } = team;
  return { type: "team", team: id, name, group, organisation };
}

const Members = v.array(TeamMember);
const People = v.array(v.string());

interface TeamDetailRow extends TeamRow {
  login_name: string | null;
  members: string;
  signed_in_at: number | null;
  submissions: number;
  code: string | null;
  places_left: number | null;
}

const DETAILS = `
  SELECT t.*, l.username AS login_name, k.code, k.places_left,
    (SELECT json_group_array(json_object('username', u.username, 'displayName', u.display_name))
      FROM team_members m JOIN users u ON u.id = m.user WHERE m.team = t.id) AS members,
    (SELECT MAX(s.created_at) FROM team_members m JOIN sessions s ON s.user = m.user WHERE m.team = t.id)
      AS signed_in_at,
    (SELECT COUNT(*) FROM submissions s WHERE s.team = t.id) AS submissions
  FROM teams t LEFT JOIN users l ON l.id = t.login
  LEFT JOIN join_links k ON k.team = t.id AND k.revoked_at IS NULL`;

/**
 * All teams of a contest by name, or the one with this id.
 *
 * @param withLinks - whether the reader may have the links by which people join
 */
export async function teamViews(
  env: Env,
  contest: string,
  withLinks: boolean,
  id: string | null = null,
): Promise<TeamView[]> {
  const { results } = await env.DB.prepare(
    `${DETAILS} WHERE t.contest = ?1 AND (?2 IS NULL OR t.id = ?2) ORDER BY t.name COLLATE NOCASE, t.id`,
  )
    .bind(contest, id)
    .all<TeamDetailRow>();
  return results.map((row) => ({
    id: row.id,
    name: row.name,
    group: row.team_group,
    organisation: row.organisation,
    seat: row.seat,
    icpcId: row.icpc_id,
    people: v.parse(People, JSON.parse(row.people)),
    login: row.login_name,
    members: v.parse(Members, JSON.parse(row.members)),
    signedInAt: row.signed_in_at,
    submissions: row.submissions,
    link: withLinks && row.code !== null ? { code: row.code, placesLeft: row.places_left } : null,
  }));
}

/** The groups of a contest in their order, with how many teams are in each. */
export async function groupViews(env: Env, contest: string): Promise<GroupView[]> {
  const { results } = await env.DB.prepare(
    `SELECT g.id, g.name, (SELECT COUNT(*) FROM teams t WHERE t.team_group = g.id) AS teams
     FROM contest_groups g WHERE g.contest = ? ORDER BY g.position`,
  )
    .bind(contest)
    .all<GroupView>();
  return results;
}

/** The contest's own link, by which new teams come; null for none. */
export async function contestLink(env: Env, contest: string): Promise<JoinLink | null> {
  const row = await env.DB.prepare(
    "SELECT code, places_left FROM join_links WHERE contest = ? AND team IS NULL AND revoked_at IS NULL",
  )
    .bind(contest)
    .first<{ code: string; places_left: number | null }>();
  return row && { code: row.code, placesLeft: row.places_left };
}
