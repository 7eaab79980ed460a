import type { Task } from "../protocol/task.ts";
import { EngineError } from "../provider/engine.ts";
import { fetchJson } from "./upstream.ts";
import { makesVectors, type UpstreamEmbedder } from "./upstream-embedder.ts";

/**
 * What a server can be asked for that doesn't tell: llama-server, vLLM. Each writes, or makes vectors, or both, by how it was
 * started; so it is asked for one vector, and if it makes that, for one token.
 *
 * @throws EngineError for a server that is too busy to tell
 */
export async function tasksOf(embedder: UpstreamEmbedder): Promise<Task[]> {
  if (!(await makesVectors(embedder))) return ["chat", "completion"];
  return (await goesOn(embedder)) ? ["chat", "completion", "embedding"] : ["embedding"];
}

async function goesOn({ upstream, model, timeoutMs }: UpstreamEmbedder): Promise<boolean> {
  try {
    const body = { model, prompt: "a", max_tokens: 1 };
    await fetchJson(upstream, `${upstream.base}/completions`, timeoutMs, body);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.reason === "busy") throw error;
    return false;
  }
}
