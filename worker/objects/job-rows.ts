import type { FinishReason } from "../../protocol/finish-reason.ts";
import type { JobEnd, PartOutcome } from "../../protocol/market.ts";
import type { Prices } from "../../protocol/money.ts";
import { isStream } from "../../rules/asked.ts";
import { type Bill, billJob, type Claim } from "../../rules/billing.ts";
import type { TokenBounds } from "../../rules/price.ts";
import type { DecodeSample } from "../../rules/speed-estimate.ts";
import { utf8Length } from "../../rules/utf8-length.ts";
import type { Env } from "../env.ts";
import type { JobOrder } from "../job-order.ts";
import {
  endHold,
  endHolds,
  type Ended,
  type Held,
  type HoldAhead,
  type HoldEnd,
  type PlacedHold,
  placeHold,
  releasing,
  settling,
} from "../ledger.ts";

/** A job as the database knows it (migrations/0006_market.sql), and its money. */

/** What was agreed before a job began. */
export interface JobTerms {
  bounds: TokenBounds;
  heldNano: number;
  feeBasisPoints: number;
}

/** What one provider did for a job. */
export interface PartRecord {
  provider: string;
  /** The account that the provider belongs to. */
  owner: string;
  prices: Prices;
  beganAt: number;
  deliveredTokens: number;
  deliveredBytes: number;
  claimed: Claim | null;
  outcome: PartOutcome | null;
  /** How fast it was so far; null where nothing came, or nothing is known of it any more. */
  readonly pace: Pace | null;
  /** What its row says of it besides how much was delivered; null before it has one. */
  saved: Pick<PartRecord, "claimed" | "outcome"> | null;
}

/** What was done for a job, and why by the first of those who did it: JSON (`ChoiceReasons`), null where nobody was chosen. */
export interface ServedJob {
  parts: readonly PartRecord[];
  reasons: string | null;
}

/** Each has some thousand characters, and D1 takes no text longer than 2 MB. */
const REASONS_AT_ONCE = 100;

/** The reasons are written with the first part's row, or when the job ends before it has one. */
const unsavedReasons = ({ parts, reasons }: ServedJob): string | null =>
  (parts[0]?.saved ?? null) === null ? reasons : null;

/** What the pages tell of speed comes from here. */
export interface Pace {
  /** Milliseconds from the part's beginning to its first delta. */
  firstTokenMs: number;
  /** What came after that delta; null where it was too little to tell a speed. */
  writing: DecodeSample | null;
}

export interface JobEnding {
  ended: Exclude<JobEnd, "open">;
  reason: FinishReason | null;
  /** What the consumer was told; null where nothing went wrong. */
  error: string | null;
  firstTokenAt: number | null;
  at: number;
}

/** Holds for a job and writes it down, both or neither; neither under a key that was revoked or changed. */
export async function openJob(
  env: Env,
  begun: BegunJob,
): Promise<Held | { type: "revoked" } | { type: "changed" }> {
  try {
    const { order, terms } = begun;
    return await placeHold(env, order.job, order.consumer, terms.heldNano, [jobRows(env, [begun])]);
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    if (text.includes("the API key was revoked")) return { type: "revoked" };
    if (text.includes("the API key was changed")) return { type: "changed" };
    throw error;
  }
}

/** What is written down of a job at its beginning. */
export interface BegunJob {
  order: JobOrder;
  terms: JobTerms;
  createdAt: number;
  /** Of the model that serves it, or is to. */
  head: { model: string };
}

function jobRows(env: Env, jobs: readonly BegunJob[]): D1PreparedStatement {
  const rows = jobs.map(({ order: { job, consumer, apiKey, keyVersion, asked }, terms, createdAt, head }) => [
    job,
    consumer,
    apiKey,
    keyVersion,
    head.model,
    head.model === asked.request.model ? null : asked.request.model,
    isStream(asked) ? 1 : 0,
    terms.bounds.promptTokens,
    terms.bounds.maxTokens,
    terms.heldNano,
    terms.feeBasisPoints,
    createdAt,
  ]);
  return env.DB.prepare(
    `INSERT INTO jobs (id, consumer, api_key, key_version, model, asked_model, streamed, prompt_bound, max_tokens, held, fee_basis_points,
       created_at)
     SELECT ${columns(12)} FROM json_each(?) WHERE true ON CONFLICT (id) DO NOTHING`,
  ).bind(JSON.stringify(rows));
}

