import type { Call } from "./http.ts";
import { newJobId } from "./job-order.ts";

/** GET /v1/openapi.json, by anybody and any page: the API's document, which is a file of the build (scripts/openapi). */
export async function show({ env, url, request }: Call): Promise<Response> {
  const found = await env.ASSETS.fetch(new Request(new URL("/openapi.json", url), request));
  if (!found.ok && found.status !== 304) throw new Error(`the API's document is not there: ${found.status}`);
  const document = new Response(found.body, found);
  document.headers.set("access-control-allow-origin", "*");
  document.headers.set("cache-control", "no-cache");
  document.headers.set("x-content-type-options", "nosniff");
  document.headers.set("x-request-id", newJobId());
  return document;
}
