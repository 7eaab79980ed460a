import { type TabModel, weightsPath } from "../protocol/tab-model.ts";
import type { GgufFacts } from "./gguf-facts.ts";

/** Longer contexts take memory that tabs seldom have; a model may be given another. */
export const USUAL_CONTEXT = 4_096;

/** The context that a model is loaded with unless somebody says another. */
export const usualContext = ({ contextTokens }: Pick<GgufFacts, "contextTokens">): number =>
  Math.min(contextTokens ?? USUAL_CONTEXT, USUAL_CONTEXT);

/** A model of one GGUF file that this site keeps, for wllama. It takes its weights, and room for the context. */
export function ggufModel(
  name: string,
  file: { name: string; sha256: string; bytes: number },
  { quantisation, bytesPerToken }: Pick<GgufFacts, "quantisation" | "bytesPerToken">,
  contextTokens: number,
): TabModel {
  return {
    name,
    engine: "wllama",
    quantisation,
    contextTokens,
    memoryBytes: Math.ceil(file.bytes + contextTokens * (bytesPerToken ?? 0)),
    features: [],
    files: [{ path: file.name, sha256: file.sha256, bytes: file.bytes, url: weightsPath(file.sha256) }],
  };
}
