import type { Env } from "../env.ts";
import { endHold, type PlacedHold, releasing } from "../ledger.ts";

/** Holds that were placed ahead of any job, as the database knows them. */

/** Those of a shard that no job has taken. */
export async function holdsAhead(env: Env, shard: string): Promise<PlacedHold[]> {
  const rows = env.DB.prepare("SELECT job, consumer, held AS heldNano FROM holds_ahead WHERE shard = ?");
  return (await rows.bind(shard).all<PlacedHold>()).results;
}

/** Gives back a hold that no job has taken. */
export async function releaseAhead(env: Env, hold: PlacedHold): Promise<void> {
  const gone = env.DB.prepare("DELETE FROM holds_ahead WHERE job = ?").bind(hold.job);
  const ended = await endHold(env, releasing(hold), [gone]);
  if (ended.type === "not held" || !ended.now) await gone.run();
}
