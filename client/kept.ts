import { signal } from "@preact/signals";
import { ANSWERS, KEPT_AT, keptNews } from "./kept-answers.ts";

/** The page's view of the answers that the service worker keeps: which problems can be opened without the network. */

/** Paths of the API whose answers are kept, with their queries; empty where nothing can be. */
export const keptPaths = signal<ReadonlySet<string>>(new Set());

const pathOf = (request: Request): string => {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
};

/** Some private modes have the interface and refuse its use. */
async function openAnswers(): Promise<Cache | null> {
  if (globalThis.caches === undefined) return null;
  return caches.open(ANSWERS).catch(() => null);
}

let news: BroadcastChannel | null = null;

/** Looks at what is kept, and from then on whenever that changes. */
export async function lookAtKept(): Promise<void> {
  if (news === null) {
    news = keptNews();
    news.addEventListener("message", () => void lookAtKept());
  }
  const requests = (await (await openAnswers())?.keys()) ?? [];
  keptPaths.value = new Set(requests.map(pathOf));
}

/** A kept answer's text and size; null when it is not kept. */
export async function readKept(path: string): Promise<Blob | null> {
  return (await (await (await openAnswers())?.match(path, { ignoreVary: true }))?.blob()) ?? null;
}

/**
 * Asks for an answer and keeps it; here and not by the service worker, so that it is kept when this has ended.
 * @returns the answer's bytes
 * @throws Error when it cannot be had or kept; what `stop` was aborted with when it fired
 */
export async function keepAnswer(path: string, stop: AbortSignal): Promise<Blob> {
  const response = await fetch(path, { headers: { accept: "application/json" }, signal: stop });
  if (!response.ok || response.headers.has(KEPT_AT)) throw new Error(`${path} could not be loaded.`);
  const cache = await openAnswers();
  if (cache === null) throw new Error("This browser keeps nothing.");
  const content = await response.blob();
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, String(Date.now()));
  await cache.put(path, new Response(content, { headers }));
  return content;
}

/** Deletes what is kept at these paths. */
export async function forgetPaths(paths: Iterable<string>): Promise<void> {
  const cache = await openAnswers();
  await Promise.all([...paths].map((path) => cache?.delete(path)));
  await lookAtKept();
}
