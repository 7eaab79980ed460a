/** Put here by the build of the client; nowhere else is there one. */
declare const SITE_VERSION: string | undefined;
const version = typeof SITE_VERSION === "undefined" ? null : SITE_VERSION;

/**
 * Where a page asks for a document that belongs to its own version of the site. The site may have a newer one by now, which the service
 * worker can tell by this address; the site itself takes no notice of it.
 */
export const ofThisVersion = (path: string): string => (version === null ? path : `${path}?v=${version}`);