/** The rows of jobs that began with a hold that was placed ahead. */
function lateRows(env: Env, jobs: readonly BegunJob[]): D1PreparedStatement[] {
  if (jobs.length === 0) return [];
  const ids = JSON.stringify(jobs.map(({ order }) => order.job));
  return [
    jobRows(env, jobs),
    env.DB.prepare("DELETE FROM holds_ahead WHERE job IN (SELECT value FROM json_each(?))").bind(ids),
  ];
}

/** The values of a list in JSON, for as many columns. */
const columns = (count: number): string =>
  Array.from({ length: count }, (_, at) => `json_extract(value, '$[${at}]')`).join(", ");

export function billOf(consumer: string, terms: JobTerms, parts: readonly PartRecord[]): Bill {
  return billJob({ consumer, ...terms, parts: parts.map((part) => ({ ...part, provider: part.owner })) });
}

/** A job that has come to its end, and what is written down of that. */
export interface EndedJob {
  hold: PlacedHold;
  bill: Bill;
  served: ServedJob;
  ending: JobEnding;
  /** The job, if its row is not written yet. */
  late: BegunJob | null;
  /** By which model it was served, and which was asked for, where the one is not settled by the other. */
  model: { served: string; asked: string } | null;
  /** The answer, if it is to be kept for its Idempotency-Key. */
  answer: string | null;
  /** A hold for the next job of the same key. */
  ahead: HoldAhead | null;
}

/**
 * Ends a job: pays what was delivered and gives the rest back, or all of it, and writes down what became of it. May be
 * repeated.
 */
export const endJob = (env: Env, job: EndedJob): Promise<Ended> =>
  endHold(env, holdEnd(job), endsWritten(env, [job]));

/** Ends some jobs in one batch; null where that can't be, and each is to be ended by itself. */
export const endJobs = (env: Env, jobs: readonly EndedJob[]): Promise<Ended[] | null> =>
  endHolds(env, jobs.map(holdEnd), endsWritten(env, jobs));

const holdEnd = ({ hold, bill, ahead }: EndedJob): HoldEnd =>
  bill.costNano > 0 ? settling(hold, bill.parts, ahead) : releasing(hold, ahead);

function endsWritten(env: Env, jobs: readonly EndedJob[]): D1PreparedStatement[] {
  const late = jobs.flatMap((job) => job.late ?? []);
  const parted = jobs.filter(({ served }) => served.parts.length > 0);
  const parts = parted.map(({ hold, served, bill }) => ({ job: hold.job, parts: served.parts, bill }));
  const rows = jobs.map(({ hold, bill: { usage, costNano }, served, ending, model }) => [
    hold.job,
    ending.ended,
    ending.reason,
    ending.error,
    ending.firstTokenAt,
    ending.at,
    usage.promptTokens,
    usage.cachedPromptTokens,
    usage.completionTokens,
    costNano,
    unsavedReasons(served),
    model?.served ?? null,
    model?.asked ?? null,
  ]);
  return [
    ...lateRows(env, late),
    ...(parts.length > 0 ? [partsWritten(env, parts)] : []),
    env.DB.prepare(
      `UPDATE jobs SET ended = value ->> 1, finish_reason = value ->> 2, error = value ->> 3,
         first_token_at = value ->> 4, ended_at = value ->> 5, prompt_tokens = value ->> 6,
         cached_prompt_tokens = value ->> 7, completion_tokens = value ->> 8, cost = value ->> 9,
         reasons = COALESCE(value ->> 10, reasons), model = COALESCE(value ->> 11, model),
         asked_model = CASE WHEN value ->> 11 IS NULL THEN asked_model ELSE NULLIF(value ->> 12, value ->> 11) END
       FROM json_each(?) WHERE jobs.id = value ->> 0`,
    ).bind(JSON.stringify(rows)),
    ...jobs.flatMap(({ answer, hold }) => (answer === null ? [] : [answerKept(env, answer, hold.job)])),
  ];
}

