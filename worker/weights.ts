import * as v from "valibot";
import { FileName } from "../protocol/tab-model.ts";
import type { WeightsList } from "../protocol/weights.ts";
import { byteRange } from "../rules/byte-range.ts";
import { audited } from "./audit.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { modelHosts } from "./model-hosts.ts";
import type { UserRow } from "./tables.ts";
import { importsUnderWay } from "./weight-imports.ts";
import {
  allWeights,
  enter,
  hashOf,
  lengthOf,
  newObject,
  refusedField,
  stored,
  weightsOf,
} from "./weight-store.ts";

/** GET and HEAD /weights/:sha256, by anybody: they never change, and may be asked for in ranges. */
export async function serve(call: Call): Promise<Response> {
  const { env, request } = call;
  const sha256 = param(call, "sha256");
  const row = await env.DB.prepare("SELECT bytes, object FROM weights WHERE sha256 = ?")
    .bind(sha256)
    .first<{ bytes: number; object: string }>();
  if (row === null) throw new ApiError("not_found", "There are no such weights here.");
  const etag = `"${sha256}"`;
  const headers = new Headers({
    etag,
    "accept-ranges": "bytes",
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": "application/octet-stream",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
  if (isKnown(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  if (request.method === "HEAD") {
    headers.set("content-length", String(row.bytes));
    return new Response(null, { headers });
  }
  const ifRange = request.headers.get("if-range");
  const asked = ifRange === null || ifRange === etag ? request.headers.get("range") : null;
  const range = byteRange(asked, row.bytes);
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${row.bytes}`);
    headers.set("cache-control", "no-store");
    headers.delete("content-type");
    return new Response(null, { status: 416, headers });
  }
  const stored = await env.BLOBS.get(row.object, range === null ? {} : { range });
  // Deleted since the database was asked.
  if (stored === null) throw new ApiError("not_found", "There are no such weights here any more.");
  headers.set("content-length", String(range?.length ?? row.bytes));
  if (range === null) return new Response(stored.body, { headers });
  const last = range.offset + range.length - 1;
  headers.set("content-range", `bytes ${range.offset}-${last}/${row.bytes}`);
  return new Response(stored.body, { status: 206, headers });
}

/** Whether the reader has it already (RFC 9110, section 13.1.2: weak tags too). */
const isKnown = (header: string | null, etag: string): boolean =>
  (header ?? "").split(",").some((tag) => ["*", etag, `W/${etag}`].includes(tag.trim()));

/** GET /api/weights, by administrators. */
export async function list({ env }: Call): Promise<Response> {
  const [weights, imports] = await Promise.all([allWeights(env), importsUnderWay(env)]);
  return json({ weights, imports, modelHosts: [...modelHosts(env)] } satisfies WeightsList);
}

/**
 * PUT /api/weights/:sha256?name=…, by administrators: all bytes in one request. R2 keeps them only if they have this hash. What
 * is there already stays, under the name that it has.
 */
export async function importWhole(call: Call, user: UserRow): Promise<Response> {
  const { env, request, url } = call;
  const sha256 = hashOf(call);
  const name = v.safeParse(FileName, url.searchParams.get("name"));
  if (!name.success) throw refusedField("name", name.issues[0].message);
  const bytes = lengthOf(request);
  const there = await weightsOf(env, sha256);
  if (there !== null) {
    await request.body?.pipeTo(new WritableStream()).catch(() => undefined);
    return json(there);
  }
  const object = newObject(sha256);
  await stored(request, (body) => env.BLOBS.put(object, body, { sha256 }));
  await enter(env, user, { sha256, name: name.output, bytes, object });
  return json(await weightsOf(env, sha256), { status: 201 });
}

/** DELETE /api/weights/:sha256, by administrators: answers with the list. */
export async function remove(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const sha256 = hashOf(call);
  const row = await env.DB.prepare("SELECT object FROM weights WHERE sha256 = ?")
    .bind(sha256)
    .first<{ object: string }>();
  if (row === null) throw new ApiError("not_found", "There are no such weights here.");
  try {
    await env.DB.batch([
      env.DB.prepare("DELETE FROM weights WHERE sha256 = ?").bind(sha256),
      audited(env, user.id, "weights.delete", sha256, {}),
    ]);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("a model uses these weights"))) throw error;
    const models = (await weightsOf(env, sha256))?.models ?? [];
    throw new ApiError("invalid_request", "These weights are in use: delete the models first.", [
      `models: ${models.join(", ")}`,
    ]);
  }
  await env.BLOBS.delete(row.object);
  return list(call);
}
