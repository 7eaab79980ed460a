import type { BoardGroup } from "../protocol/contest.ts";
import { GroupsForm, type GroupList } from "../protocol/team.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import { groupsOf, pokeRoom } from "./contest-log.ts";
import type { Env } from "./env.ts";
import { ApiError, json, readJson, type Call } from "./http.ts";
import { groupViews } from "./team-rows.ts";
import type { UserRow } from "./tables.ts";

/** PUT /api/contests/:slug/groups: all groups again. One that has teams cannot be left out. */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const form = await readJson(call.request, GroupsForm);
  await refuseForeign(env, contest.id, form);
  const groups = form.groups.map(({ id, name }) => ({ id: id ?? crypto.randomUUID(), name }));
  try {
    await env.DB.batch([
      // Fences whoever has read the groups to write them into an event with something else.
      env.DB.prepare("UPDATE contests SET version = version + 1 WHERE id = ?").bind(contest.id),
      ...groupsKept(env, contest.id, groups),
      appendedGroups(env, contest.id, groups),
      audited(env, user.id, "contest.groups", contest.slug, { groups: namesOf(groups) }, contest.id),
    ]);
  } catch (error) {
    if (!isStillUsed(error)) throw error;
    throw new ApiError("invalid_request", "A group that has teams cannot be removed.", [
      "groups: give its teams another group first",
    ]);
  }
  await pokeRoom(env, contest.id);
  return json({ groups: await groupViews(env, contest.id) } satisfies GroupList);
}

const namesOf = (groups: readonly BoardGroup[]): string => groups.map(({ name }) => name).join(", ");

const isStillUsed = (error: unknown): boolean =>
  error instanceof Error && error.message.includes("FOREIGN KEY constraint failed");

/** Refuses a group that is none of the contest's; null is no group. */
export async function requireGroup(env: Env, contest: string, group: string | null): Promise<void> {
  if (group === null) return;
  const groups = await groupsOf(env, contest);
  if (!groups.some(({ id }) => id === group))
    throw new ApiError("invalid_request", "The team cannot be in this group.", [
      "group: the contest has no such group",
    ]);
}

async function refuseForeign(env: Env, contest: string, { groups }: GroupsForm): Promise<void> {
  const known = new Set((await groupsOf(env, contest)).map(({ id }) => id));
  const foreign = groups.filter(({ id }) => id !== null && !known.has(id));
  if (foreign.length > 0)
    throw new ApiError(
      "invalid_request",
      "The groups cannot be changed.",
      foreign.map(({ name }) => `groups: "${name}" is no group of this contest any more`),
    );
}

/** The statements that give a contest these groups, and no others. Names may be swapped: on the way each is called by its id. */
function groupsKept(env: Env, contest: string, groups: readonly BoardGroup[]): D1PreparedStatement[] {
  const all = JSON.stringify(groups);
  return [
    env.DB.prepare("UPDATE contest_groups SET name = id WHERE contest = ?").bind(contest),
    env.DB.prepare(
      `DELETE FROM contest_groups WHERE contest = ?1
       AND id NOT IN (SELECT value ->> 'id' FROM json_each(?2))`,
    ).bind(contest, all),
    env.DB.prepare(
      `INSERT INTO contest_groups (id, contest, name, position)
       SELECT value ->> 'id', ?1, value ->> 'name', key FROM json_each(?2) WHERE true
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, position = excluded.position`,
    ).bind(contest, all),
  ];
}

/** The statement that appends the latest `contest` event once more, with these groups. */
function appendedGroups(env: Env, contest: string, groups: readonly BoardGroup[]): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO contest_events (contest, seq, event, at)
     SELECT ?1, (SELECT MAX(seq) FROM contest_events WHERE contest = ?1) + 1,
       json_set(event, '$.groups', json(?2)), ?3
     FROM contest_events WHERE contest = ?1 AND event ->> 'type' = 'contest' ORDER BY seq DESC LIMIT 1`,
  ).bind(contest, JSON.stringify(groups), Date.now());
}
