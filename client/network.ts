import { signal } from "@preact/signals";

/** Whether the site could not be reached when it was last asked, whatever the browser believes of its network. */
export const away = signal(false);

/** When the oldest kept copy that is shown was kept; null while everything shown has just come. */
export const keptAt = signal<number | null>(null);

/**
 * To be told of every answer.
 * @param kept when the answer was kept, in ms since 1970; null when it came just now
 */
export function observeAnswer(kept: number | null): void {
  away.value = kept !== null;
  keptAt.value = kept === null ? null : Math.min(kept, keptAt.value ?? kept);
}

/** To be told of every question that got no answer. */
export function observeSilence(): void {
  away.value = true;
}

/** Waits, but no longer than until the browser says that there is a network again. */
export function pauseOffline(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener?.("online", done);
  });
}
