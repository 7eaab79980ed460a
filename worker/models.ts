import type { Model, ModelList } from "../protocol/model.ts";
import { modelCard, type OfferedModel } from "../rules/model-card.ts";
import { market, type Env } from "./env.ts";
import type { Consumer } from "./guards.ts";
import type { Call } from "./http.ts";
import { newJobId } from "./job-order.ts";
import { OpenAIApiError, openAIJson } from "./openai-http.ts";
import { sharedAliases, type Standing } from "./wishes.ts";

/** GET /v1/models: what the caller can ask for at this moment, by name; its aliases are among them, where one of their models is. */
export async function list({ env }: Call, { standing }: Consumer): Promise<Response> {
  const data = await offeredModels(env, standing);
  return openAIJson({ object: "list", data } satisfies ModelList, newJobId());
}

/** GET /v1/models/:model; the slashes of a name may be encoded or not. */
export async function show({ env, params }: Call, { standing }: Consumer): Promise<Response> {
  const name = decoded(params["model"] ?? "");
  const model = (await offeredModels(env, standing)).find(({ id }) => id === name);
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

async function offeredModels(env: Env, standing: Standing | null): Promise<Model[]> {
  const [byModel, shared] = await Promise.all([offersByModel(env), sharedAliases(env)]);
  const { results } = await env.DB.prepare(
    "SELECT name, first_offered_at FROM models WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name",
  )
    .bind(JSON.stringify([...byModel.keys()]))
    .all<{ name: string; first_offered_at: number }>();
  const since = new Map(results.map(({ name, first_offered_at: at }) => [name, at]));
  // The account's own go before those of all, and both before models of their name, as where they are asked for.
  const aliases = new Map(
    [...shared, ...(standing?.aliases ?? [])].map(({ name, models }) => [name, models]),
  );
  const names = [...new Set([...since.keys(), ...aliases.keys()])].toSorted();
  return names.flatMap((name) => {
    const models = aliases.get(name) ?? [name];
    const createdAt = Math.min(...models.map((model) => since.get(model) ?? Infinity));
    const card = modelCard(
      name,
      createdAt,
      models.flatMap((model) => byModel.get(model) ?? []),
    );
    return card === null ? [] : aliases.has(name) ? { ...card, owned_by: "alias" } : card;
  });
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
