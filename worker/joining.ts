import * as v from "valibot";
import { Join, type JoinView } from "../protocol/team.ts";
import { refusalOf } from "../rules/contest-state-actions.ts";
import { audited } from "./audit.ts";
import { contestsById, type ContestRow } from "./contest-rows.ts";
import { pokeRoom } from "./contest-log.ts";
import type { Env } from "./env.ts";
import { addressOf, ApiError, json, param, rateLimit, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";
import { memberAdded, refusedMember } from "./team-members.ts";
import { teamAdded } from "./teams.ts";

/** Joining by a link: a team that is there, or the contest with a new one. */

interface LinkRow {
  code: string;
  contest: string;
  team: string | null;
  team_name: string | null;
  members: string;
  places_left: number | null;
  revoked_at: number | null;
}

const Names = v.array(v.string());

/** GET /api/join/:code: what the link leads to, and why the reader cannot join, if they cannot. */
export async function show(call: Call, user: UserRow | null): Promise<Response> {
  const { link, contest } = await linkOf(call);
  return json(await joinView(call.env, link, contest, user));
}

/** POST /api/join/:code: joins, and says how things stand then. */
export async function join(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const { link, contest } = await linkOf(call);
  const { name } = await readJson(call.request, Join);
  const { refusal } = await joinView(env, link, contest, user);
  if (refusal !== null) throw new ApiError("contest_refuses", refusal);
  if ((link.team === null) !== (name !== null))
    throw new ApiError("invalid_request", "The request does not fit the link.", [
      link.team === null ? "name: a new team needs a name" : "name: the team has a name already",
    ]);
  try {
    await env.DB.batch([
      placeTaken(env, link),
      ...(link.team === null
        ? teamAdded(env, contest, name ?? "", user)
        : [memberAdded(env, contest.id, link.team, user.id)]),
      audited(env, user.id, "join.use", name ?? link.team_name ?? "", { team: link.team }, contest.id),
    ]);
  } catch (error) {
    if (error instanceof Error && error.message.includes("CHECK constraint failed"))
      throw new ApiError("contest_refuses", "The last place of this link was taken, or it was revoked.");
    throw refusedMember(error);
  }
  if (link.team === null) await pokeRoom(env, contest.id);
  const after = await linkOf(call);
  return json(await joinView(env, after.link, after.contest, user), { status: 201 });
}

/** The statement by which a link gives one of its places; the table's check aborts the batch where there is none. */
const placeTaken = (env: Env, { code }: LinkRow): D1PreparedStatement =>
  env.DB.prepare(
    "UPDATE join_links SET places_left = CASE WHEN revoked_at IS NULL THEN places_left - 1 ELSE -1 END WHERE code = ?",
  ).bind(code);

/** The link of the call's `:code`, whether it still holds or not. Who guesses codes is slowed down. */
async function linkOf(call: Call): Promise<{ link: LinkRow; contest: ContestRow }> {
  const { env, request } = call;
  await rateLimit(env.ADDRESS_LIMIT, `join ${addressOf(request)}`);
  const link = await env.DB.prepare(
    `SELECT k.*, t.name AS team_name, (SELECT json_group_array(u.display_name) FROM team_members m
       JOIN users u ON u.id = m.user WHERE m.team = k.team) AS members
     FROM join_links k LEFT JOIN teams t ON t.id = k.team WHERE k.code = ?`,
  )
    .bind(param(call, "code").toLowerCase())
    .first<LinkRow>();
  const contest = link && (await contestsById(env, [link.contest])).get(link.contest);
  if (!link || !contest) throw new ApiError("not_found", "There is no such link to join by.");
  return { link, contest };
}

async function joinView(
  env: Env,
  link: LinkRow,
  contest: ContestRow,
  user: UserRow | null,
): Promise<JoinView> {
  const own = await env.DB.prepare(
    "SELECT t.name FROM team_members m JOIN teams t ON t.id = m.team WHERE m.contest = ? AND m.user = ?",
  )
    .bind(contest.id, user?.id ?? null)
    .first<string>("name");
  const members = v.parse(Names, JSON.parse(link.members));
  return {
    contest: { slug: contest.slug, name: contest.name },
    team: link.team === null ? null : { name: link.team_name ?? "", members },
    refusal:
      own === null ? await refusalFor(env, link, contest, user) : `You are in the team ${own} already.`,
    own,
  };
}

/** Why nobody, or not this user, joins by the link now; null for no reason. */
async function refusalFor(
  env: Env,
  link: LinkRow,
  contest: ContestRow,
  user: UserRow | null,
): Promise<string | null> {
  if (link.revoked_at !== null) return "This link was revoked. Ask for a new one.";
  if (link.places_left === 0) return "All places of this link are taken.";
  const closed = refusalOf(contest.timed, "register", Date.now(), null);
  if (closed !== null || user === null) return closed;
  const bound = await env.DB.prepare(
    `SELECT EXISTS (SELECT 1 FROM teams WHERE login = ?2) AS login,
       EXISTS (SELECT 1 FROM contest_roles WHERE contest = ?1 AND user = ?2 AND role = 'jury') AS jury`,
  )
    .bind(contest.id, user.id)
    .first<{ login: number; jury: number }>();
  if (bound?.login) return "This account was made for one team, and takes part for no other.";
  return bound?.jury ? "You are on the contest's jury and cannot take part." : null;
}
