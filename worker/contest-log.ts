import type { ContestEvent } from "../protocol/contest.ts";
import type { Env } from "./env.ts";
import { contestRoom } from "./env.ts";

/**
 * The statement that appends one event to a contest's log; run it in the same batch as what it tells of.
 * The next `seq` is taken inside the statement: D1 has one writer, so the log has no gaps and no doubles.
 */
export function appended(env: Env, contest: string, event: ContestEvent): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO contest_events (contest, seq, event, at)
     SELECT ?1, COALESCE(MAX(seq), 0) + 1, ?2, ?3 FROM contest_events WHERE contest = ?1`,
  ).bind(contest, JSON.stringify(event), Date.now());
}

/**
 * Tells a contest's room that its log has grown. The poke carries nothing and may be lost:
 * the room also reads its log on every connection and by its alarm.
 */
export async function pokeRoom(env: Env, contest: string): Promise<void> {
  try {
    await contestRoom(env, contest).poke();
  } catch (error) {
    console.error("the contest's room could not be poked; its alarm will catch up", error);
  }
}
