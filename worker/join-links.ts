import { NewLink, type JoinLink } from "../protocol/team.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import type { Env } from "./env.ts";
import { json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";
import { drawnPassword } from "./team-passwords.ts";
import { teamOf } from "./team-rows.ts";

/** The links of a contest, made and revoked by who manages it. What they lead to is in joining.ts. */

/** What a link is of: a contest, to which it brings new teams, or one of its teams. */
interface Aim {
  contest: string;
  team: string | null;
  /** How the audit log calls it. */
  name: string;
}

/** The aim that the call's path names. */
async function aimOf(call: Call, user: UserRow): Promise<Aim> {
  const contest = await managedContest(call, user);
  if (call.params["team"] === undefined) return { contest: contest.id, team: null, name: contest.slug };
  const { id, name } = await teamOf(call.env, contest.id, param(call, "team"));
  return { contest: contest.id, team: id, name };
}

/** POST /api/contests/:slug/join and …/teams/:team/join: a new link, which takes the place of the one before. */
export async function create(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const aim = await aimOf(call, user);
  const { places } = await readJson(call.request, NewLink);
  const code = drawnPassword();
  await env.DB.batch([
    revoked(env, aim),
    env.DB.prepare(
      "INSERT INTO join_links (code, contest, team, places_left, created_at) VALUES (?, ?, ?, ?, ?)",
    ).bind(code, aim.contest, aim.team, places, Date.now()),
    audited(env, user.id, "join.create", aim.name, { places }, aim.contest),
  ]);
  return json({ code, placesLeft: places } satisfies JoinLink, { status: 201 });
}

/** DELETE /api/contests/:slug/join and …/teams/:team/join */
export async function revoke(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const aim = await aimOf(call, user);
  await env.DB.batch([revoked(env, aim), audited(env, user.id, "join.revoke", aim.name, {}, aim.contest)]);
  return json({ revoked: true });
}

const revoked = (env: Env, { contest, team }: Aim): D1PreparedStatement =>
  env.DB.prepare(
    "UPDATE join_links SET revoked_at = ? WHERE contest = ? AND team IS ? AND revoked_at IS NULL",
  ).bind(Date.now(), contest, team);
