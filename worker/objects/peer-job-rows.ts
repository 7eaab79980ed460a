import * as v from "valibot";
import { Prices } from "../../protocol/money.ts";
import { SignedReceipt } from "../../protocol/receipt.ts";
import type { Env } from "../env.ts";
import { type Held, placeHold } from "../ledger.ts";
import { type EndedJob, endJob } from "./job-rows.ts";
import type { OpenPeerJob } from "./open-peer-job.ts";

/** Peer jobs as the database knows them (migrations/0020_peer_jobs.sql). */

/** What is written down of a peer job at its beginning. */
export interface BegunPeerJob {
  /** The one that is to serve it, and the name that was asked for. */
  model: string;
  asked: string;
  /** JSON: `ChoiceReasons`. */
  reasons: string;
}

/** Holds for a peer job and writes it down, both or neither. */
export function openPeerJob(
  env: Env,
  begun: OpenPeerJob,
  { model, asked, reasons }: BegunPeerJob,
): Promise<Held> {
  const { job, consumer, terms, createdAt } = begun;
  return placeHold(env, job, consumer, terms.heldNano, [
    env.DB.prepare(
      `INSERT INTO jobs (id, consumer, model, asked_model, streamed, prompt_bound, max_tokens, held, fee_basis_points,
         created_at, reasons, path) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, 'peer')`,
    ).bind(
      job,
      consumer,
      model,
      model === asked ? null : asked,
      terms.bounds.promptTokens,
      terms.bounds.maxTokens,
      terms.heldNano,
      terms.feeBasisPoints,
      createdAt,
      reasons,
    ),
    env.DB.prepare(
      "INSERT INTO job_parts (job, part, provider, owner, prices, began_at) VALUES (?, 0, ?, ?, ?, ?)",
    ).bind(job, begun.provider, begun.owner, JSON.stringify(begun.prices), createdAt),
    env.DB.prepare(
      `INSERT INTO peer_jobs (job, provider, offer, owner, prices, consumer_key, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ).bind(
      job,
      begun.provider,
      begun.offer,
      begun.owner,
      JSON.stringify(begun.prices),
      begun.keys.consumer,
      begun.expiresAt,
    ),
  ]);
}

const written = (env: Env, jobs: readonly OpenPeerJob[]): D1PreparedStatement =>
  env.DB.prepare(
    `UPDATE peer_jobs SET provider_key = value ->> 1, begun = value ->> 2, receipt = value ->> 3,
       provider_forked = value ->> 4, consumer_forked = value ->> 5
     FROM json_each(?) WHERE peer_jobs.job = value ->> 0`,
  ).bind(
    JSON.stringify(
      jobs.map(({ job, keys, begun, best, forked }) => [
        job,
        keys.provider,
        Number(begun),
        best && JSON.stringify(best),
        Number(forked.provider),
        Number(forked.consumer),
      ]),
    ),
  );

/** Writes down how far jobs have come that have come further, for a Market that starts anew. */
export async function savePeerJobs(env: Env, jobs: readonly OpenPeerJob[]): Promise<void> {
  const changed = jobs.filter(({ isDirty }) => isDirty);
  if (changed.length === 0) return;
  for (const job of changed) job.isDirty = false;
  try {
    await written(env, changed).run();
  } catch (error) {
    for (const job of changed) job.isDirty = true;
    console.error("receipts of peer jobs could not be written down; it is tried again", error);
  }
}

const LONGEST_RETRY_MS = 30_000;

/** Ends a peer job, with the receipt that it is paid by; tries until it is done. */
export async function endPeerJob(env: Env, job: OpenPeerJob, ended: EndedJob): Promise<void> {
  for (let wait = 100; ; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
    try {
      await written(env, [job]).run();
      await endJob(env, ended);
      return;
    } catch (error) {
      console.error(`the peer job ${job.job} could not be settled; tried again in ${wait} ms`, error);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

const Flag = v.pipe(
  v.number(),
  v.transform((flag) => flag === 1),
);

const Row = v.object({
  job: v.string(),
  consumer: v.string(),
  provider: v.string(),
  owner: v.string(),
  offer: v.string(),
  prices: v.pipe(v.string(), v.parseJson(), Prices),
  consumerKey: v.string(),
  providerKey: v.nullable(v.string()),
  promptBound: v.number(),
  maxTokens: v.number(),
  heldNano: v.number(),
  feeBasisPoints: v.number(),
  createdAt: v.number(),
  expiresAt: v.number(),
  begun: Flag,
  receipt: v.nullable(v.pipe(v.string(), v.parseJson(), SignedReceipt)),
  providerForked: Flag,
  consumerForked: Flag,
});

/** The peer jobs of a shard that have no end, as they were last written down. What can't be read is told and left out. */
export async function openPeerJobs(env: Env, shard: string): Promise<OpenPeerJob[]> {
  const { results } = await env.DB.prepare(
    `SELECT j.id AS job, j.consumer, p.provider, p.owner, p.offer, p.prices, p.consumer_key AS consumerKey,
       p.provider_key AS providerKey, j.prompt_bound AS promptBound, j.max_tokens AS maxTokens, j.held AS heldNano,
       j.fee_basis_points AS feeBasisPoints, j.created_at AS createdAt, p.expires_at AS expiresAt, p.begun, p.receipt,
       p.provider_forked AS providerForked, p.consumer_forked AS consumerForked
     FROM jobs j JOIN peer_jobs p ON p.job = j.id WHERE j.shard = ? AND j.ended_at IS NULL`,
  )
    .bind(shard)
    .all<{ job: string }>();
  return results.flatMap((row) => {
    const parsed = v.safeParse(Row, row);
    if (!parsed.success) console.error(`the peer job ${row.job} can't be read`, parsed.issues);
    return parsed.success ? [jobOf(parsed.output)] : [];
  });
}

const jobOf = (row: v.InferOutput<typeof Row>): OpenPeerJob => ({
  job: row.job,
  consumer: row.consumer,
  provider: row.provider,
  owner: row.owner,
  offer: row.offer,
  prices: row.prices,
  keys: { consumer: row.consumerKey, provider: row.providerKey },
  terms: {
    bounds: { promptTokens: row.promptBound, maxTokens: row.maxTokens },
    heldNano: row.heldNano,
    feeBasisPoints: row.feeBasisPoints,
  },
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  begun: row.begun,
  best: row.receipt,
  forked: { provider: row.providerForked, consumer: row.consumerForked },
  state: "issued",
  leaving: null,
  isDirty: false,
});

const EndedRow = v.object({
  promptTokens: v.number(),
  cachedPromptTokens: v.number(),
  completionTokens: v.number(),
  costNano: v.number(),
  endedAt: v.nullable(v.number()),
});

/** What was paid for a peer job of this account; null where it has no such job, or one without an end. */
export async function endedPeerJob(
  env: Env,
  job: string,
  consumer: string,
): Promise<Omit<v.InferOutput<typeof EndedRow>, "endedAt"> | null> {
  const found = await env.DB.prepare(
    `SELECT prompt_tokens AS promptTokens, cached_prompt_tokens AS cachedPromptTokens,
       completion_tokens AS completionTokens, cost AS costNano, ended_at AS endedAt
     FROM jobs WHERE id = ? AND consumer = ? AND path = 'peer'`,
  )
    .bind(job, consumer)
    .first();
  if (found === null) return null;
  const { endedAt, ...paid } = v.parse(EndedRow, found);
  return endedAt === null ? null : paid;
}
