import * as v from "valibot";
import type { BookedOffer } from "../protocol/market.ts";
import { percentile } from "../rules/percentile.ts";
import type { Env } from "./env.ts";

/** How fast a provider was with a model, to others than its owner. */
export type OfferPace = Pick<BookedOffer, "answers" | "firstTokenMs" | "writtenPerSecond">;

const WINDOW_MS = 24 * 60 * 60_000;

/** So many of each provider's parts are looked at, the latest: enough for nine of ten, and a page costs the same whatever was served. */
const MOST_PARTS = 400;

/** Fewer tokens than these came as the network had it, and say little of how fast they were made. */
const ENOUGH_TOKENS = 8;

/** What is known of one part: until its first token, and of what came after. */
const Parts = v.array(v.tuple([v.number(), v.nullable(v.number()), v.nullable(v.number())]));

/** How fast each of these providers was with a model in the last 24 hours. Those that answered nobody else are left out. */
export async function paces(
  env: Env,
  model: string,
  providers: readonly string[],
  now: number,
): Promise<Map<string, OfferPace>> {
  const { results } = await env.DB.prepare(PARTS_OF_PROVIDERS)
    .bind(JSON.stringify(providers), now - WINDOW_MS, model)
    .all<{ provider: string; parts: string }>();
  return new Map(
    results.flatMap(({ provider, parts }) => {
      const pace = paceOf(v.parse(Parts, JSON.parse(parts)));
      return pace.answers === 0 ? [] : [[provider, pace]];
    }),
  );
}

// The bound is on what is read, so it stands before anything is sorted out.
export const PARTS_OF_PROVIDERS = `
  SELECT asked.value AS provider, (
    SELECT json_group_array(json_array(part.first_token_ms, part.writing_tokens, part.writing_ms)) FROM (
      SELECT job, owner, first_token_ms, writing_tokens, writing_ms FROM job_parts
      WHERE provider = asked.value AND began_at > ?2 ORDER BY began_at DESC LIMIT ${MOST_PARTS}) part
    CROSS JOIN jobs ON jobs.id = part.job
    WHERE jobs.model = ?3 AND jobs.consumer <> part.owner AND part.first_token_ms IS NOT NULL) AS parts
  FROM json_each(?1) asked`;

function paceOf(parts: v.InferOutput<typeof Parts>): OfferPace {
  const speeds = parts.flatMap(([, tokens, ms]) => speedOf(tokens, ms) ?? []);
  return {
    answers: parts.length,
    firstTokenMs: usual(
      parts.map(([firstTokenMs]) => firstTokenMs),
      0.9,
    ),
    writtenPerSecond: usual(speeds, 0.1),
  };
}

/** Tokens per second of one part; null where too little was written to tell. */
export const speedOf = (tokens: number | null, ms: number | null): number | null =>
  tokens === null || ms === null || tokens < ENOUGH_TOKENS || ms === 0 ? null : (tokens * 1_000) / ms;

/** @param share of the values that `nineOfTen` is not exceeded by */
function usual(values: readonly number[], share: 0.1 | 0.9): OfferPace["firstTokenMs"] {
  const [half, nineOfTen] = [percentile(values, 0.5), percentile(values, share)];
  return half === null || nineOfTen === null ? null : { half, nineOfTen };
}
