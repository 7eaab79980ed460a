import * as v from "valibot";
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

/**
 * So many sessions of each provider are looked at, the latest: of one that connects anew every two minutes the older ones
 * don't count, so that nobody makes a page that everybody may see expensive.
 */
const MOST_SESSIONS = 720;

const Sessions = v.array(v.object({ beganAt: v.number(), seenAt: v.number() }));

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
    `SELECT p.id, p.created_at AS createdAt, (
       SELECT json_group_array(json_object('beganAt', began_at, 'seenAt', seen_at)) FROM (
         SELECT began_at, seen_at FROM provider_sessions
         WHERE provider = p.id AND seen_at > ?2 ORDER BY seen_at DESC LIMIT ${MOST_SESSIONS})) AS sessions
     FROM providers p WHERE p.id IN (SELECT value FROM json_each(?1))`,
  )
    .bind(JSON.stringify(providers), now - WINDOW_MS)
    .all<{ id: string; createdAt: number; sessions: string }>();
  return new Map(
    results.map((row) => {
      const [last, ...earlier] = v.parse(Sessions, JSON.parse(row.sessions));
      if (last === undefined) return [row.id, 0];
      const lasting = connected.has(row.id) ? { ...last, seenAt: now } : last;
      return [row.id, uptime([lasting, ...earlier], row.createdAt, now)];
    }),
  );
}
