import * as v from "valibot";
import { API_KEY, PROVIDER_TOKEN } from "../protocol/market.ts";
import { allowsOrigin, WebOrigins } from "../protocol/web-origin.ts";
import { foreignOrigin, hostOf } from "./cors.ts";
import { sha256 } from "./digest.ts";
import { ApiError, type Call } from "./http.ts";
import { KEY_REVOKED } from "./job-order.ts";
import { OpenAIApiError } from "./openai-http.ts";
import { signedInUser } from "./sessions.ts";
import type { UserRow } from "./tables.ts";
import { type Standing, standingOf } from "./wishes.ts";

/** Decides whether a call may go on, and tells its handler who is calling. */
export type Guard<Who> = (call: Call) => Promise<Who>;

/** Anybody; no cookie is read. */
export const anyone: Guard<null> = async () => null;

/** Anybody; the handler is told who is signed in, if so. */
export const maybeSignedIn: Guard<UserRow | null> = signedInUser;

export const signedIn: Guard<UserRow> = async (call) => {
  const user = await signedInUser(call);
  if (!user) throw new ApiError("not_signed_in", "Sign in first.");
  return user;
};

export const organiser: Guard<UserRow> = async (call) => {
  const user = await signedIn(call);
  if (user.role === "member") throw new ApiError("forbidden", "Only organisers may do this.");
  return user;
};

export const administrator: Guard<UserRow> = async (call) => {
  const user = await signedIn(call);
  if (user.role !== "administrator") throw new ApiError("forbidden", "Only administrators may do this.");
  return user;
};

/** Who a judge is, as its token says. */
export interface Judge {
  id: string;
  name: string;
}

/** A judge, by the token that was made for it. */
export const judge: Guard<Judge> = async (call) => {
  const token = /^Bearer ([0-9a-f]{64})$/i.exec(call.request.headers.get("authorization") ?? "")?.[1];
  const row =
    token &&
    (await call.env.DB.prepare("SELECT id, name FROM judges WHERE token_hash = ? AND revoked_at IS NULL")
      .bind(await sha256(token.toLowerCase()))
      .first<Judge>());
  if (!row) throw new ApiError("wrong_token", "This judge token is unknown or was revoked.");
  return row;
};

/** Who asks by /v1. */
export interface Consumer {
  /** The account that pays. */
  user: string;
  /** The id of the key that the request came with. */
  apiKey: string;
  /** Of all that holds for requests with this key; each change of it counts on. */
  version: number;
  /** Null where nobody wishes anything. */
  standing: Standing | null;
}

const KeyRow = v.pipe(
  v.object({
    apiKey: v.string(),
    user: v.string(),
    version: v.number(),
    revokedAt: v.nullable(v.number()),
    origins: v.pipe(v.string(), v.parseJson(), WebOrigins),
    wishes: v.string(),
    accountWishes: v.nullable(v.string()),
    aliases: v.nullable(v.string()),
  }),
  v.transform(({ wishes, accountWishes, aliases, ...row }) => ({
    ...row,
    standing: standingOf(wishes, accountWishes, aliases),
  })),
);

/**
 * A program, by an API key of its account's; no cookie is read, so that no page can make a browser pay. A page of another
 * site has to be one that the key allows.
 */
export const consumer: Guard<Consumer> = async (call) => {
  const key = bearer(call.request);
  if (key === null) throw new OpenAIApiError("invalid_api_key", NO_KEY);
  const row = API_KEY.test(key)
    ? await call.env.DB.prepare(
        `SELECT k.id AS apiKey, k.user, k.version, k.origins, k.revoked_at AS revokedAt, k.wishes,
           a.wishes AS accountWishes, a.aliases
         FROM api_keys k LEFT JOIN account_wishes a ON a.user = k.user WHERE k.secret_hash = ?`,
      )
        .bind(await sha256(key))
        .first()
    : null;
  knownKeys.delete(key);
  if (!row) throw new OpenAIApiError("invalid_api_key", wrongKey(key));
  const { origins, revokedAt, ...consumer } = v.parse(KeyRow, row);
  if (revokedAt !== null) throw new OpenAIApiError("invalid_api_key", KEY_REVOKED);
  if (knownKeys.size >= MAX_KNOWN_KEYS) knownKeys.clear();
  knownKeys.set(key, { consumer, origins });
  const origin = foreignOrigin(call);
  if (origin !== null && !allowsOrigin(origins, origin))
    throw new OpenAIApiError("origin_not_allowed", notAllowed(origin));
  return consumer;
};

interface KnownKey {
  consumer: Consumer;
  origins: string[];
}

/** Keys that were good when they were last looked up. */
const knownKeys = new Map<string, KnownKey>();
const MAX_KNOWN_KEYS = 10_000;

/**
 * Whom `consumer` found behind this key before, without asking again; null where that is not known, or would be refused. Only
 * for what is refused later when the key was revoked or changed since: no job is held for by what was known of it before
 * (migrations/0006_market.sql, migrations/0010_wishes.sql).
 */
export function presumedConsumer(call: Call): Consumer | null {
  const key = bearer(call.request);
  const known = key === null ? undefined : knownKeys.get(key);
  if (known === undefined) return null;
  const origin = foreignOrigin(call);
  return origin === null || allowsOrigin(known.origins, origin) ? known.consumer : null;
}

const notAllowed = (origin: string): string =>
  `Pages of ${JSON.stringify(origin)} may not use this API key. The origins that may are chosen for each key, on this site's page of keys.`;

const NO_KEY = "There is no API key. Send one of yours in the header `Authorization: Bearer tab-key-…`.";

function wrongKey(key: string): string {
  if (PROVIDER_TOKEN.test(key)) return "This is a provider's token, with which nothing can be asked for.";
  return "This API key is unknown. Keys of this site begin with `tab-key-` and are made on its page of keys.";
}

/** Who serves models. */
export interface Provider {
  /** Its name. */
  id: string;
}

/** A provider, by the token that was made for it. */
export const provider: Guard<Provider> = async ({ request, env }) => {
  const token = bearer(request);
  const row =
    token !== null && PROVIDER_TOKEN.test(token)
      ? await env.DB.prepare("SELECT id, revoked_at AS revokedAt FROM providers WHERE token_hash = ?")
          .bind(await sha256(token))
          .first<Provider & { revokedAt: number | null }>()
      : null;
  if (!row)
    throw new ApiError("wrong_token", "This provider token is unknown, or a newer one has taken its place.");
  if (row.revokedAt !== null)
    throw new ApiError(
      "wrong_token",
      `The provider ${row.id} was revoked, and its name can't be used again.`,
    );
  return { id: row.id };
};

/** What an `Authorization` header bears (RFC 6750, section 2.1; RFC 9110, section 11.1: the scheme in any case). */
const bearer = (request: Request): string | null =>
  /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;

/**
 * Refuses what another site's page makes a browser do with our cookies (cross-site request forgery, also through
 * WebSockets). Programs that are not browsers send no Origin and are let through: they hold no one else's cookies.
 */
export function refuseForeignOrigin(call: Call): void {
  const { request, url } = call;
  const reads = request.method === "GET" || request.method === "HEAD";
  if (reads && request.headers.get("upgrade") === null) return;
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const foreign = origin !== null ? hostOf(origin) !== url.host : site !== null && site !== "same-origin";
  if (foreign) throw new ApiError("wrong_origin", "This request comes from another site.");
}
