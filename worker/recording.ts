import * as v from "valibot";
import { ContestEvent } from "../protocol/contest.ts";
import type { Recording } from "../protocol/virtual.ts";
import { isOver } from "../rules/contest-state.ts";
import { type LoggedEvent, recordingOf } from "../rules/virtual-recording.ts";
import { contestBySlug } from "./contest-rows.ts";
import { sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, type Call } from "./http.ts";

/**
 * GET /api/contests/:slug/recording: the log of a contest that is over, for anybody. Browsers keep it and ask whether it is
 * still the same, which is told by its bytes: a number of the log's would tell of events that are kept back.
 */
export async function show(call: Call): Promise<Response> {
  const { env, request } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  if (!isOver(contest.timed, Date.now())) {
    throw new ApiError("contest_refuses", "A contest is shown again only once it is over.");
  }
  const recording: Recording = recordingOf(await logOf(env, contest.id));
  const etag = `"${await sha256(JSON.stringify(recording))}"`;
  const headers = { etag, "cache-control": "no-cache" };
  // What proxies compress has its tag made weak.
  const known = request.headers.get("if-none-match")?.replaceAll("W/", "").split(/, */) ?? [];
  return known.includes(etag) ? new Response(null, { status: 304, headers }) : json(recording, { headers });
}

async function logOf(env: Env, contest: string): Promise<LoggedEvent[]> {
  const { results } = await env.DB.prepare(
    "SELECT at, event FROM contest_events WHERE contest = ? ORDER BY seq",
  )
    .bind(contest)
    .all<{ at: number; event: string }>();
  return results.map(({ at, event }) => ({ at, event: v.parse(ContestEvent, JSON.parse(event)) }));
}
