/** Long enough that the figure does not flicker, short enough that it follows a line that gets slower. */
const WINDOW_MS = 5000;
/** What came in less than this says nothing about the next minute. */
const LEAST_MS = 1000;

/** How fast something arrives, over the last seconds. */
export interface DownloadRate {
  /** @param loaded bytes that are here, at a moment in ms */
  note(loaded: number, at: number): void;
  /** Bytes per second; null until enough was seen. Falls while nothing comes. */
  perSecond(now: number): number | null;
}

export function downloadRate(): DownloadRate {
  let seen: { loaded: number; at: number }[] = [];
  return {
    note(loaded, at) {
      seen.push({ loaded, at });
    },
    perSecond(now) {
      // The newest of what lies before the window is where the window's bytes are counted from.
      const from = seen.findLastIndex(({ at }) => at <= now - WINDOW_MS);
      seen = seen.slice(Math.max(0, from));
      const [first, last] = [seen[0], seen.at(-1)];
      if (first === undefined || last === undefined || now - first.at < LEAST_MS) return null;
      return ((last.loaded - first.loaded) / (now - first.at)) * 1000;
    },
  };
}

/** Whole seconds until the rest is here; null while nobody can say. */
export function secondsLeft(rest: number, perSecond: number | null): number | null {
  return perSecond === null || perSecond <= 0 ? null : Math.ceil(rest / perSecond);
}
