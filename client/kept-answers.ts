/**
 * Where the service worker keeps what the API answered, for when the network is away, and how that is told apart. Both the service
 * worker and the page import this.
 */

/** The cache of answers: of one account, the one that its copy of /api/session names, and of what everybody may read. */
export const ANSWERS = "answers";

/** Header of a kept copy: when it was kept, in ms since 1970. An answer that came just now has none. */
export const KEPT_AT = "x-kept-at";

/** Where the service worker tells pages that what is kept has changed. */
export const keptNews = (): BroadcastChannel => new BroadcastChannel("kept");
