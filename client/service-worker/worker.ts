import * as v from "valibot";
import { SessionView } from "../../protocol/account.ts";
import { forgetAccount } from "../forget-account.ts";
import { ANSWERS, KEPT_AT, keptNews } from "../kept-answers.ts";
import { deliverWaiting, OUTBOX_TAG } from "../outbox.ts";
import {
  afterAnswer,
  isAway,
  isGuardedBox,
  isGuardedPage,
  isWhole,
  mayStay,
  routeOf,
  type Route,
} from "./routing.ts";

declare const self: ServiceWorkerGlobalScope;

/** Background Sync (https://wicg.github.io/background-sync/spec/), which the compiler's list of events does not have. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}
declare global {
  interface ServiceWorkerGlobalScopeEventMap {
    sync: SyncEvent;
  }
}

/** Put here by the build: what this version of the site is called, and every file of it. */
declare const VERSION: string;
declare const ASSETS: readonly string[];

/**
 * Keeps the site working while the network is away.
 *
 *     first visit --install--> everything of this version kept --activate--> answers this site's requests
 *     later visit, site has changed --install (unchanged files are copied)--> activate: takes over the open pages, which still
 *     find the files of their own version, the box and the list of runtimes too; those are deleted when a page is opened and no
 *     other is.
 */
const appOf = (version: string): string => `app-${version}`;
const APP = appOf(VERSION);
const isApp = (name: string): boolean => name.startsWith(appOf(""));

/** Versions that open pages may be of, beside this one; pages of older ones are told to reload when they miss something. */
const OLD_VERSIONS = 3;

/** How long the network may take before what is kept is shown instead. */
const PATIENCE_MS = 3000;

/** More answers than anybody's practice needs; the oldest go first. */
const MOST_ANSWERS = 2000;

self.addEventListener("install", (event) => {
  event.waitUntil(keepApp().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldApps().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const sameOrigin = url.origin === self.location.origin;
  const { method, mode, destination } = request;
  const route = routeOf({ method, sameOrigin, path: url.pathname, mode, destination });
  const answer = answerTo(route, event);
  if (answer) event.respondWith(answer);
});

function answerTo(route: Route, event: FetchEvent): Promise<Response> | null {
  switch (route) {
    case "page":
      event.waitUntil(dropOldApps());
      return newestPage(event.request);
    case "box":
      return ofOneVersion(event.request, isGuardedBox);
    case "runtimes":
      return ofOneVersion(event.request, () => true);
    case "asset":
      return fromHere(event.request);
    case "answer":
      return newestAnswer(event);
    case "file":
      return keptFile(event.request);
    case "session":
      return sessionChange(event);
    case "untouched":
      return null;
    default:
      return route satisfies never;
  }
}

/** Keeps every file of this version, or nothing: half a version would be worse than the one before. */
async function keepApp(): Promise<void> {
  const cache = await caches.open(APP);
  await Promise.all([
    keepDocument(cache, "/", isGuardedPage),
    keepDocument(cache, "/box.html", isGuardedBox),
    keepDocument(cache, "/runtimes.json", () => true),
    ...ASSETS.map((path) => keepAsset(cache, path)),
  ]);
}

async function keepDocument(
  cache: Cache,
  path: string,
  guarded: (headers: Headers) => boolean,
): Promise<void> {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  if (!guarded(response.headers)) throw new Error(`${path} came without its Content-Security-Policy.`);
  // The site may have changed once more since this worker came.
  if (path === "/" && !isWhole(await response.clone().text(), ASSETS))
    throw new Error("The page is of another version.");
  await cache.put(path, response);
}

async function keepAsset(cache: Cache, path: string): Promise<void> {
  const response = (await caches.match(path)) ?? (await fetch(path));
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  await cache.put(path, response);
}

/** Deletes other versions; while pages are open, those may still need files of the one before this. */
async function dropOldApps(): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  // In the order in which they were made.
  const others = (await caches.keys()).filter((name) => isApp(name) && name !== APP);
  const old = pages.length === 0 ? others : others.slice(0, -OLD_VERSIONS);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** What the network says if it says it in time, and else what is kept, if anything is; a late answer is then waited for. */
async function networkFirst(
  network: Promise<Response>,
  kept: () => Promise<Response | undefined>,
): Promise<Response> {
  // (A gateway's word that the site is away is passed on when there is nothing better.)
  const away = network.then((response) => isAway(response.status)).catch(() => true);
  const late = new Promise<true>((resolve) => setTimeout(resolve, PATIENCE_MS, true));
  if (await Promise.race([away, late])) return (await kept()) ?? network;
  return network;
}

async function keptDocument(
  app: string,
  path: string,
  guarded: (headers: Headers) => boolean,
): Promise<Response | undefined> {
  const kept = await caches.match(path, { cacheName: app, ignoreVary: true });
  return kept && guarded(kept.headers) ? kept : undefined;
}

function newestPage(request: Request): Promise<Response> {
  return networkFirst(fetch(request), () => keptDocument(APP, "/", isGuardedPage));
}

/** A document that must be of the page's own version of the site, which its address tells: the site may have a newer one by now. */
async function ofOneVersion(request: Request, guarded: (headers: Headers) => boolean): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const app = appOf(searchParams.get("v") ?? VERSION);
  return (await keptDocument(app, pathname, guarded)) ?? fetch(request);
}

