import type { Env } from "./env.ts";

/**
 * The statement that notes who did what; run it in the same batch as the act itself.
 * `actor` is a user id, `action` is `noun.verb`, `data` must hold no secret; `contest` is the id of the contest whose
 * jury is to read of it.
 */
export function audited(
  env: Env,
  actor: string,
  action: string,
  subject: string,
  data: Readonly<Record<string, string | number | null>>,
  contest: string | null = null,
): D1PreparedStatement {
  return env.DB.prepare(
    "INSERT INTO audit_log (at, actor, action, subject, data, contest) VALUES (?, ?, ?, ?, ?, ?)",
  ).bind(Date.now(), actor, action, subject, JSON.stringify(data), contest);
}
