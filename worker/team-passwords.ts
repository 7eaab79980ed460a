import type { TeamSheet } from "../protocol/team-list.ts";
import { PASSWORD_SEED_BYTES, passwordFrom } from "../rules/team-csv-passwords.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { hashDrawnPassword } from "./password.ts";
import { passwordSet } from "./sessions.ts";
import type { UserRow } from "./tables.ts";
import { teamOf } from "./team-rows.ts";

/**
 * POST /api/contests/:slug/teams/:team/password: a new password for the team's login, which signs it out everywhere. The
 * answer is the team's line of the sheet, the only time that the password is shown.
 */
export async function renew(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const team = await teamOf(env, contest.id, param(call, "team"));
  const login = await env.DB.prepare("SELECT id, username, email FROM users WHERE id = ?")
    .bind(team.login)
    .first<{ id: string; username: string; email: string | null }>();
  if (!login)
    throw new ApiError(
      "contest_refuses",
      "This team has no login of its own: its members' passwords are theirs.",
    );
  const password = drawnPassword();
  await env.DB.batch([
    ...passwordSet(env, login.id, await hashDrawnPassword(password)),
    audited(env, user.id, "team.password", team.id, { name: team.name }, contest.id),
  ]);
  const { username, email } = login;
  const sheet: TeamSheet = {
    made: 1,
    teams: [{ name: team.name, username, password, email, seat: team.seat }],
  };
  return json(sheet);
}

/** 60 random bits to be read and typed by people: a team's password, or the code of a link. */
export function drawnPassword(): string {
  return passwordFrom(crypto.getRandomValues(new Uint8Array(PASSWORD_SEED_BYTES)));
}
