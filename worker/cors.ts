import type { Call } from "./http.ts";

/**
 * The API for pages of other sites (the Fetch standard, "CORS protocol"). A browser asks before it sends a key, by a preflight
 * that carries none; so that is answered alike for every page and every key, and whether the key is for this page is decided by
 * the request itself (`consumer` in guards.ts). What a page may not do is refused, and it may read why: a refusal tells nothing
 * but what the page sent. There are no cookies in any of this, and no answer ever allows credentials.
 */

/** What a page may read of an answer, beside its body. */
const EXPOSED = [
  "x-request-id",
  "x-should-retry",
  "retry-after",
  "retry-after-ms",
  "x-ratelimit-limit-requests",
  "x-ratelimit-remaining-requests",
  "idempotent-replayed",
  "x-provider",
  "x-price-prompt",
  "x-price-completion",
].join(", ");

/** As long as any browser keeps it. */
const PREFLIGHT_S = 86_400;

/** Of the page that asks, where that is another site's; null for our own pages and for programs, which name none. */
export function foreignOrigin({ request, url }: Pick<Call, "request" | "url">): string | null {
  const origin = request.headers.get("origin");
  return origin === null || hostOf(origin) === url.host ? null : origin;
}

export const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);

/** Whether a browser asks what a page may send. */
export const isPreflight = ({ method, headers }: Request): boolean =>
  method === "OPTIONS" && headers.has("origin") && headers.has("access-control-request-method");

/**
 * Whatever it asks for is allowed: clients send headers of their own (`x-stainless-…`), which differ from one version to the
 * next, and which of them the API takes is for the API to say.
 */
export function preflight({ headers: asked }: Request): Response {
  const headers = new Headers({
    "access-control-allow-methods": asked.get("access-control-request-method") ?? "GET, POST",
    "access-control-max-age": String(PREFLIGHT_S),
  });
  const names = asked.get("access-control-request-headers");
  if (names !== null) headers.set("access-control-allow-headers", names);
  return new Response(null, { status: 204, headers });
}

/** The answer with what lets the page that asked read it; the body is passed on as it is, without a copy of ours. */
export function readableByPage(call: Pick<Call, "request" | "url">, response: Response): Response {
  const origin = foreignOrigin(call);
  if (origin === null) return response;
  const readable = new Response(response.body, response);
  readable.headers.set("access-control-allow-origin", origin);
  readable.headers.set("access-control-expose-headers", EXPOSED);
  readable.headers.append("vary", "Origin");
  return readable;
}
