/**
 * What of the runtimes is on this machine, by path: in the Cache API, so that later visits and visits without a network find it.
 * Where there is none (pages over plain HTTP), or it takes no more (a full disk), in memory for as long as the page lives.
 */

const CACHE = "runtimes";
const held = new Map<string, Blob>();

async function openCache(): Promise<Cache | null> {
  if (globalThis.caches === undefined) return null;
  // Some private modes have the interface and refuse its use.
  return caches.open(CACHE).catch(() => null);
}

const pathOf = (request: Request): string => {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
};

/** Whether what is kept is still there on the next visit. */
export const lasts = (): boolean => globalThis.caches !== undefined;

export async function keep(path: string, content: Blob): Promise<void> {
  try {
    const cache = await openCache();
    if (cache === null) held.set(path, content);
    else await cache.put(path, new Response(content));
  } catch {
    held.set(path, content);
  }
}

export async function take(path: string): Promise<Blob | null> {
  const response = held.has(path) ? undefined : await (await openCache())?.match(path);
  return held.get(path) ?? (await response?.blob()) ?? null;
}

export async function keptPaths(): Promise<Set<string>> {
  const requests = (await (await openCache())?.keys()) ?? [];
  return new Set([...held.keys(), ...requests.map(pathOf)]);
}

/** What each cache of the site has at a path. */
export async function keptTexts(path: string): Promise<string[]> {
  if (!lasts()) return [];
  const names = await caches.keys().catch((): string[] => []);
  // Not opened: one that goes meanwhile would be made anew.
  const found = names.map(async (cacheName) => (await caches.match(path, { cacheName }))?.text());
  return (await Promise.all(found)).filter((text) => text !== undefined);
}

export async function forget(path: string): Promise<void> {
  held.delete(path);
  await (await openCache())?.delete(path);
}

export async function forgetAll(): Promise<void> {
  held.clear();
  if (lasts()) await caches.delete(CACHE);
}
