import * as v from "valibot";
import {
  hostOfWeights,
  MAX_TAB_MODELS,
  SetTabModel,
  TabModel,
  type TabModelList,
  type TabModelShelf,
} from "../protocol/tab-model.ts";
import { audited } from "./audit.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { modelHosts } from "./model-hosts.ts";
import type { UserRow } from "./tables.ts";
import { refusedField } from "./weight-store.ts";

const Row = v.object({
  manifest: v.pipe(v.string(), v.parseJson(), TabModel),
  enabled: v.picklist([0, 1]),
  position: v.number(),
});

async function shelf(env: Env): Promise<TabModelShelf["models"]> {
  const allowed = modelHosts(env);
  const { results } = await env.DB.prepare(
    "SELECT manifest, enabled, position FROM tab_models ORDER BY position, name",
  ).all();
  return v.parse(v.array(Row), results).map(({ manifest: model, enabled, position }) => {
    const hosts = model.files.flatMap(({ url }) => hostOfWeights(url) ?? []);
    const forbiddenHosts = [...new Set(hosts)].filter((host) => !allowed.includes(host));
    return { model, enabled: enabled === 1, position, forbiddenHosts };
  });
}

/** GET /api/tab-models, by anybody. */
export async function list({ env }: Call): Promise<Response> {
  const models = (await shelf(env))
    .filter(({ enabled, forbiddenHosts }) => enabled && forbiddenHosts.length === 0)
    .map(({ model }) => model);
  return json({ models } satisfies TabModelList);
}

/** GET /api/organise/tab-models, by administrators: those that are switched off, too. */
export async function listAll({ env }: Call): Promise<Response> {
  return json({ models: await shelf(env) } satisfies TabModelShelf);
}

/** PUT /api/tab-models/:name, by administrators: adds a model or replaces what was said of it; answers with all. */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env, request } = call;
  const name = param(call, "name");
  const { model, enabled, position } = await readJson(request, SetTabModel);
  if (model.name !== name) throw refusedField("model.name", "must be the name that the address has");
  await requireFiles(env, model);
  const before = await shelf(env);
  const known = before.find((entry) => entry.model.name === name);
  if (known === undefined && before.length >= MAX_TAB_MODELS)
    throw refusedField("models", `at most ${MAX_TAB_MODELS}`);
  const last = Math.max(0, ...before.map((entry) => entry.position + 1));
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO tab_models (name, manifest, enabled, position) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET manifest = excluded.manifest, enabled = excluded.enabled,
         position = excluded.position`,
    ).bind(name, JSON.stringify(model), Number(enabled), position ?? known?.position ?? last),
    audited(env, user.id, "tab-model.change", name, { engine: model.engine, enabled: Number(enabled) }),
  ]);
  return listAll(call);
}

/** Refuses a model whose files are not where it says. */
async function requireFiles(env: Env, { files }: TabModel): Promise<void> {
  const hosts = modelHosts(env);
  const own = files.filter(({ url }) => hostOfWeights(url) === null).map(({ sha256 }) => sha256);
  const { results } = await env.DB.prepare(
    "SELECT sha256, bytes FROM weights WHERE sha256 IN (SELECT value FROM json_each(?))",
  )
    .bind(JSON.stringify(own))
    .all<{ sha256: string; bytes: number }>();
  const sizes = new Map(results.map(({ sha256, bytes }) => [sha256, bytes]));
  const wrong = files.flatMap(({ url, sha256, bytes }, at) => {
    const host = hostOfWeights(url);
    const field = `model.files.${at}`;
    if (host !== null)
      return hosts.includes(host) ? [] : [`${field}.url: ${host} is none of the hosts in MODEL_HOSTS`];
    const size = sizes.get(sha256);
    if (size === undefined) return [`${field}.url: there are no such weights here; import them first`];
    return size === bytes ? [] : [`${field}.bytes: these weights have ${size} bytes`];
  });
  if (wrong.length > 0)
    throw new ApiError(
      "invalid_request",
      "The request has fields that are missing or wrong.",
      wrong.slice(0, COMPLAINTS),
    );
}

/** A list of hundreds of files may be wrong in each. */
const COMPLAINTS = 20;

/** DELETE /api/tab-models/:name, by administrators: answers with the others. Its weights stay. */
export async function remove(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const name = param(call, "name");
  const known = (await shelf(env)).some(({ model }) => model.name === name);
  if (!known) throw new ApiError("not_found", "There is no such model for tabs.");
  await env.DB.batch([
    env.DB.prepare("DELETE FROM tab_models WHERE name = ?").bind(name),
    audited(env, user.id, "tab-model.delete", name, {}),
  ]);
  return listAll(call);
}
