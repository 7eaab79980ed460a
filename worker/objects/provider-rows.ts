import * as v from "valibot";
import { Offer } from "../../protocol/offer.ts";
import { declaredSpeed, type SpeedEstimate } from "../../rules/speed-estimate.ts";
import { noRecord, type SuccessRecord } from "../../rules/success-rate.ts";
import type { Env } from "../env.ts";

/** What the database knows of a provider: whose it is, how its latest jobs ended, and how fast its offers were. */
export interface KnownProvider {
  owner: string;
  success: SuccessRecord;
  speeds: Map<string, SpeedEstimate>;
  /** Of its last hello. */
  offers: Offer[];
}

const ProviderRows = v.array(
  v.object({ owner: v.string(), successes: v.number(), failures: v.number(), rated_at: v.number() }),
);

const OfferRows = v.array(
  v.object({
    offer: v.string(),
    terms: v.pipe(v.string(), v.parseJson(), Offer),
    logarithms: v.number(),
    tokens: v.number(),
    measured_at: v.number(),
  }),
);

/** Null for one that is unknown or was revoked. */
export async function knownProvider(env: Env, id: string, now: number): Promise<KnownProvider | null> {
  const [providers, offers] = await env.DB.batch<object>([
    env.DB.prepare(
      "SELECT owner, successes, failures, rated_at FROM providers WHERE id = ? AND revoked_at IS NULL",
    ).bind(id),
    env.DB.prepare(
      "SELECT offer, terms, logarithms, tokens, measured_at FROM offers WHERE provider = ? ORDER BY offer",
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
    speeds: new Map(
      rows.map(({ offer, terms, logarithms, tokens, measured_at: at }) => [
        offer,
        { declared: terms.tokensPerSecond, logarithms, tokens, at },
      ]),
    ),
    offers: rows.map(({ terms }) => terms),
  };
}

/** An offer's speed: as it was seen before if it is the same model, declared anew. */
export function speedOf(terms: Offer, known: KnownProvider, now: number): SpeedEstimate {
  const fresh = declaredSpeed(terms.tokensPerSecond, now);
  const before = known.offers.find(({ offer }) => offer === terms.offer);
  const seen = known.speeds.get(terms.offer);
  return seen === undefined || seen.at === 0 || before?.model !== terms.model
    ? fresh
    : { ...seen, declared: fresh.declared };
}

/** Writes down what a provider offers from now on, and that it is there. */
export async function writeHello(
  env: Env,
  provider: string,
  session: string,
  offers: readonly { terms: Offer; speed: SpeedEstimate }[],
  now: number,
): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      "DELETE FROM offers WHERE provider = ? AND offer NOT IN (SELECT value FROM json_each(?))",
    ).bind(provider, JSON.stringify(offers.map(({ terms }) => terms.offer))),
    ...offers.flatMap(({ terms, speed }) => [
      env.DB.prepare("INSERT OR IGNORE INTO models (name, first_offered_at) VALUES (?, ?)").bind(
        terms.model,
        now,
      ),
      env.DB.prepare(
        `INSERT INTO offers (provider, offer, model, terms, logarithms, tokens, measured_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (provider, offer) DO UPDATE SET model = excluded.model, terms = excluded.terms,
           logarithms = excluded.logarithms, tokens = excluded.tokens, measured_at = excluded.measured_at`,
      ).bind(
        provider,
        terms.offer,
        terms.model,
        JSON.stringify(terms),
        speed.logarithms,
        speed.tokens,
        speed.at,
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
  offers: { offer: string; speed: SpeedEstimate }[];
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
      `UPDATE offers SET logarithms = seen.value ->> 2, tokens = seen.value ->> 3, measured_at = seen.value ->> 4
       FROM json_each(?) seen WHERE offers.provider = seen.value ->> 0 AND offers.offer = seen.value ->> 1`,
    ).bind(
      JSON.stringify(
        ratings.flatMap(({ provider, offers }) =>
          offers.map(({ offer, speed }) => [provider, offer, speed.logarithms, speed.tokens, speed.at]),
        ),
      ),
    ),
  ]);
}

/** Whether anybody has ever offered the model. */
export async function wasOffered(env: Env, model: string): Promise<boolean> {
  return (await env.DB.prepare("SELECT 1 FROM models WHERE name = ?").bind(model).first()) !== null;
}
