import { ApiError, json, type Call } from "./http.ts";

/** GET /health: the Worker answers. */
export async function alive(): Promise<Response> {
  return json({ ok: true });
}

/** GET /ready: the database answers too, and is no empty one that still waits for its first migration. */
export async function ready(call: Call): Promise<Response> {
  const found = await call.env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'rounds'",
  ).first();
  if (!found) throw new ApiError("starting", "The database is not migrated yet.");
  return json({ ok: true });
}
