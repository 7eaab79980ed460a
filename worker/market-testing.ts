import { bindings, offerOf } from "./testing.ts";

/** What the database notes of a job; the tests name what they look at. */
export interface JobRecord {
  id: string;
  consumer: string;
  key?: string;
  model?: string;
  at: number;
  /** Its end; without, it has none. */
  ended?: { at: number; how: string; finishReason?: string; error?: string };
  firstTokenAt?: number;
  /** Why its first provider was chosen, as JSON. */
  reasons?: string;
  /** One for each provider's part: who, how it ended, and what is paid for. */
  parts?: {
    provider: string;
    owner: string;
    at: number;
    outcome?: string;
    completionTokens?: number;
    /** Of a million tokens of the answer. */
    price?: number;
    firstTokenMs?: number;
    writing?: { tokens: number; ms: number };
    feeNano?: number;
    earnedNano?: number;
  }[];
}

/** Writes a job as a Market would have: as another shard, so that ours does not end those that are open. */
export async function recordJob(record: JobRecord): Promise<void> {
  const { DB } = bindings;
  const parts = record.parts ?? [];
  const costOf = ({ feeNano = 0, earnedNano = 0 }: (typeof parts)[number]) => feeNano + earnedNano;
  const cost = parts.reduce((sum, part) => sum + costOf(part), 0);
  const tokens = parts.reduce((sum, part) => sum + (part.completionTokens ?? 0), 0);
  await DB.batch([
    DB.prepare(
      `INSERT INTO jobs (id, shard, consumer, api_key, model, streamed, prompt_bound, max_tokens, held, fee_basis_points, created_at,
         first_token_at, ended_at, ended, finish_reason, error, prompt_tokens, completion_tokens, cost, reasons)
       VALUES (?, 'other', ?, ?, ?, 1, 10, 100, 1000, 500, ?, ?, ?, ?, ?, ?, 7, ?, ?, ?)`,
    ).bind(
      record.id,
      record.consumer,
      record.key ?? null,
      record.model ?? "tiny",
      record.at,
      record.firstTokenAt ?? null,
      record.ended?.at ?? null,
      record.ended?.how ?? null,
      record.ended?.finishReason ?? null,
      record.ended?.error ?? null,
      tokens,
      cost,
      record.reasons ?? null,
    ),
    ...parts.map((part, index) =>
      DB.prepare(
        `INSERT INTO job_parts (job, part, provider, owner, prices, began_at, outcome, prompt_tokens, completion_tokens, cost,
           fee, earned, first_token_ms, writing_tokens, writing_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, 7, ?, ?, ?, ?, ?, ?, ?)`,
      ).bind(
        record.id,
        index,
        part.provider,
        part.owner,
        JSON.stringify({
          ...offerOf().prices,
          ...(part.price === undefined ? {} : { completion: part.price }),
        }),
        part.at,
        part.outcome ?? null,
        part.completionTokens ?? 0,
        costOf(part),
        part.feeNano ?? 0,
        part.earnedNano ?? 0,
        part.firstTokenMs ?? null,
        part.writing?.tokens ?? null,
        part.writing?.ms ?? null,
      ),
    ),
  ]);
}
