/**
 * What each kind of document may do, as its Content-Security-Policy. Said here once: the Worker serves by it, and the
 * rooms whose code must live under it are tested under it.
 */

/** The site's own pages: our own files only, and no inline script or style but style sheets with this answer's nonce. */
export function sitePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * The box in which people's programs run: an origin of its own that reaches nothing, and one script, ours, by its hash.
 * `'self'` would not do: user code could then ask our server for scripts, and so tell it things.
 * `sandbox` stands in the header so that the document is opaque even when it is opened directly.
 *
 * @param scriptHash SHA-256 of the inline script in base64
 */
export function boxPolicy(scriptHash: string): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}' blob: 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-scripts",
  ].join("; ");
}

/** The service worker, whose own requests are those of its script's header: this site and nothing else. */
export const serviceWorkerPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'";
