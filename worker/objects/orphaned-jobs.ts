import * as v from "valibot";
import { Prices } from "../../protocol/money.ts";
import type { Env } from "../env.ts";
import { holdsAhead, releaseAhead } from "./ahead-rows.ts";
import { billOf, endJob, type JobTerms, type PartRecord } from "./job-rows.ts";

/** Jobs of a Market that is gone, as the database knows them. */

interface OpenJobRow {
  id: string;
  consumer: string;
  prompt_bound: number;
  max_tokens: number;
  held: number;
  fee_basis_points: number;
}

interface PartRow {
  provider: string;
  owner: string;
  prices: string;
  began_at: number;
  delivered_tokens: number;
  delivered_bytes: number;
  claimed_prompt_tokens: number | null;
  claimed_cached_tokens: number | null;
  claimed_completion_tokens: number | null;
}

/**
 * Ends every job of a shard that has no end: the Market that served them is gone, and with it their streams. What was
 * written down as delivered is paid for.
 */
export async function endOrphans(env: Env, shard: string, now: number): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT id, consumer, prompt_bound, max_tokens, held, fee_basis_points FROM jobs
     WHERE shard = ? AND ended_at IS NULL`,
  )
    .bind(shard)
    .all<OpenJobRow>();
  for (const hold of await holdsAhead(env, shard))
    await orLater(`the hold ahead ${hold.job} could not be given back`, () => releaseAhead(env, hold));
  for (const row of results)
    await orLater(`the job ${row.id} could not be ended`, () => endOrphan(env, row, now));
}

/** One that can't be ended must not keep the others, or the market, from going on. */
async function orLater(trouble: string, end: () => Promise<void>): Promise<void> {
  try {
    await end();
  } catch (error) {
    console.error(`${trouble}; it is tried again at the next start`, error);
  }
}

async function endOrphan(env: Env, row: OpenJobRow, now: number): Promise<void> {
  const parts = await savedParts(env, row.id);
  const terms: JobTerms = {
    bounds: { promptTokens: row.prompt_bound, maxTokens: row.max_tokens },
    heldNano: row.held,
    feeBasisPoints: row.fee_basis_points,
  };
  const hold = { job: row.id, consumer: row.consumer, heldNano: row.held };
  await endJob(env, {
    hold,
    bill: billOf(row.consumer, terms, parts),
    served: { parts, reasons: null },
    ending: {
      ended: "interrupted",
      reason: null,
      error: "The market was restarted while this was being answered.",
      firstTokenAt: null,
      at: now,
    },
    late: null,
    model: null,
    answer: null,
    ahead: null,
  });
}

async function savedParts(env: Env, job: string): Promise<PartRecord[]> {
  const { results } = await env.DB.prepare(
    `SELECT provider, owner, prices, began_at, delivered_tokens, delivered_bytes, claimed_prompt_tokens,
       claimed_cached_tokens, claimed_completion_tokens FROM job_parts WHERE job = ? ORDER BY part`,
  )
    .bind(job)
    .all<PartRow>();
  return results.map((row) => ({
    provider: row.provider,
    owner: row.owner,
    prices: v.parse(Prices, JSON.parse(row.prices)),
    beganAt: row.began_at,
    deliveredTokens: row.delivered_tokens,
    deliveredBytes: row.delivered_bytes,
    claimed:
      row.claimed_prompt_tokens === null
        ? null
        : {
            promptTokens: row.claimed_prompt_tokens,
            cachedPromptTokens: row.claimed_cached_tokens ?? 0,
            completionTokens: row.claimed_completion_tokens,
          },
    outcome: "lost",
    pace: null,
    saved: null,
  }));
}
