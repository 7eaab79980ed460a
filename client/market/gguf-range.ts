import { weightsPath } from "../../protocol/tab-model.ts";
import { readGgufFacts, type GgufFacts } from "../../rules/gguf-facts.ts";

const FIRST_BYTES = 1024 * 1024;
/** Vocabularies of hundreds of thousands of words come before the facts end. */
const MOST_BYTES = 32 * 1024 * 1024;

/** What weights of this site tell of themselves, read from their beginning; null where they tell nothing. */
export async function ggufFactsOf(sha256: string, stop: AbortSignal): Promise<GgufFacts | null> {
  for (let count = FIRST_BYTES; count <= MOST_BYTES; count *= 4) {
    const found = await fetch(weightsPath(sha256), {
      headers: { range: `bytes=0-${count - 1}` },
      signal: stop,
    }).catch(() => null);
    if (!found?.ok) return null;
    const facts = readGgufFacts(new Uint8Array(await found.arrayBuffer()));
    if (facts === "unknown") return null;
    if (facts !== "more") return facts;
  }
  return null;
}
