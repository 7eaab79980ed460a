import * as v from "valibot";
import { FileName, WeightsBytes } from "../protocol/tab-model.ts";
import { Count, Instant, Sha256 } from "../protocol/text.ts";
import { NewWeightsImport, partBytes, partCount, WeightsImport } from "../protocol/weights.ts";
import { streamSha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";
import {
  enter,
  hashOf,
  newObject,
  refusedField,
  requireLength,
  stored,
  weightsOf,
  WRONG_BYTES,
} from "./weight-store.ts";

/** R2 drops what was not finished within a week; an import that is nearly as old begins anew. */
const OLDEST_MS = 6 * 24 * 3_600_000;

const ImportRow = v.pipe(
  v.object({
    sha256: Sha256,
    name: FileName,
    bytes: WeightsBytes,
    startedAt: Instant,
    object: v.string(),
    upload: v.string(),
    parts: v.pipe(v.string(), v.parseJson(), v.array(v.object({ number: Count, etag: v.string() }))),
  }),
);
type ImportRow = v.InferOutput<typeof ImportRow>;

const LISTED = `SELECT sha256, name, bytes, started_at AS startedAt, object, upload,
     (SELECT json_group_array(json_object('number', number, 'etag', etag) ORDER BY number)
      FROM weight_parts p WHERE p.object = i.object) AS parts
   FROM weight_imports i`;

const told = ({ sha256, name, bytes, startedAt, parts }: ImportRow): WeightsImport => ({
  sha256,
  name,
  bytes,
  startedAt,
  parts: parts.map(({ number }) => number),
});

/** The newest first. */
export async function importsUnderWay(env: Env): Promise<WeightsImport[]> {
  const { results } = await env.DB.prepare(`${LISTED} ORDER BY started_at DESC, sha256`).all();
  return v.parse(v.array(ImportRow), results).map(told);
}

async function importOf(env: Env, sha256: string): Promise<ImportRow | null> {
  const row = await env.DB.prepare(`${LISTED} WHERE sha256 = ?`).bind(sha256).first();
  return row === null ? null : v.parse(ImportRow, row);
}

async function requireImport(call: Call): Promise<ImportRow> {
  const row = await importOf(call.env, hashOf(call));
  if (row === null) throw new ApiError("not_found", "No import of these weights is under way. Begin one.");
  return row;
}

/** POST /api/weights/:sha256/parts: begins an import, or goes on with the one that there is; answers which parts have come. */
export async function begin(call: Call): Promise<Response> {
  const { env, request } = call;
  const sha256 = hashOf(call);
  const { name, bytes } = await readJson(request, NewWeightsImport);
  if ((await weightsOf(env, sha256)) !== null)
    throw new ApiError("name_taken", "These weights are here already.");
  const before = await importOf(env, sha256);
  if (before !== null && before.bytes === bytes && before.startedAt > Date.now() - OLDEST_MS)
    return json(told(before));
  if (before !== null) await forget(env, before);
  const object = newObject(sha256);
  const { uploadId } = await env.BLOBS.createMultipartUpload(object);
  await env.DB.prepare(
    `INSERT INTO weight_imports (sha256, name, bytes, object, upload, started_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (sha256) DO NOTHING`,
  )
    .bind(sha256, name, bytes, object, uploadId, Date.now())
    .run();
  const begun = await requireImport(call);
  // Another began it at the same moment.
  if (begun.object !== object) await env.BLOBS.resumeMultipartUpload(object, uploadId).abort();
  return json(told(begun), { status: 201 });
}

/** PUT /api/weights/:sha256/parts/:number: one part, in place of the one that came before. */
export async function putPart(call: Call): Promise<Response> {
  const { env, request } = call;
  const row = await requireImport(call);
  const number = v.safeParse(Count, Number(param(call, "number")));
  const count = partCount(row.bytes);
  if (!number.success || number.output < 1 || number.output > count)
    throw refusedField("number", `must be from 1 to ${count}`);
  requireLength(request, partBytes(row.bytes, number.output));
  const upload = env.BLOBS.resumeMultipartUpload(row.object, row.upload);
  const { etag } = await stored(request, (body) => upload.uploadPart(number.output, body)).catch((error) =>
    lost(env, row, error),
  );
  await env.DB.prepare(
    `INSERT INTO weight_parts (object, number, etag) SELECT object, ?2, ?3 FROM weight_imports WHERE object = ?1
     ON CONFLICT (object, number) DO UPDATE SET etag = excluded.etag`,
  )
    .bind(row.object, number.output, etag)
    .run();
  return json(told(await requireImport(call)));
}

/**
 * POST /api/weights/:sha256/whole: puts the parts together, reads all of it again, and only then lets it be seen. Asked again
 * after it broke off, it goes on; other bytes than promised are thrown away with all their parts.
 */
export async function finish(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const row = await requireImport(call);
  const count = partCount(row.bytes);
  if (row.parts.length < count)
    throw new ApiError("not_finished", `${row.parts.length} of ${count} parts have come.`);
  const whole = await putTogether(env, row);
  if (whole.size !== row.bytes || (await streamSha256(whole.body)) !== row.sha256) {
    await forget(env, row);
    throw refusedField("sha256", WRONG_BYTES);
  }
  await enter(env, user, row, [
    env.DB.prepare("DELETE FROM weight_imports WHERE object = ?").bind(row.object),
  ]);
  return json(await weightsOf(env, row.sha256), { status: 201 });
}

async function putTogether(env: Env, row: ImportRow): Promise<R2ObjectBody> {
  const before = await env.BLOBS.get(row.object);
  if (before !== null) return before;
  const parts = row.parts.map(({ number, etag }) => ({ partNumber: number, etag }));
  await env.BLOBS.resumeMultipartUpload(row.object, row.upload)
    .complete(parts)
    .catch((error) => lost(env, row, error));
  const whole = await env.BLOBS.get(row.object);
  if (whole === null) throw new Error(`R2 has put together ${row.object}, and does not have it`);
  return whole;
}

/** R2 no longer has the upload, or not the parts that were written down: what there is of it is good for nothing. */
async function lost(env: Env, row: ImportRow, error: unknown): Promise<never> {
  const text = error instanceof Error ? error.message : "";
  // R2's errors 10024 and 10025.
  if (!/upload does not exist|parts could not be found/i.test(text)) throw error;
  await forget(env, row);
  throw new ApiError("not_finished", "The parts of this import were lost. Begin it again.");
}

/** DELETE /api/weights/:sha256/parts: gives an import up. */
export async function abandon(call: Call): Promise<Response> {
  await forget(call.env, await requireImport(call));
  return json({});
}

/** The bytes first: what is still written down can be given up again. */
async function forget(env: Env, { object, upload }: ImportRow): Promise<void> {
  // It may have been put together, or dropped, before.
  await env.BLOBS.resumeMultipartUpload(object, upload)
    .abort()
    .catch(() => undefined);
  await env.BLOBS.delete(object);
  await env.DB.prepare("DELETE FROM weight_imports WHERE object = ?").bind(object).run();
}
