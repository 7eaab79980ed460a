import { aliased, AUTO, type ModelAlias } from "../protocol/model-alias.ts";

/**
 * The models that a request may be served by; null for any. An account's own aliases go before those of all accounts, and both
 * before the models' own names: nobody takes over an alias's requests by offering a model under its name.
 *
 * @param own what the account's own alias of this name stands for; null where it has none
 */
export const modelsFor = (
  name: string,
  own: readonly string[] | null,
  shared: readonly ModelAlias[],
): readonly string[] | null => (name === AUTO ? null : (own ?? aliased(shared, name) ?? [name]));
