import * as v from "valibot";
import { ModelAliases } from "./model-alias.ts";
import { ProviderWishes } from "./provider-wishes.ts";
import { DisplayName, Instant } from "./text.ts";
import { WebOrigins } from "./web-origin.ts";

/** Keys, and what holds for the requests that come with them. */

/** GET /api/keys: the reader's own that were not revoked, newest first. */
export const ApiKeyList = v.object({
  keys: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      /** The end of its secret. */
      hint: v.string(),
      createdAt: Instant,
      /** From which sites' pages browsers may use it. */
      origins: v.array(v.string()),
      /** Those of all requests that come with it, as a request's `provider` has them. */
      wishes: ProviderWishes,
      /** When a request last came with it, or null. */
      usedAt: v.nullable(Instant),
    }),
  ),
});
export type ApiKeyList = v.InferOutput<typeof ApiKeyList>;

/** POST /api/keys */
export const NewApiKey = v.strictObject({
  name: DisplayName,
  origins: v.optional(WebOrigins, []),
  wishes: v.optional(ProviderWishes, {}),
});
/** PATCH /api/keys/:id: what is not there stays as it is. Answers with the list. */
export const ChangeApiKey = v.strictObject({
  name: v.exactOptional(DisplayName),
  origins: v.exactOptional(WebOrigins),
  wishes: v.exactOptional(ProviderWishes),
});

/** GET and PUT /api/wishes: what holds for all requests of the reader's account, whatever key they come with. */
export const AccountWishes = v.strictObject({ wishes: ProviderWishes, aliases: ModelAliases });
export type AccountWishes = v.InferOutput<typeof AccountWishes>;

/** GET /api/market/aliases, by anybody, and PUT, by administrators: the names that mean the same for every account. */
export const SharedAliases = v.strictObject({ aliases: ModelAliases });
export type SharedAliases = v.InferOutput<typeof SharedAliases>;
