import * as v from "valibot";
import { Weights } from "../protocol/weights.ts";
import type { TabModel } from "../protocol/tab-model.ts";
import { sha256 } from "./digest.ts";
import type { Visitor } from "./testing.ts";

/** Bytes unlike any before, of this length, with their hash. */
export async function newBytes(length: number): Promise<{ bytes: Uint8Array<ArrayBuffer>; hash: string }> {
  const bytes = new Uint8Array(length).fill(7);
  crypto.getRandomValues(bytes.subarray(0, Math.min(length, 16)));
  return { bytes, hash: await sha256(bytes) };
}

/** Weights as an administrator imports them. */
export async function imported(
  administrator: Visitor,
  length: number,
  name = "tiny.gguf",
): Promise<{ bytes: Uint8Array<ArrayBuffer>; hash: string }> {
  const made = await newBytes(length);
  const answer = await administrator.call("PUT", `/api/weights/${made.hash}?name=${name}`, made.bytes);
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  v.parse(Weights, await answer.json());
  return made;
}

/** A model for wllama of one file that lies here. */
export const modelOf = (name: string, hash: string, bytes: number): TabModel => ({
  name,
  engine: "wllama",
  quantisation: "F16",
  contextTokens: 512,
  memoryBytes: 2 * bytes,
  features: [],
  files: [{ path: "tiny.gguf", sha256: hash, bytes, url: `/weights/${hash}` }],
});
