import * as v from "valibot";
import { LeaseSource } from "../protocol/judge.ts";
import { ChangeJudging } from "../protocol/judge-list.ts";
import { Sha256 } from "../protocol/text.ts";
import { audited } from "./audit.ts";
import { loadBlob } from "./blobs.ts";
import { judgeQueue } from "./env.ts";
import type { Judge } from "./guards.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { requireUpgrade } from "./live.ts";
import { sourceOf } from "./submission-rows.ts";
import type { UserRow } from "./tables.ts";

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
    headers: {
      "content-type": "application/zip",
      "content-length": String(blob.size),
      // Hidden tests, for this judge alone.
      "cache-control": "no-store",
    },
  });
}

/** GET /link/judge/leases/:id/source: of a submission or a custom run, only while the judge holds the lease. */
export async function source(call: Call, judge: Judge): Promise<Response> {
  const held = await judgeQueue(call.env).holds(judge.id, param(call, "id"));
  if (held?.work.work === "submission") {
    const files = await sourceOf(call.env, held.work.submission);
    return json({ ...files, input: null } satisfies LeaseSource);
  }
  const row =
    held?.work.work === "custom run" &&
    (await call.env.DB.prepare("SELECT source FROM tasks WHERE lease = ?")
      .bind(held.work.lease)
      .first<{ source: string }>());
  if (!row) throw new ApiError("lease_not_held", "This judge does not hold this lease of a program.");
  return json(v.parse(LeaseSource, JSON.parse(row.source)));
}

/** PUT /api/judging: an administrator closes the queue with a sentence, or opens it. */
export async function change(call: Call, administrator: UserRow): Promise<Response> {
  const { env } = call;
  const { closed } = await readJson(call.request, ChangeJudging);
  await env.DB.batch([
    env.DB.prepare("UPDATE judging SET closed = ? WHERE id = 1").bind(closed),
    audited(env, administrator.id, closed === null ? "judging.open" : "judging.close", "", { closed }),
  ]);
  return status(call);
}
