import { RegisterTeam } from "../protocol/contest.ts";
import { TeamChange, type RoleView, type TeamsView } from "../protocol/team.ts";
import { refusalOf } from "../rules/contest-state-actions.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import { appended, pokeRoom } from "./contest-log.ts";
import { contestBySlug, isUnique, type ContestRow } from "./contest-rows.ts";
import { roleIn } from "./contest-roles.ts";
import { contestView } from "./contests.ts";
import { randomToken } from "./digest.ts";
import type { Env } from "./env.ts";
import { requireGroup } from "./groups.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { juryContest } from "./jury-access.ts";
import { hashDrawnPassword } from "./password.ts";
import { holdersOf } from "./role-holders.ts";
import { passwordSet } from "./sessions.ts";
import type { UserRow } from "./tables.ts";
import { memberAdded, refusedMember, refusedRemoval, teamRemoved, teamView } from "./team-members.ts";
import { contestLink, groupViews, teamEvent, teamOf, teamViews, type TeamRow } from "./team-rows.ts";

/** The teams of a contest: how they come by themselves, what the jury sees of them and what their manager does with them. */

/** POST /api/contests/:slug/teams: one team for each account. */
export async function register(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const { name } = await readJson(call.request, RegisterTeam);
  const refusal = refusalOf(contest.timed, "register", Date.now(), null);
  if (refusal !== null) throw new ApiError("contest_not_running", refusal);
  try {
    await env.DB.batch(teamAdded(env, contest, name, user));
  } catch (error) {
    throw refusedMember(error);
  }
  await pokeRoom(env, contest.id);
  return json(await contestView(env, contest.slug, user), { status: 201 });
}

/** The statements by which an account comes with a new team of its own. Give what their batch throws to `refusedMember`. */
export function teamAdded(env: Env, contest: ContestRow, name: string, user: UserRow): D1PreparedStatement[] {
  const id = crypto.randomUUID();
  return [
    env.DB.prepare("INSERT INTO teams (id, contest, name, created_at) VALUES (?, ?, ?, ?)").bind(
      id,
      contest.id,
      name,
      Date.now(),
    ),
    memberAdded(env, contest.id, id, user.id),
    appended(env, contest.id, teamEvent({ id, name, team_group: null, organisation: null })),
  ];
}

/** GET /api/contests/:slug/teams, for the jury. Links and roles are shown to those who manage the contest only. */
export async function list(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await juryContest(call, user);
  const manages = (await roleIn(env, contest, user)) === "owner";
  const none: Promise<RoleView[]> = Promise.resolve([]);
  const [groups, teams, roles, link] = await Promise.all([
    groupViews(env, contest.id),
    teamViews(env, contest.id, manages),
    manages ? holdersOf(env, contest.id) : none,
    manages ? contestLink(env, contest.id) : null,
  ]);
  const { slug, name } = contest;
  return json({ contest: { slug, name }, manages, groups, teams, roles, link } satisfies TeamsView);
}

/** PUT /api/contests/:slug/teams/:team: its name, group, organisation and seat. */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const before = await teamOf(env, contest.id, param(call, "team"));
  const { name, group, organisation, seat } = await readJson(call.request, TeamChange);
  await requireGroup(env, contest.id, group);
  try {
    await env.DB.batch([
      env.DB.prepare(
        "UPDATE teams SET name = ?, team_group = ?, organisation = ?, seat = ? WHERE id = ?",
      ).bind(name, group, organisation, seat, before.id),
      appended(env, contest.id, teamEvent({ id: before.id, name, team_group: group, organisation })),
      audited(
        env,
        user.id,
        "team.change",
        before.id,
        { from: before.name, name, group, organisation },
        contest.id,
      ),
    ]);
  } catch (error) {
    throw isUnique(error, "teams")
      ? new ApiError("name_taken", "Another team of this contest has this name.")
      : error;
  }
  await pokeRoom(env, contest.id);
  return json(await teamView(env, contest.id, before.id));
}

/** DELETE /api/contests/:slug/teams/:team: takes out a team that nothing has come of. */
export async function remove(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const team = await teamOf(env, contest.id, param(call, "team"));
  try {
    await env.DB.batch([
      ...teamRemoved(env, contest.id, team.id),
      ...(await loginRetired(env, team)),
      audited(env, user.id, "team.remove", team.id, { name: team.name }, contest.id),
    ]);
  } catch (error) {
    throw refusedRemoval(error);
  }
  await pokeRoom(env, contest.id);
  return json({ removed: team.id });
}

/** The statements after which a team's login signs nobody in, and its username and address are free for others. */
async function loginRetired(env: Env, { login }: TeamRow): Promise<D1PreparedStatement[]> {
  if (login === null) return [];
  return [
    ...passwordSet(env, login, await hashDrawnPassword(randomToken())),
    env.DB.prepare(
      "UPDATE users SET username = 'gone-' || substr(id, 1, 23), email = NULL WHERE id = ?",
    ).bind(login),
  ];
}
