import { AddMember, type TeamView } from "../protocol/team.ts";
import { statusAt } from "../rules/contest-state.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import { appended, pokeRoom } from "./contest-log.ts";
import { contestBySlug, isUnique } from "./contest-rows.ts";
import { contestView } from "./contests.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";
import { teamOf, teamViews } from "./team-rows.ts";

/** Who takes part for which team: one team of a contest at most, and none for its jury. */

/** The statement by which an account takes part for a team. Give what its batch throws to `refusedMember`. */
export function memberAdded(env: Env, contest: string, team: string, user: string): D1PreparedStatement {
  return env.DB.prepare("INSERT INTO team_members (contest, user, team) VALUES (?, ?, ?)").bind(
    contest,
    user,
    team,
  );
}

/** What is told of a batch with `memberAdded` that failed: a refusal where the cause is known, else the error itself. */
export function refusedMember(error: unknown): unknown {
  const message = error instanceof Error ? error.message : "";
  if (isUnique(error, "team_members"))
    return new ApiError("name_taken", "This account is in a team of this contest already.");
  if (isUnique(error, "teams"))
    return new ApiError("name_taken", "Another team of this contest has this name.");
  if (message.includes("the login of a team belongs to that team alone"))
    return new ApiError(
      "contest_refuses",
      "This account was made for one team, and takes part for no other.",
    );
  if (message.includes("a member of the jury cannot take part"))
    return new ApiError("contest_refuses", "This account is on the contest's jury and cannot take part.");
  return error;
}

/** POST /api/contests/:slug/teams/:team/members */
export async function add(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const team = await teamOf(env, contest.id, param(call, "team"));
  const { username } = await readJson(call.request, AddMember);
  const account = await accountNamed(env, username);
  try {
    await env.DB.batch([
      memberAdded(env, contest.id, team.id, account.id),
      audited(env, user.id, "team.member", team.id, { name: team.name, added: account.username }, contest.id),
    ]);
  } catch (error) {
    throw refusedMember(error);
  }
  return json(await teamView(env, contest.id, team.id));
}

/** DELETE /api/contests/:slug/teams/:team/members/:username. What the account has submitted stays the team's. */
export async function remove(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const team = await teamOf(env, contest.id, param(call, "team"));
  const account = await accountNamed(env, param(call, "username"));
  if (account.id === team.login)
    throw new ApiError("contest_refuses", "This account was made for the team and stays in it.");
  const data = { name: team.name, removed: account.username };
  const [removed] = await env.DB.batch([
    env.DB.prepare("DELETE FROM team_members WHERE team = ? AND user = ?").bind(team.id, account.id),
    audited(env, user.id, "team.member", team.id, data, contest.id),
  ]);
  if (removed?.meta.changes === 0)
    throw new ApiError("not_found", `${account.username} is not in this team.`);
  return json(await teamView(env, contest.id, team.id));
}

/** DELETE /api/contests/:slug/teams/mine: leaves before the start; the last one takes the team along. */
export async function leave(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const id = await env.DB.prepare("SELECT team FROM team_members WHERE contest = ? AND user = ?")
    .bind(contest.id, user.id)
    .first<string>("team");
  if (id === null) throw new ApiError("not_registered", "You are in no team of this contest.");
  if (statusAt(contest.timed, Date.now()).state !== "scheduled")
    throw new ApiError("contest_refuses", "The contest has started: nobody leaves a team any more.");
  const team = await teamOf(env, contest.id, id);
  if (team.login === user.id)
    throw new ApiError("contest_refuses", "This account was made for the team and stays in it.");
  const others = await env.DB.prepare("SELECT COUNT(*) AS n FROM team_members WHERE team = ? AND user <> ?")
    .bind(id, user.id)
    .first<number>("n");
  try {
    await env.DB.batch([
      env.DB.prepare("DELETE FROM team_members WHERE team = ? AND user = ?").bind(id, user.id),
      ...(others === 0 ? teamRemoved(env, contest.id, id) : []),
      audited(env, user.id, "team.leave", id, { name: team.name }, contest.id),
    ]);
  } catch (error) {
    throw refusedRemoval(error);
  }
  if (others === 0) await pokeRoom(env, contest.id);
  return json(await contestView(env, contest.slug, user));
}

/** The statements that take a team out of a contest. Give what their batch throws to `refusedRemoval`. */
export const teamRemoved = (env: Env, contest: string, team: string): D1PreparedStatement[] => [
  env.DB.prepare("DELETE FROM teams WHERE id = ?").bind(team),
  appended(env, contest, { type: "team_removed", team }),
];

/**
 * What is told of a batch with `teamRemoved` that failed. That submissions stand against it is found by the database, so that
 * none comes in between.
 */
export function refusedRemoval(error: unknown): unknown {
  if (!(error instanceof Error && error.message.includes("FOREIGN KEY constraint failed"))) return error;
  return new ApiError(
    "contest_refuses",
    "This team has submitted something already, and so cannot be removed.",
  );
}

/** The team as those who manage its contest see it. */
export async function teamView(env: Env, contest: string, team: string): Promise<TeamView> {
  const [view] = await teamViews(env, contest, true, team);
  if (!view) throw new ApiError("not_found", "This contest has no such team.");
  return view;
}

/** @throws ApiError `not_found` where nobody has this username */
export async function accountNamed(env: Env, username: string): Promise<{ id: string; username: string }> {
  const row = await env.DB.prepare("SELECT id, username FROM users WHERE username = ?")
    .bind(username)
    .first<{ id: string; username: string }>();
  if (!row) throw new ApiError("not_found", `There is no account "${username.slice(0, 40)}".`);
  return row;
}
