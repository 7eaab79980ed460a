import type { Env } from "../env.ts";

/**
 * How long the reasons of choices are kept (`jobs.reasons`), each of which takes more room than all else that is written of
 * its job. Who wonders why a provider was chosen wonders soon; and where little is asked they take no room worth saving.
 */
const KEPT = { ms: 30 * 24 * 60 * 60 * 1_000, atLeast: 10_000 };

/** Few enough to keep nobody waiting, and more than jobs come to while this is asked for again. */
const AT_ONCE = 1_000;

/** Of those older than ?1 and beyond the newest ?2 + 1, the ?3 oldest. */
export const REASONS_DROPPED = `UPDATE jobs SET reasons = NULL WHERE id IN (
  SELECT id FROM jobs WHERE reasons IS NOT NULL AND created_at < ?1 AND created_at < (
    SELECT created_at FROM jobs WHERE reasons IS NOT NULL ORDER BY created_at DESC LIMIT 1 OFFSET ?2
  ) ORDER BY created_at LIMIT ?3
)`;

/**
 * Drops the oldest reasons of those that are neither of the last 30 days nor among the installation's newest 10,000. The
 * jobs themselves stay.
 *
 * @returns whether there may be more to drop
 */
export async function dropOldReasons(env: Env, now: number, kept = KEPT, atOnce = AT_ONCE): Promise<boolean> {
  const { meta } = await env.DB.prepare(REASONS_DROPPED)
    .bind(now - kept.ms, kept.atLeast - 1, atOnce)
    .run();
  return meta.changes >= atOnce;
}
