import type { ListedOffer, ModelBook, ModelOffers } from "../protocol/market.ts";
import { market } from "./env.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import type { ConnectedProvider, MarketPresence } from "./job-order.ts";
import { paces } from "./offer-pace.ts";
import { presences, uptime, uptimeByHour, uptimes } from "./uptime.ts";

type ListedModel = ModelOffers["models"][number];

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

/** GET /api/market/models/:model: who offers it at this moment, and how each of them did in the last 24 hours. */
export async function show(call: Call): Promise<Response> {
  const { env } = call;
  const { name: model } = await offeredOnce(call);
  const present = (await market(env).presence()).providers;
  const providers = present.filter(({ offers }) => offers.some(({ terms }) => terms.model === model));
  const ids = providers.map(({ id }) => id);
  const now = Date.now();
  const [presenceOf, paceOf] = await Promise.all([
    presences(env, ids, new Set(ids), now),
    paces(env, model, ids, now),
  ]);
  const offers = providers.flatMap((provider) => {
    const { createdAt, sessions } = presenceOf.get(provider.id) ?? { createdAt: now, sessions: [] };
    const pace = paceOf.get(provider.id) ?? { answers: 0, firstTokenMs: null, writtenPerSecond: null };
    return provider.offers
      .filter(({ terms }) => terms.model === model)
      .map((offer) => ({
        ...listed(provider, offer, uptime(sessions, createdAt, now)),
        ...pace,
        connected: uptimeByHour(sessions, createdAt, now),
      }));
  });
  return json({
    model,
    offers: offers.toSorted(cheapestThenFastest),
    feeBasisPoints: env.FEE_BASIS_POINTS,
  } satisfies ModelBook);
}

/** The model that an address names: one that was offered at some time. */
export async function offeredOnce(call: Call): Promise<{ name: string; firstOfferedAt: number }> {
  const row = await call.env.DB.prepare(
    "SELECT name, first_offered_at AS firstOfferedAt FROM models WHERE name = ?",
  )
    .bind(param(call, "model"))
    .first<{ name: string; firstOfferedAt: number }>();
  if (row === null) throw new ApiError("not_found", "Nobody has ever offered a model of this name.");
  return row;
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
  tasks: terms.tasks,
  features: terms.features,
  tokensPerSecond,
  success,
  slots,
  draining,
  uptime,
});

const byPrice = (a: ListedOffer, b: ListedOffer): number =>
  a.prices.completion - b.prices.completion || a.prices.prompt - b.prices.prompt;

const byName = (a: ListedOffer, b: ListedOffer): number => (a.provider < b.provider ? -1 : 1);

/** By the completion's price; among equals by the prompt's, and then by name, so that the order is always the same. */
const cheapestFirst = (a: ListedOffer, b: ListedOffer): number => byPrice(a, b) || byName(a, b);

const cheapestThenFastest = (a: ListedOffer, b: ListedOffer): number =>
  byPrice(a, b) || (b.tokensPerSecond ?? 0) - (a.tokensPerSecond ?? 0) || byName(a, b);
