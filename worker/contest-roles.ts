import * as v from "valibot";
import { ContestRole } from "../protocol/team.ts";
import type { Env } from "./env.ts";
import { mayChange } from "./problem-rows.ts";
import type { UserRow } from "./tables.ts";

/** What somebody is in a contest besides a member of a team; `owner` for administrators too. */
export type RoleInContest = "owner" | ContestRole;

/**
 * What the user is in the contest; null for nothing. The owner changes it; the jury reads all that the owner reads, judges
 * and answers; spectators are known by name and see what everybody sees.
 */
export async function roleIn(
  env: Env,
  contest: { id: string; owner: string },
  user: UserRow | null,
): Promise<RoleInContest | null> {
  if (user === null) return null;
  const role = await env.DB.prepare("SELECT role FROM contest_roles WHERE contest = ? AND user = ?")
    .bind(contest.id, user.id)
    .first<string>("role");
  return roleFrom(contest, user, role);
}

/** @param role - the one that the database has for the user in this contest */
export function roleFrom(
  contest: { owner: string },
  user: UserRow | null,
  role: string | null,
): RoleInContest | null {
  if (mayChange(user, contest)) return "owner";
  return role === null ? null : v.parse(ContestRole, role);
}

/** Whether somebody in this role sees what the jury sees. */
export const seesAll = (role: RoleInContest | null): boolean => role === "owner" || role === "jury";

/** Whether `user` sees what the contest's jury sees. */
export const isJuryOf = async (
  env: Env,
  contest: { id: string; owner: string },
  user: UserRow | null,
): Promise<boolean> => seesAll(await roleIn(env, contest, user));
