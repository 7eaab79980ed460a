import { ApiError, param, type Call } from "./http.ts";

/** With a hash inside, so that a name never means two things: `cpp-library.0123456789abcdef.json`. */
const NAME = /^[a-z0-9][a-z0-9_.-]*\.[0-9a-f]{8,64}\.[a-z0-9_.-]+$/i;
const LONGEST_NAME = 128;

/** Where the site that made them has put them (scripts/prepare.ts). */
const keyOf = (name: string): string => `runtimes/${name}`;

/**
 * GET /runtimes/:name: a static file, or what the site made for browsers after its start. Until then there is nothing, which
 * nobody may remember.
 */
export async function show(call: Call): Promise<Response> {
  const file = await call.env.ASSETS.fetch(call.request);
  if (file.status !== 404) return file;
  const name = param(call, "name");
  const known = name.length <= LONGEST_NAME && NAME.test(name);
  const found = known ? await call.env.BLOBS.get(keyOf(name)) : null;
  if (!found) throw new ApiError("not_found", "There is no such file.");
  return new Response(found.body, {
    headers: {
      "content-type": name.endsWith(".json") ? "application/json" : "application/octet-stream",
      "content-length": String(found.size),
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    },
  });
}
