import * as v from "valibot";
import type { JobEnd } from "../protocol/market.ts";
import { Prices } from "../protocol/money.ts";
import { chunksOf } from "../rules/answer-chunks.ts";
import { eventsOfResponse } from "../rules/response-replay.ts";
import { sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import type { JobOrder } from "./job-order.ts";
import { answerHeaders, type Server, serverHeaders } from "./objects/answer.ts";
import { namedEvents } from "./objects/answer-form.ts";
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
  /** JSON of a `ChatCompletion` or of a `Response`, as the address that was asked has it. */
  answer: string;
  /** Who began it; null where nobody wrote anything. */
  server: Server | null;
}

interface Row {
  request_hash: string;
  job: string;
  answer: string | null;
  /** Null while the job has not ended, and where nothing of it was written down yet. */
  ended: Exclude<JobEnd, "open"> | null;
  /** JSON of a `Server`. */
  server: string | null;
}

/**
 * Takes the key for this job, if it is free.
 *
 * @returns null where the job is to be done now; otherwise the answer that there is already
 * @throws OpenAIApiError where the key came with another request before, or its request is still being answered
 */
export async function claimJob(env: Env, order: JobOrder, key: string): Promise<EarlierAnswer | null> {
  const now = Date.now();
  const hash = await requestHash(order);
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
      `SELECT request_hash, job, answer, ended,
         (SELECT json_object('provider', provider, 'prices', CASE WHEN owner <> user THEN json(prices) END)
          FROM job_parts WHERE job_parts.job = jobs.id AND delivered_tokens > 0 ORDER BY part LIMIT 1) AS server
       FROM idempotent_requests LEFT JOIN jobs ON jobs.id = job
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
  if (row.answer !== null) return earlierAnswer(row, row.answer);
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

const KeptServer = v.object({ provider: v.string(), prices: v.nullable(Prices) });

const earlierAnswer = ({ job, server }: Row, answer: string): EarlierAnswer => ({
  job,
  answer,
  server: server === null ? null : v.parse(KeptServer, JSON.parse(server)),
});

/** The answer that was given before, streamed or not as it is asked for now. */
export function answeredAgain(
  { job, answer, server }: EarlierAnswer,
  order: Pick<JobOrder, "request" | "surface">,
): Response {
  const isStream = order.request.stream;
  const headers = {
    ...answerHeaders(job, isStream ? "text/event-stream" : "application/json"),
    ...serverHeaders(server),
    "idempotent-replayed": "true",
  };
  return new Response(isStream ? eventsOf(answer, order) : answer, { headers });
}

function eventsOf(answer: string, { request, surface }: Pick<JobOrder, "request" | "surface">): string {
  if (surface.type === "responses") return namedEvents(eventsOfResponse(JSON.parse(answer)));
  const chunks = chunksOf(JSON.parse(answer), request.stream_options?.include_usage ?? false);
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"];
  return events.map((data) => `data: ${data}\n\n`).join("");
}

/** The same for requests that ask for the same answer in the same shape, in whatever order and form. */
function requestHash({ request, surface }: JobOrder): Promise<string> {
  const asked = { ...request, stream: undefined, stream_options: undefined };
  return sha256(canonicalJson(surface.type === "chat" ? asked : { ...asked, surface }));
}

const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
