import type { GuestView } from "../protocol/guest.ts";
import { parseCredits } from "../protocol/money.ts";
import { randomToken, sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import { addressOf, ApiError, json, rateLimit, type Call } from "./http.ts";
import { allowance, balance } from "./ledger.ts";
import { hashDrawnPassword } from "./password.ts";

/**
 * Browsers that may try the market without an account (migrations/0019_guests.sql). What a guest's cookie opens is the chat of the
 * page alone: no guard but `chatter` reads it.
 *
 *     nobody --POST /api/session/guest--> guest, with an allowance --not seen for IDLE_MS--> ended; the books keep what it had
 */

const COOKIE = "guest";
const DAY_MS = 24 * 60 * 60 * 1_000;
const IDLE_MS = 30 * DAY_MS;
/** As long as browsers keep a cookie at most (RFC 6265bis, section 5.5): when a guest ends is said by the database. */
const COOKIE_S = 400 * 24 * 60 * 60;

/** What a guest may ask for: the configured names. */
export const guestModels = (env: Env): string[] => env.GUEST_MODELS.split(/[\s,]+/).filter(Boolean);

/** The account of the request's guest, or null. */
export async function guestOf({ request, env, ctx }: Call): Promise<string | null> {
  const token = /(?:^|;\s*)guest=([0-9a-f]{64})(?:;|$)/.exec(request.headers.get("cookie") ?? "")?.[1];
  if (token === undefined) return null;
  const now = Date.now();
  const found = await env.DB.prepare(
    "SELECT user, seen_at AS seenAt FROM guests WHERE token_hash = ? AND seen_at > ?",
  )
    .bind(await sha256(token), now - IDLE_MS)
    .first<{ user: string; seenAt: number }>();
  if (found === null) return null;
  if (now - found.seenAt > DAY_MS) {
    const seen = env.DB.prepare("UPDATE guests SET seen_at = ? WHERE user = ?").bind(now, found.user);
    ctx.waitUntil(seen.run());
  }
  return found.user;
}

/** GET /api/session/guest */
export async function show(call: Call): Promise<Response> {
  const guest = await guestOf(call);
  return json(viewOf(call.env, guest === null ? null : await balance(call.env, guest)));
}

const viewOf = (env: Env, balanceNano: number | null): GuestView => ({
  balanceNano,
  allowanceNano: parseCredits(env.GUEST_ALLOWANCE_CREDITS),
  models: guestModels(env),
});

/** POST /api/session/guest: makes this browser a guest, or says that it is one. */
export async function begin(call: Call): Promise<Response> {
  const { env, request, url } = call;
  const guest = await guestOf(call);
  if (guest !== null) return json(viewOf(env, await balance(env, guest)));
  const view = viewOf(env, parseCredits(env.GUEST_ALLOWANCE_CREDITS));
  if (view.allowanceNano === 0)
    throw new ApiError("forbidden", "Here nobody can try models without an account.");
  await rateLimit(env.GUEST_LIMIT, `new ${addressOf(request)}`);
  const token = randomToken();
  await addGuest(env, token, view.allowanceNano);
  return json(view, { status: 201, headers: { "set-cookie": cookie(url, token) } });
}

/** The guest's account and its allowance, both or neither; guests that were not seen for long end with it. */
async function addGuest(env: Env, token: string, allowanceNano: number): Promise<void> {
  const [user, now] = [crypto.randomUUID(), Date.now()];
  await env.DB.batch([
    env.DB.prepare("UPDATE guests SET token_hash = NULL WHERE token_hash IS NOT NULL AND seen_at <= ?").bind(
      now - IDLE_MS,
    ),
    // A name that nobody can sign up with, and a password that nobody was told.
    env.DB.prepare(
      `INSERT INTO users (id, username, display_name, password_hash, role, created_at)
       VALUES (?1, '~guest-' || ?1, 'Guest', ?2, 'member', ?3)`,
    ).bind(user, await hashDrawnPassword(randomToken()), now),
    env.DB.prepare("INSERT INTO guests (user, token_hash, created_at, seen_at) VALUES (?, ?, ?, ?)").bind(
      user,
      await sha256(token),
      now,
      now,
    ),
    ...allowance(env, user, allowanceNano),
  ]);
}

/** Sent to /api alone: the API's own addresses never get to see it. */
const cookie = (url: URL, token: string): string =>
  `${COOKIE}=${token}; Path=/api; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_S}${url.protocol === "https:" ? "; Secure" : ""}`;
