import type { Env } from "../env.ts";

/** Which of these judges may be given work: neither paused nor revoked. */
export async function permissions(env: Env, judges: readonly string[]): Promise<Set<string>> {
  if (judges.length === 0) return new Set();
  const { results } = await env.DB.prepare(
    `SELECT id FROM judges
     WHERE id IN (SELECT value FROM json_each(?)) AND paused = 0 AND revoked_at IS NULL`,
  )
    .bind(JSON.stringify(judges))
    .all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}

/** Notes when a judge was last heard of, for when the queue has forgotten. */
export async function heard(env: Env, judge: string, at: number): Promise<void> {
  await env.DB.prepare(
    "UPDATE judges SET heard_at = ?2 WHERE id = ?1 AND (heard_at IS NULL OR heard_at < ?2)",
  )
    .bind(judge, at)
    .run();
}
