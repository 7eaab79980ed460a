import { createHash, randomBytes, randomUUID } from "node:crypto";
import { hashPassword, randomPassword } from "../worker/password.ts";
import type { Database } from "./server.ts";

/** A login that was made just now; the password is nowhere else. */
export interface Login {
  username: string;
  password: string;
}

const ADMINISTRATOR = "admin";
const HOUR_MS = 3_600_000;

/**
 * What `npm start` must remember of its own: which things have been made, and shown to somebody. A thing counts as made
 * only once it was printed, so that a start that was interrupted in between makes it again.
 */
export async function prepareInstallation(database: Database): Promise<void> {
  await database
    .prepare("CREATE TABLE IF NOT EXISTS installation (made TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT")
    .run();
}

export async function isMade(database: Database, thing: "administrator" | "demo"): Promise<boolean> {
  return (await database.prepare("SELECT 1 FROM installation WHERE made = ?").bind(thing).first()) !== null;
}

export async function markMade(database: Database, thing: "administrator" | "demo"): Promise<void> {
  await database
    .prepare("INSERT OR IGNORE INTO installation (made, at) VALUES (?, ?)")
    .bind(thing, Date.now())
    .run();
}

/** Makes the administrator, or gives it a new password and ends its sessions. */
export const renewAdministrator = (database: Database): Promise<Login> =>
  renewLogin(database, ADMINISTRATOR, "administrator");

/** Makes an account, or gives the one of that name a new password and the role, and ends its sessions. */
export async function renewLogin(
  database: Database,
  username: string,
  role: "administrator" | "member",
): Promise<Login> {
  const password = randomPassword();
  const hash = await hashPassword(password);
  await database.batch([
    database
      .prepare(
        `INSERT INTO users (id, username, display_name, password_hash, role, created_at) VALUES (?1, ?2, ?2, ?3, ?4, ?5)
         ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash, role = excluded.role`,
      )
      .bind(randomUUID(), username, hash, role, Date.now()),
    database
      .prepare("DELETE FROM sessions WHERE user = (SELECT id FROM users WHERE username = ?)")
      .bind(username),
  ]);
  return { username, password };
}

/** Runs `work` with the cookie of a session of the administrator's, which ends with it. */
export async function asAdministrator<T>(
  database: Database,
  work: (cookie: string) => Promise<T>,
): Promise<T> {
  const token = randomBytes(32).toString("hex");
  const hash = sha256(token);
  const now = Date.now();
  await database
    .prepare(
      `INSERT INTO sessions (token_hash, user, created_at, expires_at)
       SELECT ?, id, ?, ? FROM users WHERE username = ?`,
    )
    .bind(hash, now, now + HOUR_MS, ADMINISTRATOR)
    .run();
  try {
    return await work(`session=${token}`);
  } finally {
    await database.prepare("DELETE FROM sessions WHERE token_hash = ?").bind(hash).run();
  }
}

/** Makes a new token for the embedded judge; the one of the last start is good for nothing from now on. */
export async function renewJudgeToken(database: Database): Promise<string> {
  const token = randomBytes(32).toString("hex");
  await database
    .prepare(
      `INSERT INTO judges (id, name, token_hash, created_at) VALUES ('embedded', 'embedded', ?, ?)
       ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, revoked_at = NULL`,
    )
    .bind(sha256(token), Date.now())
    .run();
  return token;
}

/**
 * Makes a new token for a provider of the administrator's, and the provider where there is none yet. The token of the last
 * start is good for nothing from now on.
 * @returns null where the name is somebody else's
 */
export async function renewDemoProvider(database: Database, id: string): Promise<string | null> {
  const token = `tab-provider-${randomBytes(32).toString("hex")}`;
  const { meta } = await database
    .prepare(
      `INSERT INTO providers (id, owner, token_hash, created_at) SELECT ?, id, ?, ? FROM users WHERE username = ?
       ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, revoked_at = NULL
       WHERE owner = excluded.owner`,
    )
    .bind(id, sha256(token), Date.now(), ADMINISTRATOR)
    .run();
  return meta.changes > 0 ? token : null;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
