import { isProvisional, type SandboxLevel } from "../../protocol/submission.ts";
import type { Env } from "../env.ts";
import { readLease, type HeldLease } from "./leases.ts";

/**
 * What waits, and in which order it is taken.
 *
 * By priority first. Among equals the parties (a team, or an account that practises) take turns: a party's first waiting
 * work comes before anybody's second, and what is being judged for it counts as waiting, so that whoever submits twenty
 * times yields to whoever submits once. Then by age: what was queued at once, as by a rejudging, by when it was submitted.
 */

/** Lower goes first. */
export const PRIORITY = { contest: 0, rejudging: 5, timeLimit: 7, practice: 10, customRun: 20 } as const;

/** `fits` says which of the queued work is looked at. */
const inOrder = (fits: string): string => `
  WITH work AS (
    SELECT 'submission' AS kind, r.submission AS id, r.round, r.priority, r.queued_at, s.submitted_at,
      r.state, COALESCE(s.team, s.user) AS party, s.language
    FROM rounds r JOIN submissions s ON s.id = r.submission WHERE r.state IN ('queued', 'leased')
    UNION ALL
    SELECT kind, id, 0, priority, queued_at, queued_at, state, COALESCE(user, id), language
    FROM tasks WHERE state IN ('queued', 'leased')
  ), turns AS (
    SELECT *, ROW_NUMBER() OVER (
      PARTITION BY party, priority ORDER BY state = 'queued', queued_at, submitted_at, id, round) AS turn
    FROM work WHERE state = 'leased' OR (${fits})
  )
  SELECT kind, id, round FROM turns WHERE state = 'queued' ORDER BY priority, turn, queued_at, submitted_at, id, round`;

// An official verdict that counts keeps out provisional ones: they could not be written.
const FITS = `
  CASE kind WHEN 'time limit' THEN ?2 ELSE language IN (SELECT value FROM json_each(?1)) END
  AND (?3 OR kind <> 'submission' OR NOT EXISTS (
    SELECT 1 FROM judgements j JOIN rounds c ON c.submission = j.submission AND c.round = j.round
    WHERE j.submission = work.id AND j.level <> 'process' AND c.standing = 'counts'))`;

/** What a judge can do that asks for work. */
export interface Asking {
  id: string;
  languages: readonly string[];
  level: SandboxLevel;
  /** Whether it may measure time limits. */
  timeLimits: boolean;
}

interface Waiting {
  kind: HeldLease["work"]["work"];
  id: string;
  round: number;
}

/** Leases the first waiting work that `judge` can do; null when none waits. */
export async function leaseNext(env: Env, judge: Asking): Promise<HeldLease | null> {
  const next = env.DB.prepare(`${inOrder(FITS)} LIMIT 1`).bind(
    JSON.stringify(judge.languages),
    judge.timeLimits ? 1 : 0,
    isProvisional(judge.level) ? 0 : 1,
  );
  for (;;) {
    const work = await next.first<Waiting>();
    if (!work) return null;
    const lease = crypto.randomUUID();
    const leased = "state = 'leased', attempt = attempt + 1, lease = ?1, judge = ?2";
    const { meta } = await (
      work.kind === "submission"
        ? env.DB.prepare(
            `UPDATE rounds SET ${leased} WHERE submission = ?3 AND round = ?4 AND state = 'queued'`,
          ).bind(lease, judge.id, work.id, work.round)
        : env.DB.prepare(`UPDATE tasks SET ${leased} WHERE id = ?3 AND state = 'queued'`).bind(
            lease,
            judge.id,
            work.id,
          )
    ).run();
    // Nothing changes when a rejudging was cancelled in between; then the next one is looked for.
    if (meta.changes > 0) return readLease(env, lease);
  }
}

/** How much waits, of every kind. */
export async function waitingCount(env: Env): Promise<number> {
  const rows = env.DB.prepare(
    `SELECT (SELECT COUNT(*) FROM rounds WHERE state = 'queued') + (SELECT COUNT(*) FROM tasks WHERE state = 'queued') AS n`,
  );
  return (await rows.first<number>("n")) ?? 0;
}

/** As far as places in the queue are counted; what is further back is told nothing. */
const PLACES = 2000;

/** How many are taken before each queued submission, as things stand: by submission, of rounds that count. */
export async function places(env: Env): Promise<Map<string, number>> {
  const { results } = await env.DB.prepare(`${inOrder("TRUE")} LIMIT ${PLACES}`).all<Waiting>();
  const found = new Map<string, number>();
  results.forEach(({ kind, id }, before) => {
    if (kind === "submission" && !found.has(id)) found.set(id, before);
  });
  return found;
}
