import type { ContestEvent } from "../protocol/contest.ts";
import {
  TeamList,
  type TeamCredentials,
  type TeamListPreview,
  type TeamRow,
  type TeamSheet,
} from "../protocol/team-list.ts";
import { NewTeam } from "../protocol/team.ts";
import {
  credentialsSeedBytes,
  previewTeams,
  teamCredentials,
  type Surroundings,
} from "../rules/team-csv-preview.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import { groupsOf, pokeRoom } from "./contest-log.ts";
import type { ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { requireGroup } from "./groups.ts";
import { ApiError, json, readJson, type Call } from "./http.ts";
import { hashDrawnPassword, hashPassword } from "./password.ts";
import type { UserRow } from "./tables.ts";

/** Teams that an organiser brings: each gets a login of its own, whose password is told once. */

/** How many teams a contest may have where an organiser brings more. */
const MOST_TEAMS = 500;

/** How many faults of a list are told where it is refused; its preview tells all. */
const MOST_FAULTS = 20;

/** POST /api/contests/:slug/teams/preview: what importing the list would do. */
export async function preview(call: Call, user: UserRow): Promise<Response> {
  const contest = await managedContest(call, user);
  const list = await readJson(call.request, TeamList);
  return json(previewTeams(list, await surroundingsOf(call.env, contest)) satisfies TeamListPreview);
}

/** POST /api/contests/:slug/teams/import: all teams of the list or none. */
export async function importList(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const list = await readJson(call.request, TeamList);
  const previewed = previewTeams(list, await surroundingsOf(env, contest));
  if (!previewed.importable) {
    const faults = previewed.problems.filter(({ severity }) => severity === "error");
    throw new ApiError(
      "invalid_request",
      "The list has errors, and no team of it was made.",
      faults.slice(0, MOST_FAULTS).map(({ line, message }) => `line ${line}: ${message}`),
    );
  }
  return json(await imported(env, contest, previewed, user), { status: 201 });
}

/** POST /api/contests/:slug/teams/new: one team by hand, as a list of one. */
export async function add(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const form = await readJson(call.request, NewTeam);
  await requireGroup(env, contest.id, form.group);
  const list: TeamList = {
    text: quoted(form.name),
    choices: { separator: ",", header: false, columns: ["name"] },
  };
  const previewed = previewTeams(list, await surroundingsOf(env, contest));
  const [row] = previewed.rows;
  const { people: members, username, group, organisation, seat, password, email } = form;
  const fault = previewed.problems.find(({ severity }) => severity === "error");
  if (!row || fault)
    throw new ApiError("invalid_request", "The team cannot be made.", [`name: ${fault?.message ?? ""}`]);
  const team = { ...row, members, group, organisation, seat, password, email };
  const rows = [{ ...team, username: username ?? row.username, usernameMade: username === null }];
  return json(await imported(env, contest, { ...previewed, rows }, user), { status: 201 });
}

/** A name as a list of one line, in which nothing separates. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function surroundingsOf(env: Env, { id }: ContestRow): Promise<Surroundings> {
  const [teams, accounts, groups] = await Promise.all([
    env.DB.prepare("SELECT name FROM teams WHERE contest = ?").bind(id).all<{ name: string }>(),
    env.DB.prepare("SELECT username, email FROM users").all<{ username: string; email: string | null }>(),
    groupsOf(env, id),
  ]);
  return {
    teamNames: teams.results.map(({ name }) => name),
    room: Math.max(0, MOST_TEAMS - teams.results.length),
    groups,
    usernames: accounts.results.map(({ username }) => username),
    emails: accounts.results.flatMap(({ email }) => email ?? []),
  };
}

/** Makes the teams of a list without errors. What was taken in between is found by the database, and nothing is made. */
async function imported(
  env: Env,
  contest: ContestRow,
  previewed: TeamListPreview,
  user: UserRow,
): Promise<TeamSheet> {
  const seed = crypto.getRandomValues(new Uint8Array(credentialsSeedBytes(previewed)));
  const teams = teamCredentials(previewed, seed);
  const made = await madeTeams(previewed.rows, teams);
  try {
    await env.DB.batch([
      ...teamsInserted(env, contest.id, made),
      audited(env, user.id, "team.import", contest.slug, { teams: teams.length }, contest.id),
    ]);
  } catch (error) {
    throw takenMeanwhile(error);
  }
  await pokeRoom(env, contest.id);
  return { made: teams.length, teams };
}

function takenMeanwhile(error: unknown): unknown {
  const taken = /UNIQUE constraint failed: (users\.username|users\.email|teams\.)/.exec(
    error instanceof Error ? error.message : "",
  )?.[1];
  if (taken === undefined) return error;
  const what =
    taken === "users.username" ? "username" : taken === "users.email" ? "e-mail address" : "team's name";
  return new ApiError("name_taken", `A ${what} is taken already. No team was made.`);
}

/** A team as the database's statements take it. */
interface MadeTeam extends Omit<TeamRow, "usernameMade" | "password" | "line"> {
  id: string;
  login: string;
  hash: string;
  event: ContestEvent;
}

/** One after the other: each hash takes memory too. */
async function madeTeams(
  rows: readonly TeamRow[],
  credentials: readonly TeamCredentials[],
): Promise<MadeTeam[]> {
  const made: MadeTeam[] = [];
  for (const [at, { line: _, usernameMade: _made, password: given, ...row }] of rows.entries()) {
    const id = crypto.randomUUID();
    const password = credentials[at]?.password ?? "";
    const hash = await (given === null ? hashDrawnPassword : hashPassword)(password);
    const { name, group, organisation } = row;
    const event = { type: "team", team: id, name, group, organisation } as const;
    made.push({ ...row, id, login: crypto.randomUUID(), hash, event });
  }
  return made;
}

/** Logins are accounts without the allowance of those who sign up: one list would otherwise make credits for hundreds. */
function teamsInserted(env: Env, contest: string, made: readonly MadeTeam[]): D1PreparedStatement[] {
  const all = JSON.stringify(made);
  const now = Date.now();
  return [
    env.DB.prepare(
      `INSERT INTO users (id, username, email, display_name, password_hash, role, created_at)
       SELECT value ->> 'login', value ->> 'username', value ->> 'email', value ->> 'name', value ->> 'hash', 'member', ?2
       FROM json_each(?1)`,
    ).bind(all, now),
    env.DB.prepare(
      `INSERT INTO teams (id, contest, name, created_at, team_group, organisation, seat, icpc_id, people, login)
       SELECT value ->> 'id', ?3, value ->> 'name', ?2, value ->> 'group', value ->> 'organisation', value ->> 'seat',
         value ->> 'icpcId', value -> 'members', value ->> 'login'
       FROM json_each(?1)`,
    ).bind(all, now, contest),
    env.DB.prepare(
      `INSERT INTO team_members (contest, user, team)
       SELECT ?2, value ->> 'login', value ->> 'id' FROM json_each(?1)`,
    ).bind(all, contest),
    env.DB.prepare(
      `INSERT INTO contest_events (contest, seq, event, at)
       SELECT ?3, (SELECT COALESCE(MAX(seq), 0) FROM contest_events WHERE contest = ?3) + key + 1, value -> 'event', ?2
       FROM json_each(?1)`,
    ).bind(all, now, contest),
  ];
}
