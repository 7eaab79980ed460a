import type { SessionView } from "../protocol/account.ts";
import { ChangePassword, SignIn } from "../protocol/account.ts";
import { accountOf } from "./accounts.ts";
import { randomToken, sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import { addressOf, ApiError, json, rateLimit, readJson, type Call } from "./http.ts";
import { hashPassword, isCheap, verifyPassword } from "./password.ts";
import { tables, type UserRow } from "./tables.ts";

const COOKIE = "session";
// Long enough that no contest, however long, signs a team out in its middle.
const SESSION_MS = 30 * 24 * 3600 * 1000;
// That of a team: its contest may be set later, paused or lengthened after the team has signed in. As long as browsers keep a
// cookie at most (RFC 6265bis, section 5.5).
const TEAM_SESSION_MS = 400 * 24 * 3600 * 1000;

/** The account of the request's session cookie, or null. */
export async function signedInUser(call: Call): Promise<UserRow | null> {
  const token = cookieOf(call.request);
  if (!token) return null;
  return call.env.DB.prepare(
    `SELECT users.* FROM sessions JOIN users ON users.id = sessions.user
     WHERE sessions.token_hash = ? AND sessions.expires_at > ?`,
  )
    .bind(await sha256(token), Date.now())
    .first<UserRow>();
}

/** GET /api/session */
export async function show(call: Call): Promise<Response> {
  const user = await signedInUser(call);
  return json({ account: user && accountOf(user), now: Date.now() } satisfies SessionView);
}

/** POST /api/session */
export async function signIn(call: Call): Promise<Response> {
  const { login, password } = await readJson(call.request, SignIn);
  await rateLimit(call.env.ADDRESS_LIMIT, addressOf(call.request));
  await limitGuesses(call, login);
  const user = await call.env.DB.prepare("SELECT * FROM users WHERE username = ?1 OR email = ?1")
    .bind(login.trim())
    .first<UserRow>();
  // An unknown name costs the same work as a wrong password, so that the answer's time does not tell them apart.
  const matches = await verifyPassword(password, user?.password_hash ?? (await decoyHash()));
  if (!matches && user && isCheap(user.password_hash)) await verifyPassword(password, await decoyHash());
  if (!user || !matches) throw new ApiError("wrong_credentials", "The name or the password is wrong.");
  return startSession(call, user);
}

/** By address first, so that guessing from one place does not lock the account's owner out at another. */
async function limitGuesses({ env, request }: Call, login: string): Promise<void> {
  const name = login.trim().toLowerCase();
  await rateLimit(env.SIGN_IN_LIMIT, `${name} ${addressOf(request)}`);
  await rateLimit(env.LOGIN_LIMIT, name);
}

/** DELETE /api/session */
export async function signOut(call: Call): Promise<Response> {
  const token = cookieOf(call.request);
  if (token) await tables(call.env.DB).sessions.Delete({ where: { token_hash: await sha256(token) } });
  const body: SessionView = { account: null, now: Date.now() };
  return json(body, { headers: { "set-cookie": cookie(call.url, "", 0) } });
}

/** POST /api/session/password: changes the password and ends every other session of the account. */
export async function changePassword(call: Call, user: UserRow): Promise<Response> {
  const { current, password } = await readJson(call.request, ChangePassword);
  await limitGuesses(call, user.username);
  if (!(await verifyPassword(current, user.password_hash))) {
    throw new ApiError("wrong_credentials", "The current password is wrong.");
  }
  await setPassword(call.env, user.id, password);
  return startSession(call, user);
}

/** Stores a new password and ends all sessions of the account. */
export async function setPassword(env: Env, user: string, password: string): Promise<void> {
  await env.DB.batch(passwordSet(env, user, await hashPassword(password)));
}

/** The statements that store a new password's hash and end all sessions of the account. */
export function passwordSet(env: Env, user: string, hash: string): D1PreparedStatement[] {
  return [
    env.DB.prepare("UPDATE users SET password_hash = ? WHERE id = ?").bind(hash, user),
    env.DB.prepare("DELETE FROM sessions WHERE user = ?").bind(user),
  ];
}

/** Signs `user` in and answers with the session and its cookie. */
export async function startSession(call: Call, user: UserRow, status = 200): Promise<Response> {
  const token = randomToken();
  const now = Date.now();
  const lengthMs = await sessionLength(call.env, user);
  await tables(call.env.DB).sessions.InsertOne({
    token_hash: await sha256(token),
    user: user.id,
    created_at: now,
    expires_at: now + lengthMs,
  });
  const body: SessionView = { account: accountOf(user), now };
  return json(body, { status, headers: { "set-cookie": cookie(call.url, token, lengthMs / 1000) } });
}

async function sessionLength(env: Env, user: UserRow): Promise<number> {
  const team = await env.DB.prepare("SELECT id FROM teams WHERE login = ?").bind(user.id).first("id");
  return team === null ? SESSION_MS : TEAM_SESSION_MS;
}

function cookie(url: URL, token: string, maxAgeSeconds: number): string {
  const secure = url.protocol === "https:" ? "; Secure" : "";
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`;
}

function cookieOf(request: Request): string | null {
  const found = /(?:^|;\s*)session=([0-9a-f]{64})(?:;|$)/.exec(request.headers.get("cookie") ?? "");
  return found?.[1] ?? null;
}

let decoy: Promise<string> | undefined;
const decoyHash = (): Promise<string> => (decoy ??= hashPassword(randomToken()));
