import * as v from "valibot";
import { ChangeApiKey, NewApiKey, ApiKeyList } from "../protocol/api-key.ts";
import { MAX_KEYS, type ApiKeySecret } from "../protocol/market.ts";
import { writtenWishes } from "../protocol/provider-wishes.ts";
import { WebOrigins } from "../protocol/web-origin.ts";
import { audited } from "./audit.ts";
import { randomToken, sha256 } from "./digest.ts";
import { market } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";
import { changeKeys, readWishes, wishesText } from "./wishes.ts";

/** Enough to tell one's keys apart, and of no use to whoever guesses the other 60 digits. */
const HINT_LENGTH = 4;

/** GET /api/keys: the reader's own that were not revoked. */
export async function list({ env }: Call, user: UserRow): Promise<Response> {
  const { results } = await env.DB.prepare(
    `SELECT k.id, k.name, k.hint, k.created_at AS createdAt, k.origins, k.wishes,
       (SELECT MAX(created_at) FROM jobs WHERE api_key = k.id) AS usedAt
     FROM api_keys k WHERE k.user = ? AND k.revoked_at IS NULL ORDER BY k.created_at DESC, k.rowid DESC`,
  )
    .bind(user.id)
    .all<Omit<ApiKeyList["keys"][number], "origins" | "wishes"> & { origins: string; wishes: string }>();
  const keys = results.map((key) => ({
    ...key,
    origins: v.parse(WebOrigins, JSON.parse(key.origins)),
    wishes: writtenWishes(readWishes(key.wishes)),
  }));
  return json({ keys } satisfies v.InferInput<typeof ApiKeyList>);
}

/** POST /api/keys: makes a key, whose secret is in the answer and nowhere else. */
export async function create({ env, request }: Call, user: UserRow): Promise<Response> {
  const { name, origins, wishes } = await readJson(request, NewApiKey);
  const id = crypto.randomUUID();
  const secret = `tab-key-${randomToken()}`;
  const hint = secret.slice(-HINT_LENGTH);
  const statements = [
    // One key too many has no user, which aborts the batch: of two requests at once, one must not slip through.
    env.DB.prepare(
      `INSERT INTO api_keys (id, user, name, secret_hash, hint, created_at, origins, wishes) VALUES (?1,
         CASE WHEN (SELECT COUNT(*) FROM api_keys WHERE user = ?2 AND revoked_at IS NULL) < ?7 THEN ?2 END,
         ?3, ?4, ?5, ?6, ?8, ?9)`,
    ).bind(
      id,
      user.id,
      name,
      await sha256(secret),
      hint,
      Date.now(),
      MAX_KEYS,
      JSON.stringify(origins),
      wishesText(wishes),
    ),
    audited(env, user.id, "key.create", id, {
      name,
      ...(origins.length > 0 && { origins: origins.join(" ") }),
      ...(Object.keys(wishes).length > 0 && { wishes: wishesText(wishes) }),
    }),
  ];
  try {
    await env.DB.batch(statements);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("NOT NULL constraint failed: api_keys.user")))
      throw error;
    throw new ApiError("invalid_request", "You have as many keys as an account may have.", [
      `keys: at most ${MAX_KEYS} at once; revoke one first`,
    ]);
  }
  return json({ id, name, secret } satisfies ApiKeySecret, { status: 201 });
}

async function ownKey(call: Call, user: UserRow): Promise<{ id: string; name: string }> {
  const key = await call.env.DB.prepare(
    "SELECT id, name FROM api_keys WHERE id = ? AND user = ? AND revoked_at IS NULL",
  )
    .bind(param(call, "id"), user.id)
    .first<{ id: string; name: string }>();
  if (!key) throw new ApiError("not_found", "You have no such key.");
  return key;
}

/** PATCH /api/keys/:id: another name, other origins or wishes, for every request from now on. Answers with the whole list. */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const { id } = await ownKey(call, user);
  const { name = null, origins = null, wishes = null } = await readJson(call.request, ChangeApiKey);
  const changes = {
    name,
    origins: origins && JSON.stringify(origins),
    wishes: wishes && wishesText(wishes),
  };
  await changeKeys(env, "id = ?", id, [
    env.DB.prepare(
      `UPDATE api_keys SET name = COALESCE(?2, name), origins = COALESCE(?3, origins), wishes = COALESCE(?4, wishes)
       WHERE id = ?1`,
    ).bind(id, changes.name, changes.origins, changes.wishes),
    audited(env, user.id, "key.change", id, {
      ...(name !== null && { name }),
      ...(origins !== null && { origins: origins.join(" ") }),
      ...(changes.wishes !== null && { wishes: changes.wishes }),
    }),
  ]);
  return list(call, user);
}

/** DELETE /api/keys/:id: good for nothing from now on. Answers with the whole list. */
export async function revoke(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const key = await ownKey(call, user);
  await env.DB.batch([
    env.DB.prepare("UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL").bind(
      Date.now(),
      key.id,
    ),
    audited(env, user.id, "key.revoke", key.id, { name: key.name }),
  ]);
  await market(env).renewKeys([{ id: key.id, version: Infinity }]);
  return list(call, user);
}
