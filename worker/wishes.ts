import * as v from "valibot";
import { AccountWishes, SharedAliases } from "../protocol/api-key.ts";
import { aliased, ModelAliases, type ModelAlias } from "../protocol/model-alias.ts";
import { ProviderWishes, writtenWishes } from "../protocol/provider-wishes.ts";
import type { Asked } from "../rules/asked.ts";
import { audited } from "./audit.ts";
import { market, type Env } from "./env.ts";
import { ApiError, json, readJson, type Call } from "./http.ts";
import type { JobOrder } from "./job-order.ts";
import type { UserRow } from "./tables.ts";

/**
 * What holds for requests whatever they say themselves: the wishes of their key and of its account, and the names that models go
 * by. All of it comes with the key where that is looked up, and its version says whether it is still so: each change counts it
 * on, and no job begins by an older one (migrations/0010_wishes.sql). Once a change was answered, every request heeds it.
 */
export interface Standing {
  account: ProviderWishes;
  key: ProviderWishes;
  aliases: ModelAliases;
}

export const readWishes = (text: string): ProviderWishes => v.parse(ProviderWishes, JSON.parse(text));
export const wishesText = (wishes: ProviderWishes): string => JSON.stringify(writtenWishes(wishes));

/** What the Market is told of it for a request. */
export const byStanding = (
  asked: Asked,
  standing: Standing | null,
): Pick<JobOrder, "asked" | "standing" | "aliased"> => ({
  asked,
  standing: standing && { account: standing.account, key: standing.key },
  aliased: standing && aliased(standing.aliases, asked.request.model),
});

/** As the database has them; null where nobody wishes anything. */
export function standingOf(key: string, account: string | null, aliases: string | null): Standing | null {
  if (key === "{}" && account === null) return null;
  return {
    key: readWishes(key),
    account: readWishes(account ?? "{}"),
    aliases: v.parse(ModelAliases, JSON.parse(aliases ?? "[]")),
  };
}

const AccountRow = v.object({
  wishes: v.pipe(v.string(), v.parseJson(), ProviderWishes),
  aliases: v.pipe(v.string(), v.parseJson(), ModelAliases),
});

async function accountWishes(env: Env, user: string): Promise<AccountWishes> {
  const row = await env.DB.prepare("SELECT wishes, aliases FROM account_wishes WHERE user = ?")
    .bind(user)
    .first();
  return row === null ? { wishes: {}, aliases: [] } : v.parse(AccountRow, row);
}

/** GET /api/wishes: those of the reader's account. */
export async function show({ env }: Call, user: UserRow): Promise<Response> {
  return answer(await accountWishes(env, user.id));
}

const answer = ({ wishes, aliases }: AccountWishes): Response =>
  json({ wishes: writtenWishes(wishes), aliases } satisfies v.InferInput<typeof AccountWishes>);

/** PUT /api/wishes */
export async function change({ env, request }: Call, user: UserRow): Promise<Response> {
  const { wishes, aliases } = await readJson(request, AccountWishes);
  await changeKeys(env, "user = ?", user.id, [
    env.DB.prepare(
      `INSERT INTO account_wishes (user, wishes, aliases) VALUES (?, ?, ?)
       ON CONFLICT (user) DO UPDATE SET wishes = excluded.wishes, aliases = excluded.aliases`,
    ).bind(user.id, wishesText(wishes), JSON.stringify(aliases)),
    audited(env, user.id, "account.wishes", user.id, {
      wishes: wishesText(wishes),
      aliases: aliases.map(aliasText).join("; "),
    }),
  ]);
  return answer({ wishes, aliases });
}

const aliasText = ({ name, models }: ModelAlias): string => `${name} = ${models.join(", ")}`;

/**
 * Changes what holds for some keys: written down in one batch with their versions, and then the Market is told, so that no hold
 * that was placed ahead is taken by what was true before.
 *
 * @param which of `api_keys`, by the one value that it is bound to
 */
export async function changeKeys(
  env: Env,
  which: "id = ?" | "user = ?",
  value: string,
  statements: readonly D1PreparedStatement[],
): Promise<void> {
  const [changed] = await env.DB.batch<{ id: string; version: number }>([
    env.DB.prepare(
      `UPDATE api_keys SET version = version + 1 WHERE ${which} AND revoked_at IS NULL RETURNING id, version`,
    ).bind(value),
    ...statements,
  ]);
  const keys = changed?.results ?? [];
  if (keys.length > 0) await market(env).renewKeys(keys);
}

const SharedRows = v.array(
  v.object({ name: v.string(), models: v.pipe(v.string(), v.parseJson(), v.array(v.string())) }),
);

/** The names that mean the same for every account, in the order of the alphabet. */
export async function sharedAliases(env: Env): Promise<ModelAliases> {
  const { results } = await env.DB.prepare("SELECT name, models FROM model_aliases ORDER BY name").all();
  return v.parse(SharedRows, results);
}

/** GET /api/market/aliases */
export async function showShared({ env }: Call): Promise<Response> {
  return json({ aliases: await sharedAliases(env) } satisfies SharedAliases);
}

/**
 * PUT /api/market/aliases, by administrators. What a provider offers, or ever offered, keeps its name; what comes to be offered
 * under the name of an alias later does not take the alias's requests.
 */
export async function changeShared({ env, request }: Call, administrator: UserRow): Promise<Response> {
  const { aliases } = await readJson(request, SharedAliases);
  const before = await sharedAliases(env);
  const added = aliases.filter(({ name }) => aliased(before, name) === null).map(({ name }) => name);
  const taken = await env.DB.prepare("SELECT name FROM models WHERE name IN (SELECT value FROM json_each(?))")
    .bind(JSON.stringify(added))
    .first<{ name: string }>();
  if (taken !== null)
    throw new ApiError("invalid_request", "The request has fields that are missing or wrong.", [
      `aliases: ${taken.name} is the name of a model that providers offered here`,
    ]);
  await env.DB.batch([
    env.DB.prepare("DELETE FROM model_aliases"),
    env.DB.prepare(
      "INSERT INTO model_aliases (name, models) SELECT value ->> 'name', value -> 'models' FROM json_each(?)",
    ).bind(JSON.stringify(aliases)),
    audited(env, administrator.id, "market.aliases", "market", {
      aliases: aliases.map(aliasText).join("; "),
    }),
  ]);
  await market(env).aliasesChanged();
  return json({ aliases } satisfies SharedAliases);
}
