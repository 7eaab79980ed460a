/**
 * What the service worker does with a request. Decided here alone, from nothing but the request, so that it can be tested without
 * a browser.
 */
export type Route =
  /** A page of the site: from the network, and while that is away the shell that came with this version. */
  | "page"
  /** The document that people's programs run in: of the version of the page that asks, kept or else from the network. */
  | "box"
  /** Named by its content: from this machine if it is here. */
  | "asset"
  /** Which files the runtimes consist of: as the box. The files themselves are kept by the page, which counts them as they come. */
  | "runtimes"
  /** What somebody who practises needs of the API: from the network, kept, and while that is away the kept copy. */
  | "answer"
  /** A statement's picture, named by its content: kept with the answers. */
  | "file"
  /** Signs somebody in or out: only listened to, since it decides whose answers may be kept. */
  | "session"
  /** Everything else goes its way as if there were no service worker. */
  | "untouched";

/** The parts of a Request that matter, with the path of its address and whether that is the site's own. */
export interface Asked {
  method: string;
  sameOrigin: boolean;
  path: string;
  mode: string;
  destination: string;
}

/**
 * Answers that are kept. Nothing of the jury's, of organisers or administrators, nothing live, and no scoreboard: an old one would
 * be taken for the state of the contest.
 */
const answers: readonly RegExp[] = [
  /^\/api\/session$/,
  /^\/api\/problems$/,
  /^\/api\/problems\/[^/]+$/,
  /^\/api\/problems\/[^/]+\/yardstick$/,
  /^\/api\/contests$/,
  /^\/api\/contests\/[^/]+$/,
  /^\/api\/contests\/[^/]+\/problems\/[^/]+$/,
  /^\/api\/submissions$/,
  /^\/api\/submissions\/[^/]+$/,
];

/** Addresses that programs ask for; the site has no pages below them. */
const programs = /^\/(?:api|live|link|v1|ccs|health|ready)(?:\/|$)/;

export function routeOf({ method, sameOrigin, path, mode, destination }: Asked): Route {
  if (!sameOrigin) return "untouched";
  if (path === "/api/session" && (method === "POST" || method === "DELETE")) return "session";
  if (path === "/api/accounts" && method === "POST") return "session";
  if (method !== "GET") return "untouched";
  if (path === "/box.html") return destination === "iframe" ? "box" : "untouched";
  if (path.startsWith("/assets/")) return "asset";
  if (path === "/runtimes.json") return "runtimes";
  if (path.startsWith("/api/files/")) return "file";
  if (mode !== "navigate" && answers.some((pattern) => pattern.test(path))) return "answer";
  // Models have dots in their names.
  const isFile = /\.[a-z0-9]+$/i.test(path) && !path.startsWith("/market/");
  const isPage = mode === "navigate" && destination === "document" && !programs.test(path) && !isFile;
  return isPage ? "page" : "untouched";
}

/** The directives of a Content-Security-Policy by name. */
function directives(policy: string): Map<string, readonly string[]> {
  return new Map(
    policy.split(";").map((directive) => {
      const [name = "", ...values] = directive.trim().split(/\s+/);
      return [name, values];
    }),
  );
}

/** Whether a kept page would still be held by its policy: without one it is neither kept nor served. */
export function isGuardedPage(headers: Headers): boolean {
  const policy = directives(headers.get("content-security-policy") ?? "");
  const scripts = policy.get("script-src");
  return (
    policy.has("default-src") &&
    scripts !== undefined &&
    !scripts.includes("'unsafe-inline'") &&
    policy.has("frame-ancestors")
  );
}

/** Whether a box would be an origin of its own that reaches nothing. */
export function isGuardedBox(headers: Headers): boolean {
  const policy = directives(headers.get("content-security-policy") ?? "");
  const sandbox = policy.get("sandbox");
  return (
    sandbox !== undefined &&
    !sandbox.includes("allow-same-origin") &&
    policy.get("default-src")?.join() === "'none'" &&
    policy.get("connect-src")?.join() === "'none'"
  );
}

/** Whether all that a page names is among a version's files: only then it is of that version. */
export function isWhole(html: string, assets: readonly string[]): boolean {
  const named = html.match(/\/assets\/[\w.-]+/g) ?? [];
  return named.length > 0 && named.every((path) => assets.includes(path));
}

/** Whether somebody between here and the site says that the site is away. */
export function isAway(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

/**
 * What an answer from the network means for the kept copy.
 * @param type the answer's Content-Type
 */
export function afterAnswer(status: number, type: string | null): "keep" | "drop" | "leave" {
  // A page of somebody else's (a hotel's sign-in) is no answer.
  if (status === 200) return type?.startsWith("application/json") ? "keep" : "leave";
  return status === 401 || status === 403 || status === 404 ? "drop" : "leave";
}

/**
 * Whether all answers kept so far may stay when it turns out who is signed in; else those of the account go. What a stranger could
 * read, anybody may.
 * @param before the account they were kept for; null for nobody's, undefined when none are kept
 */
export function mayStay(before: string | null | undefined, now: string | null): boolean {
  return before === undefined || before === null || before === now;
}
