import { signal } from "@preact/signals";

/** Whether the site could not be reached when it was last asked, whatever the browser believes of its network. */
export const away = signal(false);

/** To be told of every answer, and whether it is a kept copy. */
export function observeAnswer(kept: boolean): void {
  away.value = kept;
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
