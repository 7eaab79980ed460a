import * as v from "valibot";
import { ChoiceReasons, type RequestReasons } from "../protocol/choice-reasons.ts";
import { RequestList } from "../protocol/market.ts";
import type { Env } from "./env.ts";
import { ApiError, json, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

const REQUESTS = 50;

type ListedRequest = RequestList["requests"][number];
const Served = RequestList.entries.requests.item.entries.providers;

interface JobRow {
  job: string;
  model: string;
  askedModel: string | null;
  key: string | null;
  at: number;
  streamed: number;
  end: string;
  finishReason: string | null;
  error: string | null;
  promptTokens: number;
  cachedPromptTokens: number;
  completionTokens: number;
  costNano: number;
  heldNano: number;
  firstTokenMs: number | null;
  totalMs: number | null;
  /** JSON. */
  providers: string;
}

/** GET /api/requests?before=JOB: the reader's own jobs and who served them, newest first. */
export async function list({ env, url }: Call, user: UserRow): Promise<Response> {
  const before = await place(env, user, url.searchParams.get("before"));
  const { results } = await env.DB.prepare(
    `SELECT j.id AS job, j.model, j.asked_model AS askedModel, k.name AS key, j.created_at AS at, j.streamed, COALESCE(j.ended, 'open') AS "end",
       j.finish_reason AS finishReason, j.error, j.prompt_tokens AS promptTokens,
       j.cached_prompt_tokens AS cachedPromptTokens, j.completion_tokens AS completionTokens, j.cost AS costNano,
       j.held AS heldNano, MAX(0, j.first_token_at - j.created_at) AS firstTokenMs,
       MAX(0, j.ended_at - j.created_at) AS totalMs,
       (SELECT json_group_array(json_object(
          'provider', provider, 'outcome', outcome, 'completionTokens', completion_tokens))
        FROM (SELECT * FROM job_parts WHERE job = j.id ORDER BY part)) AS providers
     FROM jobs j LEFT JOIN api_keys k ON k.id = j.api_key
     WHERE j.consumer = ?1 AND (j.created_at, j.id) < (?2, ?3)
     ORDER BY j.created_at DESC, j.id DESC LIMIT ?4`,
  )
    .bind(user.id, before.at, before.job, REQUESTS + 1)
    .all<JobRow>();
  const shown = results.slice(0, REQUESTS);
  const next = results.length > REQUESTS ? (shown.at(-1)?.job ?? null) : null;
  return json({ requests: shown.map(requestOf), next } satisfies RequestList);
}

const requestOf = (row: JobRow): ListedRequest =>
  v.parse(RequestList.entries.requests.item, {
    ...row,
    streamed: row.streamed === 1,
    providers: v.parse(Served, JSON.parse(row.providers)),
  });

/** GET /api/requests/:job/reasons: why the provider of one of the reader's own jobs was chosen. */
export async function reasons({ env, params }: Call, user: UserRow): Promise<Response> {
  const found = await env.DB.prepare("SELECT reasons FROM jobs WHERE id = ? AND consumer = ?")
    .bind(params["job"] ?? "", user.id)
    .first<{ reasons: string | null }>();
  if (!found) throw new ApiError("not_found", "You have made no such request.");
  const kept = found.reasons === null ? null : v.parse(ChoiceReasons, JSON.parse(found.reasons));
  return json({ reasons: kept } satisfies RequestReasons);
}

interface Place {
  at: number;
  job: string;
}

/** Where a page begins: after that job of the reader's, or at the newest. */
async function place(env: Env, user: UserRow, before: string | null): Promise<Place> {
  if (before === null) return { at: Number.MAX_SAFE_INTEGER, job: "" };
  const found = await env.DB.prepare(
    "SELECT created_at AS at, id AS job FROM jobs WHERE id = ? AND consumer = ?",
  )
    .bind(before, user.id)
    .first<Place>();
  if (!found)
    throw new ApiError("invalid_request", "There is no such page.", [
      "before: must be the id of a request of yours",
    ]);
  return found;
}
