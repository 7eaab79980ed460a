import { type ContestFold, emptyFold, fold } from "../rules/contest-board.ts";
import { readLog } from "./contest-log.ts";
import type { Env } from "./env.ts";

/** A contest's whole log, folded: for what is asked for now and then. Scoreboards come from the contest's room. */
export async function foldedLog(env: Env, contest: string): Promise<ContestFold> {
  const folded = emptyFold();
  for (const { event } of await readLog(env, contest)) fold(folded, event);
  return folded;
}
