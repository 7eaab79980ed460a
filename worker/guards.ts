import { sha256 } from "./digest.ts";
import { ApiError, type Call } from "./http.ts";
import { signedInUser } from "./sessions.ts";
import type { UserRow } from "./tables.ts";

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

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);
