import {
  partCount,
  Weights,
  WEIGHTS_PART_BYTES,
  WeightsImport,
  type NewWeightsImport,
} from "../../protocol/weights.ts";
import { sha256Stream } from "../../rules/sha256.ts";
import { request } from "../api.ts";

/** What is done with a file at present: its sum is made, it is sent, or the site reads all of it again. */
export interface SendProgress {
  phase: "sum" | "send" | "check";
  doneBytes: number;
}

/** Small enough that the page answers in between. */
const SLICE = 1024 * 1024;

/** A file's name as the site takes it: `my_model_1_.gguf` for `my model(1).gguf`. */
export const weightsName = (name: string): string =>
  name
    .replaceAll(/[^A-Za-z0-9._-]+/g, "_")
    .replace(/^[._-]+/, "")
    .slice(-200) || "weights";

/**
 * Brings a file to the site under its SHA-256, in parts where it is large; what came of it before is not sent again.
 *
 * @throws ApiError as `request`; what `stop` was aborted with
 */
export async function sendWeights(
  file: File,
  hear: (progress: SendProgress) => void,
  stop: AbortSignal,
): Promise<Weights> {
  const sha256 = await sumOf(file, (doneBytes) => hear({ phase: "sum", doneBytes }), stop);
  const path = `/api/weights/${sha256}`;
  const name = weightsName(file.name);
  hear({ phase: "send", doneBytes: 0 });
  if (file.size <= WEIGHTS_PART_BYTES) {
    const query = new URLSearchParams({ name });
    return request(Weights, `${path}?${query}`, { method: "PUT", body: partOf(file, 1), signal: stop });
  }
  const asked: NewWeightsImport = { name, bytes: file.size };
  let { parts } = await request(WeightsImport, `${path}/parts`, {
    method: "POST",
    body: asked,
    signal: stop,
  });
  for (let number = 1; number <= partCount(file.size); number++) {
    hear({ phase: "send", doneBytes: (number - 1) * WEIGHTS_PART_BYTES });
    if (parts.includes(number)) continue;
    const body = partOf(file, number);
    ({ parts } = await request(WeightsImport, `${path}/parts/${number}`, {
      method: "PUT",
      body,
      signal: stop,
    }));
  }
  hear({ phase: "check", doneBytes: file.size });
  return request(Weights, `${path}/whole`, { method: "POST", signal: stop });
}

const partOf = (file: File, number: number): Blob =>
  file.slice((number - 1) * WEIGHTS_PART_BYTES, number * WEIGHTS_PART_BYTES, "application/octet-stream");

async function sumOf(file: File, hear: (doneBytes: number) => void, stop: AbortSignal): Promise<string> {
  const sum = sha256Stream();
  for (let at = 0; at < file.size; at += SLICE) {
    stop.throwIfAborted();
    hear(at);
    sum.add(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
  }
  return sum.end();
}
