import * as v from "valibot";
import type { LeaseSource } from "../protocol/judge.ts";
import { Sha256 } from "../protocol/text.ts";
import { loadBlob } from "./blobs.ts";
import { judgeQueue } from "./env.ts";
import type { Judge } from "./guards.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { requireUpgrade } from "./live.ts";

/** GET /api/judging: can anything be judged now, and if not, why. */
export async function status(call: Call): Promise<Response> {
  return json(await judgeQueue(call.env).status());
}

/** GET /link/judge: a judge's socket, as protocol/judge.ts draws it. */
export async function link(call: Call, judge: Judge): Promise<Response> {
  requireUpgrade(call);
  const request = new Request(call.request);
  request.headers.set("x-judge-id", judge.id);
  request.headers.set("x-judge-name", judge.name);
  return judgeQueue(call.env).fetch(request);
}

/** GET /link/judge/packages/:hash: the zip, exactly as it was uploaded. */
export async function packageBytes(call: Call): Promise<Response> {
  const hash = param(call, "hash");
  const blob = v.is(Sha256, hash) ? await loadBlob(call.env, hash) : null;
  if (!blob) throw new ApiError("not_found", "There is no such package.");
  return new Response(blob.body, {
    headers: { "content-type": "application/zip", "content-length": String(blob.size) },
  });
}

/** GET /link/judge/leases/:id/source: only while the judge holds the lease. */
export async function source(call: Call, judge: Judge): Promise<Response> {
  const submission = await judgeQueue(call.env).holds(judge.id, param(call, "id"));
  const row =
    submission &&
    (await call.env.DB.prepare("SELECT source FROM submissions WHERE id = ?")
      .bind(submission)
      .first<{ source: string }>());
  if (!row) throw new ApiError("lease_not_held", "This judge does not hold this lease.");
  return json({ source: row.source } satisfies LeaseSource);
}
