import { sha256Base64 } from "./digest.ts";
import type { Call } from "./http.ts";

const common = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** The site's own pages: nothing but our own files, and no inline script or style without this answer's nonce. */
function siteHeaders(nonce: string): Record<string, string> {
  const policy = [
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
  ];
  return {
    ...common,
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-cache",
  };
}

/**
 * The box in which people's programs run: an origin of its own that can reach nothing, and one script, ours, by its hash.
 * `sandbox` stands in the header so that the document is opaque even when it is opened directly.
 */
function boxHeaders(scriptHash: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${scriptHash}' blob: 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-scripts",
  ];
  return { ...common, "content-security-policy": policy.join("; "), "cache-control": "no-cache" };
}

/** Every address that is not the API's: a document with its headers, or a plain file of the site. */
export async function document(call: Call): Promise<Response> {
  const { pathname } = call.url;
  if (call.request.method !== "GET" && call.request.method !== "HEAD") {
    return new Response("Only GET is possible here.\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (pathname === "/box.html") return box(call);
  const isFile = /\.[a-z0-9]+$/i.test(pathname);
  return isFile ? file(call, pathname) : page(call);
}

async function page(call: Call): Promise<Response> {
  const nonce = crypto.randomUUID();
  const shell = await asset(call, "/index.html");
  if (!shell.ok) return new Response("The site has not been built.\n", { status: 503, headers: common });
  // Each answer has a nonce of its own, so a page must never be revalidated into an older answer's body.
  const fresh = withHeaders(shell, siteHeaders(nonce));
  fresh.headers.delete("etag");
  return new HTMLRewriter()
    .on('meta[name="csp-nonce"]', { element: (meta) => void meta.setAttribute("content", nonce) })
    .transform(fresh);
}

async function box(call: Call): Promise<Response> {
  const html = await (await asset(call, "/box.html")).text();
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1];
  if (script === undefined)
    return new Response("The box has not been built.\n", { status: 503, headers: common });
  const headers = { ...boxHeaders(await sha256Base64(script)), "content-type": "text/html; charset=utf-8" };
  return new Response(html, { headers });
}

async function file(call: Call, path: string): Promise<Response> {
  const found = await call.env.ASSETS.fetch(new Request(new URL(path, call.url), call.request));
  return withHeaders(found, { ...common, "cache-control": "no-cache" });
}

const asset = (call: Call, path: string): Promise<Response> => call.env.ASSETS.fetch(new URL(path, call.url));

function withHeaders(response: Response, headers: Record<string, string>): Response {
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
  return copy;
}
