import * as v from "valibot";
import type { Account, AccountList, NewPassword } from "../protocol/account.ts";
import { ChangeAccount, Role, SignUp } from "../protocol/account.ts";
import { parseCredits } from "../protocol/money.ts";
import { audited } from "./audit.ts";
import type { Env } from "./env.ts";
import { addressOf, ApiError, json, param, rateLimit, readJson, type Call } from "./http.ts";
import { allowance } from "./ledger.ts";
import { hashPassword, randomPassword } from "./password.ts";
import { setPassword, startSession } from "./sessions.ts";
import { tables, type UserRow } from "./tables.ts";

export function accountOf(row: UserRow): Account {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    email: row.email ?? null,
    role: v.parse(Role, row.role),
    createdAt: row.created_at,
  };
}

/** POST /api/accounts: anybody may sign up as a member, and is signed in at once. */
export async function signUp(call: Call): Promise<Response> {
  const form = await readJson(call.request, SignUp);
  await rateLimit(call.env.ADDRESS_LIMIT, addressOf(call.request));
  const row: UserRow = {
    id: crypto.randomUUID(),
    username: form.username,
    email: form.email ?? null,
    display_name: form.displayName ?? form.username,
    password_hash: await hashPassword(form.password),
    role: "member",
    created_at: Date.now(),
  };
  await addAccount(call.env, row);
  return startSession(call, row, 201);
}

/** The account and its allowance, both or neither. */
async function addAccount(env: Env, row: UserRow): Promise<void> {
  const allowanceNano = parseCredits(env.ALLOWANCE_CREDITS);
  try {
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO users (id, username, email, display_name, password_hash, role, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ).bind(row.id, row.username, row.email, row.display_name, row.password_hash, row.role, row.created_at),
      ...allowance(env, row.id, allowanceNano),
    ]);
  } catch (error) {
    // Found by the unique index and not by reading first: two sign-ups at once must not both succeed.
    if (!(error instanceof Error && error.message.includes("UNIQUE constraint failed: users."))) throw error;
    throw new ApiError("name_taken", "This username or e-mail address already has an account.");
  }
}

/** GET /api/accounts, for administrators. */
export async function list(call: Call): Promise<Response> {
  const { results } = await tables(call.env.DB).users.All({ orderBy: "username" });
  return json({ accounts: (results ?? []).map(accountOf) } satisfies AccountList);
}

/** PATCH /api/accounts/:id: an administrator changes a role. */
export async function change(call: Call, administrator: UserRow): Promise<Response> {
  const { role } = await readJson(call.request, ChangeAccount);
  const user = await account(call.env, param(call, "id"));
  if (user.id === administrator.id) {
    throw new ApiError(
      "forbidden",
      "Nobody can change their own role, so that an administrator always remains.",
    );
  }
  await call.env.DB.batch([
    call.env.DB.prepare("UPDATE users SET role = ? WHERE id = ?").bind(role, user.id),
    audited(call.env, administrator.id, "account.role", user.id, { from: user.role, to: role }),
  ]);
  return json(accountOf({ ...user, role }));
}

/** POST /api/accounts/:id/password: an administrator resets a password; it is shown in the answer and nowhere else. */
export async function resetPassword(call: Call, administrator: UserRow): Promise<Response> {
  const user = await account(call.env, param(call, "id"));
  const password = randomPassword();
  await setPassword(call.env, user.id, password);
  await audited(call.env, administrator.id, "account.password", user.id, {}).run();
  return json({ password } satisfies NewPassword);
}

async function account(env: Env, id: string): Promise<UserRow> {
  const user = await tables(env.DB).users.First({ where: { id } });
  if (!user) throw new ApiError("not_found", "There is no such account.");
  return user;
}
