import type { ChatCompletion } from "../protocol/chat-completion.ts";
import type { ChatCompletionRequest } from "../protocol/chat.ts";
import type { JobEnd } from "../protocol/market.ts";
import { chunksOf } from "../rules/answer-chunks.ts";
import { sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import type { JobOrder } from "./job-order.ts";
import { answerHeaders } from "./objects/answer.ts";
import { OpenAIApiError } from "./openai-http.ts";

/**
 * A request that comes with an `Idempotency-Key` is answered, and paid for, once: who did not hear the answer sends it again
 * and gets the same. A key means something within one account, for a day.
 *
 *     free --claimJob--> claimed by a job --the Market settles it, and keeps the answer--> answered
 *      ^                        |                                                            |
 *      +--refused; not finished; never begun                                     a day later |
 *      +-------------------------------------------------------------------------------------+
 *
 * An answer that is too long to be kept is not given again, and not paid again either.
 *
 * What decides is one statement of the database, so that of two requests at the same moment one begins a job. A job that
 * lost its key to another can't give it back: whatever it writes names the job as well.
 */

const KEPT_MS = 24 * 60 * 60 * 1_000;

/** A job of which nothing was written down for so long was never begun: the server ended in between. */
const BEGUN_MS = 30_000;

/** What those are told who ask while the first request is still being answered. */
const ASK_AGAIN_MS = 2_000;

const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/**
 * The key that a request comes with; null for none.
 * @throws OpenAIApiError for one that is no key
 */
export function idempotencyKey(headers: Headers): string | null {
  const key = headers.get("idempotency-key");
  if (key === null || IDEMPOTENCY_KEY.test(key)) return key;
  throw new OpenAIApiError(
    "invalid_request",
    "The header Idempotency-Key must be 1 to 255 printable characters of ASCII.",
  );
}

/** An answer that was given before. */
export interface EarlierAnswer {
  job: string;
  /** JSON of a `ChatCompletion`. */
  answer: string;
}

interface Row {
  request_hash: string;
  job: string;
  answer: string | null;
  /** Null while the job has not ended, and where nothing of it was written down yet. */
  ended: Exclude<JobEnd, "open"> | null;
}

/**
 * Takes the key for this job, if it is free.
 *
 * @returns null where the job is to be done now; otherwise the answer that there is already
 * @throws OpenAIApiError where the key came with another request before, or its request is still being answered
 */
export async function claimJob(env: Env, order: JobOrder, key: string): Promise<EarlierAnswer | null> {
  const now = Date.now();
  const hash = await requestHash(order.request);
  const [, , found] = await env.DB.batch<Row>([
    env.DB.prepare("DELETE FROM idempotent_requests WHERE created_at <= ?").bind(now - KEPT_MS),
    env.DB.prepare(
      `INSERT INTO idempotent_requests (user, key, request_hash, job, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (user, key) DO UPDATE SET
         request_hash = excluded.request_hash, job = excluded.job, created_at = excluded.created_at
       WHERE coalesce(
         (SELECT ended IS NOT NULL AND ended <> 'finished' FROM jobs WHERE jobs.id = idempotent_requests.job),
         idempotent_requests.created_at <= ?6
       )`,
    ).bind(order.consumer, key, hash, order.job, now, now - BEGUN_MS),
    env.DB.prepare(
      `SELECT request_hash, job, answer, ended FROM idempotent_requests LEFT JOIN jobs ON jobs.id = job
       WHERE user = ? AND key = ?`,
    ).bind(order.consumer, key),
  ]);
  const row = found?.results[0];
  if (!row) throw new Error("the row that was just written is not there");
  if (row.job === order.job) return null;
  if (row.request_hash !== hash)
    throw new OpenAIApiError(
      "idempotency_conflict",
      "This Idempotency-Key came with another request before. A new request needs a new key.",
    );
  if (row.answer !== null) return { job: row.job, answer: row.answer };
  if (row.ended === "finished")
    throw new OpenAIApiError(
      "idempotency_conflict",
      "The request with this Idempotency-Key was answered and paid; its answer is too long to be given again.",
    );
  throw new OpenAIApiError(
    "idempotency_in_progress",
    "The first request with this Idempotency-Key is still being answered.",
    null,
    ASK_AGAIN_MS,
  );
}

/** Frees the key of a job that was refused: the same request may be sent again at once. */
export async function releaseJob(env: Env, { job }: JobOrder): Promise<void> {
  await env.DB.prepare("DELETE FROM idempotent_requests WHERE job = ? AND answer IS NULL").bind(job).run();
}

/** The answer that was given before, in the form that is asked for now. */
export function answeredAgain(
  { job, answer }: EarlierAnswer,
  { stream, stream_options: options }: ChatCompletionRequest,
): Response {
  const body = stream ? eventsOf(JSON.parse(answer), options?.include_usage ?? false) : answer;
  const headers = answerHeaders(job, stream ? "text/event-stream" : "application/json");
  return new Response(body, { headers: { ...headers, "idempotent-replayed": "true" } });
}

function eventsOf(completion: ChatCompletion, includesUsage: boolean): string {
  const events = [...chunksOf(completion, includesUsage).map((chunk) => JSON.stringify(chunk)), "[DONE]"];
  return events.map((data) => `data: ${data}\n\n`).join("");
}

/** The same for requests that ask for the same answer, in whatever order and form. */
const requestHash = (request: ChatCompletionRequest): Promise<string> =>
  sha256(canonicalJson({ ...request, stream: undefined, stream_options: undefined }));

const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