async function fromHere(request: Request): Promise<Response> {
  return (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

/** Counts sign-ins and sign-outs: an answer to a question asked before one must not be kept after it. */
let turn = 0;

/** Changes of what is kept happen one after the other. */
let keeping: Promise<void> = Promise.resolve();
const news = keptNews();
function inOrder(change: () => Promise<void>): Promise<void> {
  keeping = keeping
    .then(change)
    .then(() => news.postMessage({}))
    .catch((error: unknown) => console.error(error));
  return keeping;
}

function newestAnswer(event: FetchEvent): Promise<Response> {
  const { url } = event.request;
  const asked = turn;
  const network = fetch(event.request);
  const kept = network.then(
    (response) => {
      const copy = response.clone();
      return inOrder(async () => {
        if (asked === turn) await keepAnswer(url, copy);
      });
    },
    () => undefined,
  );
  event.waitUntil(kept);
  return networkFirst(network, async () => (await caches.open(ANSWERS)).match(url, { ignoreVary: true }));
}

async function keepAnswer(url: string, response: Response): Promise<void> {
  const after = afterAnswer(response.status, response.headers.get("content-type"));
  if (after === "leave") return;
  const cache = await caches.open(ANSWERS);
  if (after === "drop") {
    await cache.delete(url);
    return;
  }
  const body = await response.text();
  if (new URL(url).pathname === "/api/session" && !(await makeRoomFor(body))) return;
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, String(Date.now()));
  // Opened anew: it may have been deleted just now.
  await (await caches.open(ANSWERS)).put(url, new Response(body, { status: 200, headers }));
  await dropOldest();
}

async function dropOldest(): Promise<void> {
  const cache = await caches.open(ANSWERS);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_ANSWERS)).map((key) => cache.delete(key)));
}

/** Whom a session's text tells of: null for nobody, undefined when it cannot be understood. */
function accountIn(text: string): string | null | undefined {
  try {
    const parsed = v.safeParse(SessionView, JSON.parse(text));
    return parsed.success ? (parsed.output.account?.id ?? null) : undefined;
  } catch {
    return undefined;
  }
}

/** Deletes another account's answers. @returns whether the session could be understood */
async function makeRoomFor(session: string): Promise<boolean> {
  const now = accountIn(session);
  if (now === undefined) return false;
  const kept = await (await caches.open(ANSWERS)).match("/api/session");
  const before = kept === undefined ? undefined : accountIn(await kept.text());
  if (!mayStay(before, now)) await forgetAccount();
  return true;
}

/** Signing in and out goes to the network alone; afterwards only what everybody may see stays. */
async function sessionChange(event: FetchEvent): Promise<Response> {
  const response = await fetch(event.request);
  if (!response.ok) return response;
  turn += 1;
  const isOut = event.request.method === "DELETE";
  const refreshed = inOrder(async () => {
    if (isOut) await forgetAccount();
    const session = await fetch("/api/session", { headers: { accept: "application/json" } });
    await keepAnswer(new URL("/api/session", self.location.origin).href, session);
  });
  // Whoever signs out and leaves must find everything of theirs gone.
  if (isOut) await refreshed;
  else event.waitUntil(refreshed);
  return response;
}

async function keptFile(request: Request): Promise<Response> {
  const cache = await caches.open(ANSWERS);
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (kept) return kept;
  const asked = turn;
  const response = await fetch(request);
  if (response.ok && asked === turn) await cache.put(request.url, response.clone());
  return response;
}

/** The browser says that the network is back, also when no page is open any more. */
self.addEventListener("sync", (event) => {
  if (event.tag === OUTBOX_TAG) event.waitUntil(deliverWaiting());
});
