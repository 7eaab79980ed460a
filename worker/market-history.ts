import * as v from "valibot";
import type { ModelHistory } from "../protocol/market.ts";
import { percentile } from "../rules/percentile.ts";
import type { Env } from "./env.ts";
import { json, type Call } from "./http.ts";
import { offeredOnce } from "./market-models.ts";
import { speedOf } from "./offer-pace.ts";

const HOUR_MS = 60 * 60_000;
const SHOWN_HOURS = 7 * 24;

/** An hour is final when it was counted so long after its end: what ended in it may be written down a little later. */
const SETTLED_MS = 5 * 60_000;

/** An hour that is not final is counted again after so long. */
const FRESH_MS = 60_000;

/** Prices and speeds are those of so many of an hour's parts, the latest. */
const MOST_PARTS = 500;

/** So many hours are counted by one statement, as its answer is held in memory. */
const HOURS_AT_ONCE = 24;

type Hour = ModelHistory["hours"][number];
type KeptHour = Hour & { countedAt: number };

/** Of one part: its price, and what came after its first token. */
const Parts = v.array(
  v.tuple([v.number(), v.nullable(v.number()), v.nullable(v.number()), v.nullable(v.number())]),
);

/** GET /api/market/models/:model/history: price, speed and requests of a model by hours. */
export async function show(call: Call): Promise<Response> {
  const { env } = call;
  const { name, firstOfferedAt } = await offeredOnce(call);
  const now = Date.now();
  const first = Math.max(hourOf(firstOfferedAt), hourOf(now) - (SHOWN_HOURS - 1) * HOUR_MS);
  const kept = await keptHours(env, name, first);
  const shown = hoursBetween(first, now);
  const due = shown.filter((beganAt) => isDue(beganAt, kept.get(beganAt)?.countedAt, now));
  const counted = await countHours(env, name, due);
  if (due.length > 0) await keepHours(env, name, counted, first, now);
  const fresh = new Map(counted.map((hour) => [hour.beganAt, hour]));
  const hours = shown.flatMap((beganAt) => fresh.get(beganAt) ?? kept.get(beganAt) ?? []);
  return json({ hours: hours.map(withoutCount) } satisfies ModelHistory);
}

const hourOf = (instant: number): number => instant - (instant % HOUR_MS);

const hoursBetween = (first: number, now: number): number[] =>
  Array.from({ length: (hourOf(now) - first) / HOUR_MS + 1 }, (_, hour) => first + hour * HOUR_MS);

/** Whether an hour has to be counted, or again: it was not final, and that was a while ago. */
const isDue = (beganAt: number, countedAt: number | undefined, now: number): boolean =>
  countedAt === undefined || (countedAt < beganAt + HOUR_MS + SETTLED_MS && countedAt < now - FRESH_MS);

const withoutCount = ({
  beganAt,
  jobs,
  cheapestPrice,
  medianPrice,
  firstTokenMs,
  tokensPerSecond,
}: Hour): Hour => ({ beganAt, jobs, cheapestPrice, medianPrice, firstTokenMs, tokensPerSecond });

async function keptHours(env: Env, model: string, first: number): Promise<Map<number, KeptHour>> {
  const { results } = await env.DB.prepare(
    `SELECT began_at AS beganAt, counted_at AS countedAt, jobs, cheapest_price AS cheapestPrice,
       median_price AS medianPrice, first_token_ms AS firstTokenMs, tokens_per_second AS tokensPerSecond
     FROM model_hours WHERE model = ? AND began_at >= ?`,
  )
    .bind(model, first)
    .all<KeptHour>();
  return new Map(results.map((hour) => [hour.beganAt, hour]));
}

// Whoever serves himself proves nothing. What was refused, or came to nothing, was not paid for.
const OF_OTHERS = "job_parts.owner <> jobs.consumer AND job_parts.completion_tokens > 0";

export const COUNT_HOURS = `
  SELECT hour.value AS beganAt, (
    SELECT COUNT(*) FROM jobs
    WHERE model = ?1 AND ended_at >= hour.value AND ended_at < hour.value + ${HOUR_MS}
      AND EXISTS (SELECT 1 FROM job_parts WHERE job = jobs.id AND ${OF_OTHERS})) AS jobs, (
    SELECT json_group_array(json_array(price, first_token_ms, writing_tokens, writing_ms)) FROM (
      SELECT prices ->> 'completion' AS price, first_token_ms, writing_tokens, writing_ms
      FROM jobs CROSS JOIN job_parts ON job_parts.job = jobs.id
      WHERE model = ?1 AND ended_at >= hour.value AND ended_at < hour.value + ${HOUR_MS} AND ${OF_OTHERS}
      ORDER BY ended_at DESC LIMIT ${MOST_PARTS})) AS parts
  FROM json_each(?2) hour`;

async function countHours(env: Env, model: string, hours: readonly number[]): Promise<Hour[]> {
  const counted: Hour[] = [];
  for (let from = 0; from < hours.length; from += HOURS_AT_ONCE) {
    const { results } = await env.DB.prepare(COUNT_HOURS)
      .bind(model, JSON.stringify(hours.slice(from, from + HOURS_AT_ONCE)))
      .all<{ beganAt: number; jobs: number; parts: string }>();
    counted.push(
      ...results.map(({ beganAt, jobs, parts }) => ({
        beganAt,
        jobs,
        ...summed(v.parse(Parts, JSON.parse(parts))),
      })),
    );
  }
  return counted;
}

function summed(parts: v.InferOutput<typeof Parts>): Omit<Hour, "beganAt" | "jobs"> {
  const prices = parts.map(([price]) => price);
  const median = (values: readonly number[]): number | null => percentile(values, 0.5);
  return {
    cheapestPrice: prices.length === 0 ? null : Math.min(...prices),
    medianPrice: median(prices),
    firstTokenMs: median(parts.flatMap(([, firstTokenMs]) => firstTokenMs ?? [])),
    tokensPerSecond: median(parts.flatMap(([, , tokens, ms]) => speedOf(tokens, ms) ?? [])),
  };
}

/** Writes down what was counted, and forgets what is no longer shown. */
async function keepHours(
  env: Env,
  model: string,
  hours: readonly Hour[],
  first: number,
  now: number,
): Promise<void> {
  const rows = hours.map((hour) => [
    hour.beganAt,
    hour.jobs,
    hour.cheapestPrice,
    hour.medianPrice,
    hour.firstTokenMs,
    hour.tokensPerSecond,
  ]);
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO model_hours (model, began_at, counted_at, jobs, cheapest_price, median_price, first_token_ms,
         tokens_per_second)
       SELECT ?1, value ->> 0, ?2, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?3)
       WHERE true ON CONFLICT (model, began_at) DO UPDATE SET counted_at = excluded.counted_at, jobs = excluded.jobs,
         cheapest_price = excluded.cheapest_price, median_price = excluded.median_price,
         first_token_ms = excluded.first_token_ms, tokens_per_second = excluded.tokens_per_second`,
    ).bind(model, now, JSON.stringify(rows)),
    env.DB.prepare("DELETE FROM model_hours WHERE model = ? AND began_at < ?").bind(model, first),
  ]);
}
