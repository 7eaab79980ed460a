import type { Env } from "./env.ts";

/** A time during which a provider was connected, in milliseconds since 1970. */
export interface Session {
  beganAt: number;
  /** When it was last known to be connected. */
  seenAt: number;
}

const WINDOW_MS = 24 * 60 * 60_000;

/**
 * The share of the last 24 hours in which a provider was connected, or of the time since it was made where that is less:
 * 0 to 1. What lies outside is cut off, and what sessions have in common is counted once: a socket that was replaced may be
 * noted as open for a while beside its successor.
 *
 * @param sessions in any order
 */
export function uptime(sessions: readonly Session[], createdAt: number, now: number): number {
  const from = Math.max(createdAt, now - WINDOW_MS);
  let connectedMs = 0;
  let countedUntil = from;
  for (const { beganAt, seenAt } of sessions.toSorted((a, b) => a.beganAt - b.beganAt)) {
    const begin = Math.max(beganAt, countedUntil);
    const end = Math.min(seenAt, now);
    if (end <= begin) continue;
    connectedMs += end - begin;
    countedUntil = end;
  }
  return connectedMs === 0 ? 0 : connectedMs / (now - from);
}

interface SessionRow {
  provider: string;
  createdAt: number;
  beganAt: number | null;
  seenAt: number | null;
}

/**
 * The uptime of each of these providers.
 * @param connected those that are connected now: their last session goes on until now, though it was noted a while ago
 */
export async function uptimes(
  env: Env,
  providers: readonly string[],
  connected: ReadonlySet<string>,
  now: number,
): Promise<Map<string, number>> {
  // The list goes as one parameter, as a statement may have a hundred only.
  const { results } = await env.DB.prepare(
    `SELECT p.id AS provider, p.created_at AS createdAt, s.began_at AS beganAt, s.seen_at AS seenAt
     FROM providers p LEFT JOIN provider_sessions s ON s.provider = p.id AND s.seen_at > ?2
     WHERE p.id IN (SELECT value FROM json_each(?1)) ORDER BY s.began_at`,
  )
    .bind(JSON.stringify(providers), now - WINDOW_MS)
    .all<SessionRow>();
  return new Map(
    [...Map.groupBy(results, ({ provider }) => provider)].map(([provider, rows]) => {
      const sessions = rows.flatMap(({ beganAt, seenAt }) =>
        beganAt === null || seenAt === null ? [] : [{ beganAt, seenAt }],
      );
      const last = sessions.at(-1);
      if (last && connected.has(provider)) last.seenAt = now;
      return [provider, uptime(sessions, rows[0]?.createdAt ?? now, now)];
    }),
  );
}