/** Writes down how much of each part was delivered so far, and the jobs themselves where they are not written yet. */
export async function saveParts(
  env: Env,
  jobs: readonly ({ job: string } & ServedJob)[],
  late: readonly BegunJob[],
): Promise<void> {
  const [counted, changed] = [jobs.filter(hasItsRows), jobs.filter((job) => !hasItsRows(job))];
  const rows = changed.flatMap(({ parts }) =>
    parts.map((part) => ({ part, saved: { claimed: part.claimed, outcome: part.outcome } })),
  );
  await env.DB.batch([
    ...lateRows(env, late),
    ...reasonsWritten(env, changed),
    ...(changed.length > 0 ? [partsWritten(env, changed)] : []),
    ...(counted.length > 0 ? [countsWritten(env, counted)] : []),
  ]);
  for (const { part, saved } of rows) part.saved = saved;
}

function reasonsWritten(env: Env, jobs: readonly ({ job: string } & ServedJob)[]): D1PreparedStatement[] {
  const rows = jobs.flatMap((job) => {
    const reasons = unsavedReasons(job);
    return reasons === null ? [] : [[job.job, reasons]];
  });
  const statement = env.DB.prepare(
    "UPDATE jobs SET reasons = value ->> 1 FROM json_each(?) WHERE jobs.id = value ->> 0 AND ended_at IS NULL",
  );
  const parts = Math.ceil(rows.length / REASONS_AT_ONCE);
  return Array.from({ length: parts }, (_, part) =>
    statement.bind(JSON.stringify(rows.slice(part * REASONS_AT_ONCE, (part + 1) * REASONS_AT_ONCE))),
  );
}

/** Whether nothing but the counts can differ from what is written of a job's parts. */
const hasItsRows = ({ parts }: { parts: readonly PartRecord[] }): boolean =>
  parts.every(({ saved, claimed, outcome }) => saved?.claimed === claimed && saved.outcome === outcome);

/** The counts alone: nothing else changes while tokens flow. */
function countsWritten(
  env: Env,
  jobs: readonly { job: string; parts: readonly PartRecord[] }[],
): D1PreparedStatement {
  const rows = jobs.flatMap(({ job, parts }) =>
    parts.map((part, index) => [job, index, part.deliveredTokens, part.deliveredBytes]),
  );
  return env.DB.prepare(
    `UPDATE job_parts SET delivered_tokens = value ->> 2, delivered_bytes = value ->> 3 FROM json_each(?)
     WHERE job = value ->> 0 AND part = value ->> 1
       AND EXISTS (SELECT 1 FROM jobs WHERE id = value ->> 0 AND ended_at IS NULL)`,
  ).bind(JSON.stringify(rows));
}

