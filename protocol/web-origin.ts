import * as v from "valibot";

/** Pages of every site, and those that have no origin of their own (`null`). */
export const ANY_ORIGIN = "*";

/** A key is for a program and its neighbours, not for the whole web one site at a time. */
export const MAX_ORIGINS = 20;

/** A browser leaves out the port that a scheme has anyway (HTML, "ASCII serialization of an origin"). */
const DEFAULT_PORT = /^(http:.*):80$|^(https:.*):443$/;

/**
 * A site whose pages may do something: `https://app.example.com`, `http://localhost:5173`, `chrome-extension://…`, or `*` for
 * all. Written as browsers write it in the header `Origin`, so that both are compared as texts.
 */
export const WebOrigin = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(200, "at most 200 characters"),
  v.toLowerCase(),
  v.transform((text) => text.replace(/\/$/, "").replace(DEFAULT_PORT, "$1$2")),
  v.regex(
    /^(\*|[a-z][a-z0-9+.-]*:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?)$/,
    "not a web origin such as https://app.example.com: a scheme and a host, without a path",
  ),
);

/** Each once. */
export const WebOrigins = v.pipe(
  v.array(WebOrigin),
  v.maxLength(MAX_ORIGINS, `at most ${MAX_ORIGINS} origins`),
  v.transform((origins) => [...new Set(origins)]),
);

/** @param origin of a request's header `Origin`, which may be `null` */
export const allowsOrigin = (origins: readonly string[], origin: string): boolean =>
  origins.includes(ANY_ORIGIN) || origins.includes(origin);
