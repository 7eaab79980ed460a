/**
 * Where the service worker keeps what the API answered, for when the network is away, and how that is told apart. Both the service
 * worker and the page import this.
 */

/** The cache that holds one account's answers: the one that its copy of /api/session names. */
export const ANSWERS = "answers";

/** Header of a kept copy: when it was kept, in ms since 1970. An answer that came just now has none. */
export const KEPT_AT = "x-kept-at";

/** Where the service worker tells pages that what is kept has changed. */
export const keptNews = (): BroadcastChannel => new BroadcastChannel("kept");

/** Deletes what is kept for whoever was signed in. */
export async function forgetAnswers(): Promise<void> {
  await globalThis.caches?.delete(ANSWERS);
}