/** One statement for all, whose parameters would else be too many. What comes late changes nothing of a job that has ended. */
function partsWritten(
  env: Env,
  jobs: readonly { job: string; parts: readonly PartRecord[]; bill?: Bill }[],
): D1PreparedStatement {
  const rows = jobs.flatMap(({ job, parts, bill }) =>
    parts.map((part, index) => {
      const billed = bill?.parts[index];
      return [
        job,
        index,
        part.provider,
        part.owner,
        JSON.stringify(part.prices),
        part.beganAt,
        part.deliveredTokens,
        part.deliveredBytes,
        part.claimed?.promptTokens ?? null,
        part.claimed?.cachedPromptTokens ?? null,
        part.claimed?.completionTokens ?? null,
        part.outcome,
        part.pace?.firstTokenMs ?? null,
        part.pace?.writing?.ms ?? null,
        part.pace?.writing?.tokens ?? null,
        billed?.usage.promptTokens ?? 0,
        billed?.usage.cachedPromptTokens ?? 0,
        billed?.usage.completionTokens ?? 0,
        billed?.costNano ?? 0,
        billed?.feeNano ?? 0,
        billed?.earnedNano ?? 0,
      ];
    }),
  );
  return env.DB.prepare(
    `INSERT INTO job_parts (job, part, provider, owner, prices, began_at, delivered_tokens, delivered_bytes,
       claimed_prompt_tokens, claimed_cached_tokens, claimed_completion_tokens, outcome,
       first_token_ms, writing_ms, writing_tokens, prompt_tokens, cached_prompt_tokens, completion_tokens, cost, fee, earned)
     SELECT ${columns(21)} FROM json_each(?)
     WHERE EXISTS (SELECT 1 FROM jobs WHERE id = value ->> 0 AND ended_at IS NULL)
     ON CONFLICT (job, part) DO UPDATE SET
       delivered_tokens = excluded.delivered_tokens, delivered_bytes = excluded.delivered_bytes,
       claimed_prompt_tokens = excluded.claimed_prompt_tokens,
       claimed_cached_tokens = excluded.claimed_cached_tokens,
       claimed_completion_tokens = excluded.claimed_completion_tokens, outcome = excluded.outcome,
       first_token_ms = COALESCE(excluded.first_token_ms, first_token_ms),
       writing_ms = COALESCE(excluded.writing_ms, writing_ms),
       writing_tokens = COALESCE(excluded.writing_tokens, writing_tokens),
       prompt_tokens = excluded.prompt_tokens, cached_prompt_tokens = excluded.cached_prompt_tokens,
       completion_tokens = excluded.completion_tokens, cost = excluded.cost, fee = excluded.fee,
       earned = excluded.earned`,
  ).bind(JSON.stringify(rows));
}

/** What a provider got for its parts of a job. */
export interface Settlement {
  job: string;
  paid: { promptTokens: number; cachedPromptTokens: number; completionTokens: number };
  amountNano: number;
}

/** What was settled of these jobs for a provider; those that are still open are left out. */
export async function settlements(
  env: Env,
  provider: string,
  jobs: readonly string[],
): Promise<Settlement[]> {
  if (jobs.length === 0) return [];
  const { results } = await env.DB.prepare(
    `SELECT j.id AS job, COALESCE(SUM(p.prompt_tokens), 0) AS promptTokens,
       COALESCE(SUM(p.cached_prompt_tokens), 0) AS cachedPromptTokens,
       COALESCE(SUM(p.completion_tokens), 0) AS completionTokens, COALESCE(SUM(p.earned), 0) AS amountNano
     FROM jobs j LEFT JOIN job_parts p ON p.job = j.id AND p.provider = ?1
     WHERE j.id IN (SELECT value FROM json_each(?2)) AND j.ended_at IS NOT NULL GROUP BY j.id`,
  )
    .bind(provider, JSON.stringify(jobs))
    .all<Settlement["paid"] & { job: string; amountNano: number }>();
  return results.map(({ job, amountNano, ...paid }) => ({ job, paid, amountNano }));
}

/** D1 takes no text longer than 2 MB, and the batch that settles must not fail for it. */
const MAX_KEPT_BYTES = 1_000_000;

/** An answer as it is kept for its Idempotency-Key; null for one that is too long for that. */
export function answerToKeep(pieces: Iterable<string>): string | null {
  let answer = "";
  for (const piece of pieces) {
    answer += piece;
    if (answer.length > MAX_KEPT_BYTES) return null;
  }
  return utf8Length(answer) <= MAX_KEPT_BYTES ? answer : null;
}

const answerKept = (env: Env, answer: string, job: string): D1PreparedStatement =>
  env.DB.prepare("UPDATE idempotent_requests SET answer = ? WHERE job = ?").bind(answer, job);
