import type { Model, ModelList } from "../protocol/model.ts";
import { modelCard, type OfferedModel } from "../rules/model-card.ts";
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
  const byModel = await offersByModel(env);
  const { results } = await env.DB.prepare(
    "SELECT name, first_offered_at FROM models WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name",
  )
    .bind(JSON.stringify([...byModel.keys()]))
    .all<{ name: string; first_offered_at: number }>();
  return results.flatMap(
    ({ name, first_offered_at: at }) => modelCard(name, at, byModel.get(name) ?? []) ?? [],
  );
}

/** What is offered by those who take more. */
async function offersByModel(env: Env): Promise<Map<string, OfferedModel[]>> {
  const { providers } = await market(env).presence();
  const offered = providers
    .filter(({ draining }) => !draining)
    .flatMap(({ id: provider, success, slots, offers }) =>
      offers.map(({ terms, tokensPerSecond }) => ({ provider, terms, tokensPerSecond, success, slots })),
    );
  return Map.groupBy(offered, ({ terms }) => terms.model);
}
