import * as v from "valibot";
import { ContestRole, GiveRole, type RoleView } from "../protocol/team.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";
import { accountNamed } from "./team-members.ts";

/** Everybody who has a role in a contest, by username. */
export async function holdersOf(env: Env, contest: string): Promise<RoleView[]> {
  const { results } = await env.DB.prepare(
    `SELECT u.username, u.display_name, r.role FROM contest_roles r JOIN users u ON u.id = r.user
     WHERE r.contest = ? ORDER BY u.username`,
  )
    .bind(contest)
    .all<{ username: string; display_name: string; role: string }>();
  return results.map(({ username, display_name: displayName, role }) => ({
    username,
    displayName,
    role: v.parse(ContestRole, role),
  }));
}

/** PUT /api/contests/:slug/roles/:username: gives a role, in the place of the one before. Answers with all roles. */
export async function give(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const { role } = await readJson(call.request, GiveRole);
  const account = await accountNamed(env, param(call, "username"));
  if (account.id === contest.owner)
    throw new ApiError("contest_refuses", "The contest's owner needs no role in it.");
  try {
    await env.DB.batch([
      env.DB.prepare("INSERT OR REPLACE INTO contest_roles (contest, user, role) VALUES (?, ?, ?)").bind(
        contest.id,
        account.id,
        role,
      ),
      audited(env, user.id, "contest.role", account.username, { role }, contest.id),
    ]);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("a member of a team cannot be on the jury")))
      throw error;
    throw new ApiError(
      "contest_refuses",
      `${account.username} is in a team of this contest and cannot be on its jury.`,
    );
  }
  return json({ roles: await holdersOf(env, contest.id) });
}

/** DELETE /api/contests/:slug/roles/:username. Answers with all roles. */
export async function take(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const account = await accountNamed(env, param(call, "username"));
  await env.DB.batch([
    env.DB.prepare("DELETE FROM contest_roles WHERE contest = ? AND user = ?").bind(contest.id, account.id),
    audited(env, user.id, "contest.role", account.username, { role: null }, contest.id),
  ]);
  return json({ roles: await holdersOf(env, contest.id) });
}
