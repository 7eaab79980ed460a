import type { ModelOffers } from "../protocol/market.ts";
import { market } from "./env.ts";
import { json, type Call } from "./http.ts";
import type { ConnectedProvider, MarketPresence } from "./job-order.ts";
import { uptimes } from "./uptime.ts";

type ListedModel = ModelOffers["models"][number];
type ListedOffer = ListedModel["offers"][number];

/** GET /api/market/models: what is offered at this moment, by whom and at which price. */
export async function list({ env }: Call): Promise<Response> {
  const { providers, waiting } = await market(env).presence();
  const ids = providers.map(({ id }) => id);
  const uptimeOf = await uptimes(env, ids, new Set(ids), Date.now());
  return json({
    models: byModel(providers, uptimeOf),
    feeBasisPoints: env.FEE_BASIS_POINTS,
    waiting,
  } satisfies ModelOffers);
}

function byModel(
  providers: MarketPresence["providers"],
  uptimeOf: ReadonlyMap<string, number>,
): ListedModel[] {
  const offers = providers.flatMap((provider) =>
    provider.offers.map((offer) => ({
      model: offer.terms.model,
      listed: listed(provider, offer, uptimeOf.get(provider.id) ?? 0),
    })),
  );
  return [...Map.groupBy(offers, ({ model }) => model)]
    .map(([model, ofModel]) => ({
      model,
      offers: ofModel.map((offer) => offer.listed).toSorted(cheapestFirst),
    }))
    .toSorted((a, b) => (a.model < b.model ? -1 : 1));
}

const listed = (
  { id, kind, slots, draining, success }: ConnectedProvider,
  { terms, tokensPerSecond }: ConnectedProvider["offers"][number],
  uptime: number,
): ListedOffer => ({
  provider: id,
  kind,
  prices: terms.prices,
  contextTokens: terms.contextTokens,
  maxOutputTokens: terms.maxOutputTokens,
  quantisation: terms.artifact.quantisation,
  engine: terms.engine,
  features: terms.features,
  tokensPerSecond,
  success,
  slots,
  draining,
  uptime,
});

/** By the completion's price; among equals by the prompt's, and then by name, so that the order is always the same. */
const cheapestFirst = (a: ListedOffer, b: ListedOffer): number =>
  a.prices.completion - b.prices.completion ||
  a.prices.prompt - b.prices.prompt ||
  (a.provider < b.provider ? -1 : 1);
