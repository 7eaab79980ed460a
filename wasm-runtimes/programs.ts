import type { SourceFile } from "./contract.ts";

/** Keeps compiled programs for this page and for later visits, by all that they are made from. */
export interface ProgramShelf {
  get(files: readonly SourceFile[]): Promise<Blob | null>;
  put(files: readonly SourceFile[], program: Blob): Promise<void>;
}

const CACHE = "programs";
/** Programs of at most about a megabyte each: what somebody works on in a week. */
const KEPT = 100;
const HELD = 10;

/**
 * @param toolchain what changes with the language, its compiler, the libraries and the options
 */
export function programShelf(toolchain: string): ProgramShelf {
  const held = new Map<string, Blob>();

  function hold(key: string, program: Blob): void {
    held.delete(key);
    held.set(key, program);
    for (const oldest of held.keys()) {
      if (held.size <= HELD) break;
      held.delete(oldest);
    }
  }
  return {
    async get(files) {
      const key = await keyOf(toolchain, files);
      if (key === null) return null;
      const found =
        held.get(key) ?? (await (await openCache())?.match(path(key)).then((kept) => kept?.blob()));
      if (found === undefined) return null;
      hold(key, found);
      return found;
    },
    async put(files, program) {
      const key = await keyOf(toolchain, files);
      if (key === null) return;
      hold(key, program);
      const cache = await openCache();
      try {
        await cache?.put(path(key), new Response(program));
        // In the order in which they were put.
        const keys = (await cache?.keys()) ?? [];
        for (const old of keys.slice(0, Math.max(0, keys.length - KEPT))) await cache?.delete(old);
      } catch {
        // A full disk only means that it is compiled again next time.
      }
    },
  };
}

/** No file of the site, only a name in the cache. */
const path = (key: string): string => `/runtimes/program?of=${key}`;

/** Null on pages over plain HTTP, where the browser neither hashes nor keeps. */
async function keyOf(toolchain: string, files: readonly SourceFile[]): Promise<string | null> {
  if (!("subtle" in crypto)) return null;
  const all = JSON.stringify([toolchain, files.map(({ name, text }) => [name, text])]);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(all));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function openCache(): Promise<Cache | null> {
  return "caches" in globalThis ? caches.open(CACHE) : null;
}
