import * as v from "valibot";
import { ModelName } from "../protocol/offer.ts";
import { WeightsBytes } from "../protocol/tab-model.ts";
import { Sha256 } from "../protocol/text.ts";
import { Weights, WEIGHTS_PART_BYTES } from "../protocol/weights.ts";
import { audited } from "./audit.ts";
import type { Env } from "./env.ts";
import { ApiError, param, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** What imports in one request and imports in parts have in common. */

/** Where the bytes of an import go: a name of its own, so that another's end or deletion does not touch it. */
export const newObject = (sha256: string): string => `weights/${sha256}/${crypto.randomUUID()}`;

/** The hash that a path names. */
export function hashOf(call: Call): string {
  const parsed = v.safeParse(Sha256, param(call, "sha256"));
  if (parsed.success) return parsed.output;
  throw new ApiError("invalid_request", "The address names no weights.", ["sha256: not a SHA-256"]);
}

const Row = v.object({
  ...Weights.entries,
  models: v.pipe(v.string(), v.parseJson(), v.array(ModelName)),
});

const LISTED = `SELECT w.sha256, w.name, w.bytes, u.display_name AS importedBy, w.imported_at AS importedAt,
     (SELECT json_group_array(m.name) FROM tab_models m WHERE EXISTS (
        SELECT 1 FROM json_each(m.manifest, '$.files') f WHERE f.value ->> 'url' = '/weights/' || w.sha256)) AS models
   FROM weights w JOIN users u ON u.id = w.imported_by`;

export async function weightsOf(env: Env, sha256: string): Promise<Weights | null> {
  const row = await env.DB.prepare(`${LISTED} WHERE w.sha256 = ?`).bind(sha256).first();
  return row === null ? null : v.parse(Row, row);
}

/** All of them, the newest first. */
export async function allWeights(env: Env): Promise<Weights[]> {
  const { results } = await env.DB.prepare(`${LISTED} ORDER BY w.imported_at DESC, w.sha256`).all();
  return v.parse(v.array(Row), results);
}

/** Writes down what has been checked. Of two at once the first stays. */
export async function enter(
  env: Env,
  user: UserRow,
  { sha256, name, bytes, object }: { sha256: string; name: string; bytes: number; object: string },
  also: readonly D1PreparedStatement[] = [],
): Promise<void> {
  const [entered] = await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO weights (sha256, name, bytes, object, imported_by, imported_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (sha256) DO NOTHING`,
    ).bind(sha256, name, bytes, object, user.id, Date.now()),
    ...also,
    audited(env, user.id, "weights.import", sha256, { name, bytes }),
  ]);
  if (entered?.meta.changes === 0) await env.BLOBS.delete(object);
}

export const refusedField = (field: string, complaint: string): ApiError =>
  new ApiError("invalid_request", "The request has fields that are missing or wrong.", [
    `${field}: ${complaint}`,
  ]);

/** How much a request brings; R2 must know it before. */
export function lengthOf(request: Request): number {
  const announced = request.headers.get("content-length");
  if (announced === null) throw refusedField("content-length", "must say how many bytes there are");
  const bytes = v.safeParse(WeightsBytes, Number(announced));
  if (!bytes.success) throw refusedField("content-length", bytes.issues[0].message);
  if (bytes.output > WEIGHTS_PART_BYTES)
    throw new ApiError("too_large", `More than ${WEIGHTS_PART_BYTES} bytes have to come in parts.`);
  return bytes.output;
}

/** Refuses a body that is not of this length. */
export function requireLength(request: Request, bytes: number): void {
  const announced = lengthOf(request);
  if (announced !== bytes)
    throw refusedField("content-length", `this must be ${bytes} bytes, and is ${announced}`);
}

/** Gives R2 a request's body, and says whose fault it was if it is not kept. */
export async function stored<Kept>(
  { body, signal }: Request,
  put: (body: ReadableStream) => Promise<Kept>,
): Promise<Kept> {
  if (body === null) throw refusedField("body", "there is none");
  try {
    return await put(body);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // R2's error 10037.
    if (/checksum/i.test(text)) throw refusedField("sha256", WRONG_BYTES);
    if (signal.aborted) throw new ApiError("invalid_request", "The request body broke off before its end.");
    throw error;
  }
}

export const WRONG_BYTES = "the bytes that came have another SHA-256";
