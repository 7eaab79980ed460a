import * as v from "valibot";
import type { JobEnd } from "../protocol/market.ts";
import { Prices } from "../protocol/money.ts";
import { chunksOf } from "../rules/answer-chunks.ts";
import { type Asked, includesUsage, isStream, type WrittenAsked } from "../rules/asked.ts";
import { eventsOfResponse } from "../rules/response-replay.ts";
import { textChunksOf } from "../rules/text-completion.ts";
import { sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import type { ChoicesOrder, EarlierAnswer, JobOrder } from "./job-order.ts";
import { answerHeaders, serverHeaders } from "./objects/answer.ts";
import { type DataChunk, dataEvent, DONE } from "./objects/data-events.ts";
import { namedEvents } from "./objects/responses-form.ts";
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
 * Of a request for several choices each has a row, as each is a job. Choices that were answered, before the others failed
 * or nobody listened any more, are not paid again: they are told again beside those that are answered anew.
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

interface Row {
  /** Of the request, or of one of its choices (`keyOfChoice`). */
  key: string;
  request_hash: string;
  job: string;
  answer: string | null;
  /** Null while the job has not ended, and where nothing of it was written down yet. */
  ended: Exclude<JobEnd, "open"> | null;
  /** JSON of a `Server`. */
  server: string | null;
}

type Claim = Pick<JobOrder, "job">;

/** The first choice has the key itself. The others' no caller can send: a header's value has no line break. */
const keyOfChoice = (key: string, choice: number): string => (choice === 0 ? key : `${key}\n${choice}`);

/** Whether a row's key is free: its job ended without an answer, or was never begun. */
const isFree = (row: string, begunSince: string): string => `coalesce(
  (SELECT ended IS NOT NULL AND ended <> 'finished' FROM jobs WHERE jobs.id = ${row}.job),
  ${row}.created_at <= ${begunSince}
)`;

/**
 * Takes the key for these jobs, if it is free: for all of them that have no answer yet, or for none.
 *
 * @param asked by the request as a whole
 * @param jobs those of its choices, in order
 * @returns them, each with the answer that there is already, or null where it is to be done now
 * @throws OpenAIApiError where the key came with another request before, or its request is still being answered
 */
export async function claimJobs(
  env: Env,
  { consumer: user, asked }: Pick<JobOrder, "consumer" | "asked">,
  jobs: readonly Claim[],
  key: string,
): Promise<ChoicesOrder["choices"]> {
  const now = Date.now();
  const hash = await requestHash(asked);
  const wanted = JSON.stringify(jobs.map(({ job }, choice) => [keyOfChoice(key, choice), job]));
  const [, , found] = await env.DB.batch<Row>([
    env.DB.prepare("DELETE FROM idempotent_requests WHERE created_at <= ?").bind(now - KEPT_MS),
    env.DB.prepare(
      `INSERT INTO idempotent_requests (user, key, request_hash, job, created_at)
       SELECT ?1, value ->> 0, ?2, value ->> 1, ?3 FROM json_each(?4)
       WHERE NOT EXISTS (
         SELECT 1 FROM idempotent_requests AS taken
         WHERE user = ?1 AND key IN (SELECT value ->> 0 FROM json_each(?4))
           AND (answer IS NULL OR request_hash <> ?2) AND NOT ${isFree("taken", "?5")}
       )
       ON CONFLICT (user, key) DO UPDATE SET
         request_hash = excluded.request_hash, job = excluded.job, created_at = excluded.created_at
       WHERE ${isFree("idempotent_requests", "?5")}`,
    ).bind(user, hash, now, wanted, now - BEGUN_MS),
    env.DB.prepare(
      `SELECT key, request_hash, job, answer, ended,
         (SELECT json_object('provider', provider, 'prices', CASE WHEN owner <> user THEN json(prices) END)
          FROM job_parts WHERE job_parts.job = jobs.id AND delivered_bytes > 0 ORDER BY part LIMIT 1) AS server
       FROM idempotent_requests LEFT JOIN jobs ON jobs.id = job
       WHERE user = ? AND key IN (SELECT value ->> 0 FROM json_each(?))`,
    ).bind(user, wanted),
  ]);
  const rows = new Map(found?.results.map((row) => [row.key, row]));
  for (const [choice, { job }] of jobs.entries()) refuseTaken(rows.get(keyOfChoice(key, choice)), job, hash);
  return jobs.map(({ job }, choice) => {
    const row = rows.get(keyOfChoice(key, choice));
    if (row === undefined) throw new Error("the row that was just written is not there");
    const { answer } = row;
    return { job, earlier: row.job === job || answer === null ? null : earlierAnswer(row, answer) };
  });
}

/** @throws OpenAIApiError where this row is another job's that has no answer for this request */
function refuseTaken(row: Row | undefined, job: string, hash: string): void {
  if (row === undefined || row.job === job) return;
  if (row.request_hash !== hash)
    throw new OpenAIApiError(
      "idempotency_conflict",
      "This Idempotency-Key came with another request before. A new request needs a new key.",
    );
  if (row.answer !== null) return;
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

/** Frees the key of jobs that were refused, or given up for it: the same request may be sent again at once. */
export async function releaseJobs(env: Env, jobs: readonly Claim[]): Promise<void> {
  await env.DB.prepare(
    `DELETE FROM idempotent_requests WHERE job IN (SELECT value FROM json_each(?)) AND answer IS NULL
       AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = job AND (ended IS NULL OR ended = 'finished'))`,
  )
    .bind(JSON.stringify(jobs.map(({ job }) => job)))
    .run();
}

const KeptServer = v.object({ provider: v.string(), prices: v.nullable(Prices) });

const earlierAnswer = ({ job, server }: Row, answer: string): EarlierAnswer => ({
  job,
  answer,
  server: server === null ? null : v.parse(KeptServer, JSON.parse(server)),
});

/** The header of an answer that was given before, all of it. */
export const REPLAYED = "idempotent-replayed";

/** The answer that was given before, streamed or not as it is asked for now. */
export function answeredAgain(
  { job, answer, server }: EarlierAnswer,
  { asked }: Pick<JobOrder, "asked">,
): Response {
  const isStreamed = isStream(asked);
  const headers = {
    ...answerHeaders(job, isStreamed ? "text/event-stream" : "application/json"),
    ...serverHeaders(server),
    [REPLAYED]: "true",
  };
  return new Response(isStream(asked) ? eventsOf(answer, asked) : answer, { headers });
}

function eventsOf(answer: string, asked: WrittenAsked): string {
  switch (asked.type) {
    case "chat":
      return dataEvents(chunksOf(JSON.parse(answer), includesUsage(asked)));
    case "completions":
      return dataEvents(textChunksOf(JSON.parse(answer), includesUsage(asked)));
    case "responses":
      return namedEvents(eventsOfResponse(JSON.parse(answer)));
    default:
      return asked satisfies never;
  }
}

const dataEvents = (chunks: readonly DataChunk[]): string => chunks.map(dataEvent).join("") + DONE;

/** The same for requests that ask for the same answer in the same shape, in whatever order and form. */
function requestHash({ request, ...surface }: Asked): Promise<string> {
  const asked = { ...request, stream: undefined, stream_options: undefined };
  return sha256(canonicalJson(surface.type === "chat" ? asked : { ...asked, surface }));
}

const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
