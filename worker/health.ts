import { json, type Call } from "./http.ts";

/** GET /health: the Worker answers. */
export async function alive(): Promise<Response> {
  return json({ ok: true });
}

/** GET /ready: the database answers too, and its migrations have been applied. */
export async function ready(call: Call): Promise<Response> {
  const found = await call.env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'rounds'",
  ).first();
  return found
    ? json({ ok: true })
    : json({ code: "starting", message: "The database is not migrated yet." }, { status: 503 });
}
