import * as v from "valibot";
import type { Env } from "./env.ts";

/** A time during which a provider was connected, in milliseconds since 1970. */
export interface Session {
  beganAt: number;
  /** When it was last known to be connected. */
  seenAt: number;
}

const HOUR_MS = 60 * 60_000;
const HOURS = 24;
const WINDOW_MS = HOURS * HOUR_MS;

/**
 * The share of the last 24 hours in which a provider was connected, or of the time since it was made where that is less:
 * 0 to 1. What lies outside is cut off, and what sessions have in common is counted once: a socket that was replaced may be
 * noted as open for a while beside its successor.
 *
 * @param sessions in any order
 */
export function uptime(sessions: readonly Session[], createdAt: number, now: number): number {
  const from = Math.max(createdAt, now - WINDOW_MS);
  const connected = connectedMs(sessions, from, now);
  return connected === 0 ? 0 : connected / (now - from);
}

/**
 * The same of each of the last 24 hours, the latest last. Null for an hour in which the provider was not made yet; of the
 * one in which it was made only the rest counts.
 */
export function uptimeByHour(
  sessions: readonly Session[],
  createdAt: number,
  now: number,
): (number | null)[] {
  return Array.from({ length: HOURS }, (_, hour) => {
    const until = now - (HOURS - 1 - hour) * HOUR_MS;
    const from = Math.max(createdAt, until - HOUR_MS);
    return from < until ? connectedMs(sessions, from, until) / (until - from) : null;
  });
}

function connectedMs(sessions: readonly Session[], from: number, until: number): number {
  let sum = 0;
  let countedUntil = from;
  for (const { beganAt, seenAt } of sessions.toSorted((a, b) => a.beganAt - b.beganAt)) {
    const begin = Math.max(beganAt, countedUntil);
    const end = Math.min(seenAt, until);
    if (end <= begin) continue;
    sum += end - begin;
    countedUntil = end;
  }
  return sum;
}

/**
 * So many sessions of each provider are looked at, the latest: of one that connects anew every two minutes the older ones
 * don't count, so that nobody makes a page that everybody may see expensive.
 */
const MOST_SESSIONS = 720;

const Sessions = v.array(v.object({ beganAt: v.number(), seenAt: v.number() }));

/** What is known of when a provider was connected. */
export interface Presence {
  createdAt: number;
  /** Those of the last 24 hours. */
  sessions: Session[];
}

/** The uptime of each of these providers, as `presences`. */
export async function uptimes(
  env: Env,
  providers: readonly string[],
  connected: ReadonlySet<string>,
  now: number,
): Promise<Map<string, number>> {
  const known = await presences(env, providers, connected, now);
  return new Map([...known].map(([id, { sessions, createdAt }]) => [id, uptime(sessions, createdAt, now)]));
}

/**
 * When each of these providers was connected lately.
 * @param connected those that are connected now: their last session goes on until now, though it was noted a while ago
 */
export async function presences(
  env: Env,
  providers: readonly string[],
  connected: ReadonlySet<string>,
  now: number,
): Promise<Map<string, Presence>> {
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
      if (last === undefined) return [row.id, { createdAt: row.createdAt, sessions: [] }];
      const lasting = connected.has(row.id) ? { ...last, seenAt: now } : last;
      return [row.id, { createdAt: row.createdAt, sessions: [lasting, ...earlier] }];
    }),
  );
}
