import type { Store } from "./store.ts";

/** What a compiler made of some sources. */
export type Made =
  | {
      ok: true;
      /** All that compiling left in the store. */
      folder: string;
      /** The folder in it to be shown at /box. */
      box: string;
      output: string;
      bytes: number;
    }
  | { ok: false; output: string };

/**
 * What was compiled lately, so that identical sources compile once: a rejudging, a team's second try, or two teams'
 * same program. What is in use stays; of the rest the oldest goes when there is too much.
 *
 *     wanted -> made once, whoever else wants it meanwhile waits -> in use by some -> in use by none -> dropped
 *                                 \-> refused by the compiler, or failed: told to those who waited, and forgotten
 */
export interface Compilations {
  /**
   * What `make` makes, unless it is there already.
   *
   * @param key - the same only where `make` would make the same
   * @returns what was made, and what to call when it is no longer used
   */
  take(key: string, make: () => Promise<Made>): Promise<{ made: Made; release(): Promise<void> }>;
  /** Drops all that is in use by none. */
  clear(): Promise<void>;
}

/** Programs of contests are some ten kilobytes to a few megabytes. */
const MAX_IDLE_BYTES = 512 * 1024 * 1024;

interface Kept {
  made: Promise<Made>;
  bytes: number;
  users: number;
}

export function openCompilations(remove: Store["remove"], maxIdleBytes = MAX_IDLE_BYTES): Compilations {
  // The first is the one that was used longest ago.
  const kept = new Map<string, Kept>();

  const trim = async (most: number): Promise<void> => {
    const idle = [...kept].filter(([, { users }]) => users === 0);
    let bytes = idle.reduce((sum, [, each]) => sum + each.bytes, 0);
    for (const [key, each] of idle) {
      if (bytes <= most) return;
      bytes -= each.bytes;
      kept.delete(key);
      const made = await each.made;
      if (made.ok) await remove(made.folder);
    }
  };

  const add = (key: string, make: () => Promise<Made>): Kept => {
    const entry: Kept = { made: make(), bytes: 0, users: 0 };
    const forget = (): void => void kept.delete(key);
    const settle = (made: Made): void => {
      if (made.ok) entry.bytes = made.bytes;
      else forget();
    };
    entry.made.then(settle, forget);
    return entry;
  };

  return {
    take: async (key, make) => {
      const entry = kept.get(key) ?? add(key, make);
      kept.delete(key);
      kept.set(key, entry);
      entry.users++;
      const made = await entry.made;
      let released = false;
      const release = async (): Promise<void> => {
        if (released) return;
        released = true;
        entry.users--;
        await trim(maxIdleBytes);
      };
      return { made, release };
    },
    // Less than nothing: what has no bytes has a folder too.
    clear: () => trim(-1),
  };
}

const perStore = new WeakMap<Store, Compilations>();

/** Those of a store, whose folders they are. */
export function compilationsOf(store: Store): Compilations {
  const known = perStore.get(store) ?? openCompilations(store.remove);
  perStore.set(store, known);
  return known;
}
