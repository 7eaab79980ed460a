import type { TabModel } from "../protocol/tab-model.ts";
import type { GgufFacts } from "./gguf-facts.ts";

/** For what computes, besides the weights and the context. */
const WORK_BYTES = 256 * 1024 * 1024;

/** What a tab serves where nobody says more: a longer one takes memory that few devices have. */
const USUAL_CONTEXT = 4_096;

const NAME_LENGTH = 100;

/**
 * A model that somebody has on a disk, as if it were on the list; its files are whatever he picked.
 *
 * @param fileName of its first part
 * @param bytes of all parts together
 */
export function modelOfGguf(
  { name, quantisation, contextTokens: trained, bytesPerToken }: GgufFacts,
  fileName: string,
  bytes: number,
): TabModel {
  const contextTokens = Math.min(trained ?? USUAL_CONTEXT, USUAL_CONTEXT);
  return {
    name: nameOf(name ?? "") ?? nameOf(fileName.replace(/(-\d{5}-of-\d{5})?\.gguf$/i, "")) ?? "model",
    engine: "wllama",
    quantisation,
    contextTokens,
    memoryBytes: bytes + contextTokens * (bytesPerToken ?? 0) + WORK_BYTES,
    features: [],
    files: [],
  };
}

/** A name that consumers can ask for; null where too little is left of it. */
function nameOf(told: string): string | null {
  const kept = told
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, NAME_LENGTH)
    .replace(/[^a-z0-9]+$/, "");
  return kept === "" ? null : kept;
}
