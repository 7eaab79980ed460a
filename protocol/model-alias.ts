import * as v from "valibot";
import { ModelName } from "./offer.ts";

/** Asked for, it means any model that suits. No model is found by this name, and no alias has it. */
export const AUTO = "auto";

export const MAX_ALIASES = 50;
export const MAX_ALIASED = 8;

const ExactName = v.pipe(
  ModelName,
  v.check((name) => name !== AUTO, `${AUTO} is no name of a model: it means any that suits`),
);

/**
 * Another name for some models: who asks for it is served by one of them, chosen as among the offers of one model. The models go
 * by their own names, never by those of aliases.
 */
export const ModelAlias = v.strictObject({
  name: ExactName,
  models: v.pipe(
    v.array(ExactName),
    v.minLength(1, "at least one model"),
    v.maxLength(MAX_ALIASED, `at most ${MAX_ALIASED} models`),
    v.transform((models) => [...new Set(models)]),
  ),
});
export type ModelAlias = v.InferOutput<typeof ModelAlias>;

export const ModelAliases = v.pipe(
  v.array(ModelAlias),
  v.maxLength(MAX_ALIASES, `at most ${MAX_ALIASES} aliases`),
  v.check(
    (aliases) => new Set(aliases.map(({ name }) => name)).size === aliases.length,
    "two aliases have the same name",
  ),
  v.check(
    (aliases) => chainOf(aliases) === null,
    ({ input }) => `${chainOf(input)} is an alias itself: name its models instead`,
  ),
);
export type ModelAliases = v.InferOutput<typeof ModelAliases>;

/** The name of an alias that another alias names as its model. Its own name an alias may have: then that model is one of several. */
function chainOf(aliases: readonly ModelAlias[]): string | null {
  const names = new Set(aliases.map(({ name }) => name));
  for (const { name, models } of aliases) {
    const chained = models.find((model) => model !== name && names.has(model));
    if (chained !== undefined) return chained;
  }
  return null;
}

/** What a name stands for; null where it is none of these aliases. */
export const aliased = (aliases: readonly ModelAlias[], name: string): readonly string[] | null =>
  aliases.find((alias) => alias.name === name)?.models ?? null;
