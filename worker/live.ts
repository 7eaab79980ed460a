import { contestBySlug } from "./contest-rows.ts";
import { viewAsked } from "./contests.ts";
import { accountFeed, contestRoom } from "./env.ts";
import { ApiError, param, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** GET /live/contests/:slug: the public scoreboard as it changes; with `?view=jury` the whole truth, for the jury. */
export async function contest(call: Call, user: UserRow | null): Promise<Response> {
  requireUpgrade(call);
  const row = await contestBySlug(call.env, param(call, "slug"));
  await viewAsked(call, row, user);
  return contestRoom(call.env, row.id).fetch(call.request);
}

/** GET /live/me: the signed-in account's own submissions as they are judged. */
export async function account(call: Call, user: UserRow): Promise<Response> {
  requireUpgrade(call);
  return accountFeed(call.env, user.id).fetch(call.request);
}

export function requireUpgrade(call: Call): void {
  if (call.request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw new ApiError("upgrade_required", "This address speaks WebSocket only.");
  }
}
