import { type GgufFacts, readGgufFacts } from "../../rules/gguf-facts.ts";
import { EngineFault } from "./engine-fault.ts";

/** Facts rarely take more than some megabytes, most of them the vocabulary. */
const FIRST_BYTES = 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * What a model in GGUF tells of itself.
 *
 * @param files the model, or its parts in order, of which the first tells of all
 * @throws EngineFault `unknown_model` for what is no GGUF
 */
export async function ggufFactsOf(files: readonly Blob[]): Promise<GgufFacts> {
  const first = files[0] ?? new Blob();
  for (let length = FIRST_BYTES; length <= MOST_BYTES; length *= 4) {
    const reading = readGgufFacts(new Uint8Array(await first.slice(0, length).arrayBuffer()));
    if (reading === "unknown") break;
    if (reading !== "more") return reading;
    if (length >= first.size) break;
  }
  throw new EngineFault("unknown_model", "this is no GGUF file, or not all of one");
}
