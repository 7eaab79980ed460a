import { boxPolicy, serviceWorkerPolicy, sitePolicy } from "../protocol/documents.ts";
import { sha256Base64 } from "./digest.ts";
import type { Call } from "./http.ts";

const common = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const siteHeaders = (nonce: string): Record<string, string> => ({
  ...common,
  "content-security-policy": sitePolicy(nonce),
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "cache-control": "no-cache",
});

/** Every address that is not the API's: a document with its headers, or a plain file of the site. */
export async function document(call: Call): Promise<Response> {
  const { pathname } = call.url;
  if (call.request.method !== "GET" && call.request.method !== "HEAD") {
    return new Response("Only GET is possible here.\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  if (pathname.startsWith("/assets/")) return namedByContent(call);
  if (pathname === "/index.html") return page(call);
  if (pathname === "/box.html") return box(call);
  if (pathname === "/service-worker.js") return file(call, pathname, serviceWorkerHeaders);
  // Models have dots in their names.
  const isFile = /\.[a-z0-9]+$/i.test(pathname) && !pathname.startsWith("/market/");
  return isFile ? file(call, pathname, fileHeaders) : page(call);
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
  const headers = {
    ...common,
    "content-security-policy": boxPolicy(await sha256Base64(script)),
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
  };
  return new Response(html, { headers });
}

const fileHeaders = { ...common, "cache-control": "no-cache" };

/** It answers for every page, so what it may reach is its own header's to say: nothing but this site. */
const serviceWorkerHeaders = { ...fileHeaders, "content-security-policy": serviceWorkerPolicy };

async function file(call: Call, path: string, headers: Record<string, string>): Promise<Response> {
  const found = await call.env.ASSETS.fetch(new Request(new URL(path, call.url), call.request));
  return withHeaders(found, headers);
}

/** Has its headers from the site's files. Whoever asks for one that is not there, or not yet, must not remember that. */
async function namedByContent(call: Call): Promise<Response> {
  const found = await call.env.ASSETS.fetch(call.request);
  return found.status === 404 ? withHeaders(found, fileHeaders) : found;
}

const asset = (call: Call, path: string): Promise<Response> => call.env.ASSETS.fetch(new URL(path, call.url));

function withHeaders(response: Response, headers: Record<string, string>): Response {
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
  return copy;
}
