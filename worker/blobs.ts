import { sha256 } from "./digest.ts";
import type { Env } from "./env.ts";

const keyOf = (hash: string) => `sha256/${hash}`;

/** Stores bytes under their SHA-256 and returns it. Storing the same bytes twice changes nothing. */
export async function storeBlob(
  env: Env,
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<string> {
  const hash = await sha256(bytes);
  await env.BLOBS.put(keyOf(hash), bytes, { httpMetadata: { contentType } });
  return hash;
}

/** The bytes stored under `hash`, or null. */
export const loadBlob = (env: Env, hash: string): Promise<R2ObjectBody | null> => env.BLOBS.get(keyOf(hash));
