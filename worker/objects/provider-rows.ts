import * as v from "valibot";
import { Offer } from "../../protocol/offer.ts";
import { type FirstTokenEstimate, noFirstToken } from "../../rules/first-token-estimate.ts";
import { declaredSpeed, type SpeedEstimate } from "../../rules/speed-estimate.ts";
import { noRecord, type SuccessRecord } from "../../rules/success-rate.ts";
import type { Env } from "../env.ts";

/** What the database knows of a provider: whose it is, how its latest jobs ended, and how fast its offers were. */
export interface KnownProvider {
  owner: string;
  success: SuccessRecord;
  /** Of its last hello. */
  offers: MeasuredOffer[];
}

/** An offer, with what was seen of how fast it is and how soon it begins. */
export interface MeasuredOffer {
  terms: Offer;
  speed: SpeedEstimate;
  firstToken: FirstTokenEstimate;
}

const ProviderRows = v.array(
  v.object({ owner: v.string(), successes: v.number(), failures: v.number(), rated_at: v.number() }),
);

const OfferRows = v.array(
  v.object({
    terms: v.pipe(v.string(), v.parseJson(), Offer),
    logarithms: v.number(),
    tokens: v.number(),
    measured_at: v.number(),
    first_token_logarithms: v.number(),
    first_token_answers: v.number(),
    first_token_at: v.number(),
  }),
);

/** Null for one that is unknown or was revoked. */
export async function knownProvider(env: Env, id: string, now: number): Promise<KnownProvider | null> {
  const [providers, offers] = await env.DB.batch<object>([
    env.DB.prepare(
      "SELECT owner, successes, failures, rated_at FROM providers WHERE id = ? AND revoked_at IS NULL",
    ).bind(id),
    env.DB.prepare(
      `SELECT terms, logarithms, tokens, measured_at, first_token_logarithms, first_token_answers, first_token_at
       FROM offers WHERE provider = ? ORDER BY offer`,
    ).bind(id),
  ]);
  const [row] = v.parse(ProviderRows, providers?.results);
  if (!row) return null;
  const rows = v.parse(OfferRows, offers?.results);
  return {
    owner: row.owner,
    success:
      row.rated_at === 0
        ? noRecord(now)
        : { successes: row.successes, failures: row.failures, at: row.rated_at },
    offers: rows.map((seen) => ({
      terms: seen.terms,
      speed: {
        declared: seen.terms.tokensPerSecond,
        logarithms: seen.logarithms,
        tokens: seen.tokens,
        at: seen.measured_at,
      },
      firstToken: {
        logarithms: seen.first_token_logarithms,
        answers: seen.first_token_answers,
        at: seen.first_token_at,
      },
    })),
  };
}

/** An offer as it was seen before, its speed declared anew; nothing was if its id stood for another model. */
export function measured(terms: Offer, known: KnownProvider, now: number): MeasuredOffer {
  const speed = declaredSpeed(terms.tokensPerSecond, now);
  const seen = known.offers.find(
    ({ terms: { offer, model } }) => offer === terms.offer && model === terms.model,
  );
  if (seen === undefined) return { terms, speed, firstToken: noFirstToken };
  const { firstToken } = seen;
  return seen.speed.at === 0
    ? { terms, speed, firstToken }
    : { terms, speed: { ...seen.speed, declared: speed.declared }, firstToken };
}

/** Writes down what a provider offers from now on, and that it is there. */
export async function writeHello(
  env: Env,
  provider: string,
  session: string,
  offers: readonly MeasuredOffer[],
  now: number,
): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      "DELETE FROM offers WHERE provider = ? AND offer NOT IN (SELECT value FROM json_each(?))",
    ).bind(provider, JSON.stringify(offers.map(({ terms }) => terms.offer))),
    ...offers.flatMap(({ terms, speed, firstToken }) => [
      env.DB.prepare("INSERT OR IGNORE INTO models (name, first_offered_at) VALUES (?, ?)").bind(
        terms.model,
        now,
      ),
      env.DB.prepare(
        `INSERT INTO offers (provider, offer, model, terms, logarithms, tokens, measured_at,
           first_token_logarithms, first_token_answers, first_token_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (provider, offer) DO UPDATE SET model = excluded.model, terms = excluded.terms,
           logarithms = excluded.logarithms, tokens = excluded.tokens, measured_at = excluded.measured_at,
           first_token_logarithms = excluded.first_token_logarithms,
           first_token_answers = excluded.first_token_answers, first_token_at = excluded.first_token_at`,
      ).bind(
        provider,
        terms.offer,
        terms.model,
        JSON.stringify(terms),
        speed.logarithms,
        speed.tokens,
        speed.at,
        firstToken.logarithms,
        firstToken.answers,
        firstToken.at,
      ),
    ]),
    env.DB.prepare(
      "INSERT INTO provider_sessions (id, provider, began_at, seen_at) VALUES (?, ?, ?, ?)",
    ).bind(session, provider, now, now),
  ]);
}

/** Says that these sessions still last. */
export async function sessionsSeen(env: Env, sessions: readonly string[], now: number): Promise<void> {
  if (sessions.length === 0) return;
  await env.DB.prepare(
    "UPDATE provider_sessions SET seen_at = ? WHERE id IN (SELECT value FROM json_each(?))",
  )
    .bind(now, JSON.stringify(sessions))
    .run();
}

/** What was seen of a provider and of its offers. */
export interface Rating {
  provider: string;
  success: SuccessRecord;
  offers: { offer: string; speed: SpeedEstimate; firstToken: FirstTokenEstimate }[];
}

/** Keeps what was seen of providers, for when they come again. */
export async function keepRatings(env: Env, ratings: readonly Rating[]): Promise<void> {
  if (ratings.length === 0) return;
  await env.DB.batch([
    env.DB.prepare(
      `UPDATE providers SET successes = seen.value ->> 1, failures = seen.value ->> 2, rated_at = seen.value ->> 3
       FROM json_each(?) seen WHERE providers.id = seen.value ->> 0`,
    ).bind(
      JSON.stringify(
        ratings.map(({ provider, success }) => [provider, success.successes, success.failures, success.at]),
      ),
    ),
    env.DB.prepare(
      `UPDATE offers SET logarithms = seen.value ->> 2, tokens = seen.value ->> 3, measured_at = seen.value ->> 4,
         first_token_logarithms = seen.value ->> 5, first_token_answers = seen.value ->> 6,
         first_token_at = seen.value ->> 7
       FROM json_each(?) seen WHERE offers.provider = seen.value ->> 0 AND offers.offer = seen.value ->> 1`,
    ).bind(
      JSON.stringify(
        ratings.flatMap(({ provider, offers }) =>
          offers.map(({ offer, speed, firstToken }) => [
            provider,
            offer,
            speed.logarithms,
            speed.tokens,
            speed.at,
            firstToken.logarithms,
            firstToken.answers,
            firstToken.at,
          ]),
        ),
      ),
    ),
  ]);
}

/** Whether anybody has ever offered one of these models, or any at all. */
export async function wasOffered(env: Env, models: readonly string[] | null): Promise<boolean> {
  const found = await env.DB.prepare(
    "SELECT 1 FROM models WHERE ?1 IS NULL OR name IN (SELECT value FROM json_each(?1)) LIMIT 1",
  )
    .bind(models && JSON.stringify(models))
    .first();
  return found !== null;
}
