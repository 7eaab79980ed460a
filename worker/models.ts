import type { Model, ModelList } from "../protocol/chat-completion.ts";
import { market, type Env } from "./env.ts";
import type { Call } from "./http.ts";
import { newJobId } from "./job-order.ts";
import { OpenAIApiError, openAIJson } from "./openai-http.ts";

/** GET /v1/models: what somebody offers at this moment, by name. */
export async function list({ env }: Call): Promise<Response> {
  return openAIJson({ object: "list", data: await offeredModels(env) } satisfies ModelList, newJobId());
}

/** GET /v1/models/:model; the slashes of a name may be encoded or not. */
export async function show({ env, params }: Call): Promise<Response> {
  const name = decoded(params["model"] ?? "");
  const model = (await offeredModels(env)).find(({ id }) => id === name);
  if (!model)
    throw new OpenAIApiError("model_not_found", "Nobody offers a model of this name at the moment.", "model");
  return openAIJson(model, newJobId());
}

/** No model has a name that is encoded badly: then it is asked for as it stands, and not found. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function offeredModels(env: Env): Promise<Model[]> {
  const providers = await providersByModel(env);
  const { results } = await env.DB.prepare(
    "SELECT name, first_offered_at FROM models WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name",
  )
    .bind(JSON.stringify([...providers.keys()]))
    .all<{ name: string; first_offered_at: number }>();
  return results.map(({ name, first_offered_at: at }) => ({
    id: name,
    object: "model",
    created: Math.floor(at / 1_000),
    owned_by: ownerOf([...(providers.get(name) ?? [])]),
  }));
}

/** Who serves it, where that is one provider; the market itself where there is a choice. */
const ownerOf = ([provider, ...others]: readonly string[]): string =>
  provider === undefined || others.length > 0 ? "tabarena" : provider;

async function providersByModel(env: Env): Promise<Map<string, Set<string>>> {
  const { providers } = await market(env).presence();
  const byModel = new Map<string, Set<string>>();
  for (const { id, offers } of providers.filter(({ draining }) => !draining)) {
    for (const { terms } of offers) {
      const known = byModel.get(terms.model);
      if (known) known.add(id);
      else byModel.set(terms.model, new Set([id]));
    }
  }
  return byModel;
}
