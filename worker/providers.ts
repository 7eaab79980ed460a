import * as v from "valibot";
import {
  MAX_PROVIDERS,
  NewProvider,
  ProviderJobs,
  type ProviderList,
  type ProviderToken,
} from "../protocol/market.ts";
import { Offer } from "../protocol/offer.ts";
import { declaredSpeed, tokensPerSecond } from "../rules/speed-estimate.ts";
import { successRate } from "../rules/success-rate.ts";
import { audited } from "./audit.ts";
import { randomToken, sha256 } from "./digest.ts";
import { market, type Env } from "./env.ts";
import { provider, type Provider } from "./guards.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { ConnectedProvider } from "./job-order.ts";
import { requireUpgrade } from "./live.ts";
import type { UserRow } from "./tables.ts";
import { uptimes } from "./uptime.ts";

type ListedProvider = ProviderList["providers"][number];

interface ProviderRow {
  id: string;
  created_at: number;
  successes: number;
  failures: number;
  rated_at: number;
  seen_at: number | null;
  jobs: number;
  completion_tokens: number;
  earned: number;
}

interface OfferRow {
  provider: string;
  /** JSON. */
  terms: string;
  logarithms: number;
  tokens: number;
  measured_at: number;
}

/** GET /api/providers: the reader's own that were not revoked, with their connection, offers and earnings. */
export async function list({ env }: Call, user: UserRow): Promise<Response> {
  const [presence, providers, offers] = await Promise.all([
    market(env).presence(),
    env.DB.prepare(
      `SELECT p.id, p.created_at, p.successes, p.failures, p.rated_at,
         (SELECT MAX(seen_at) FROM provider_sessions WHERE provider = p.id) AS seen_at,
         COUNT(DISTINCT j.job) AS jobs, COALESCE(SUM(j.completion_tokens), 0) AS completion_tokens,
         COALESCE(SUM(j.earned), 0) AS earned
       FROM providers p LEFT JOIN job_parts j ON j.provider = p.id
       WHERE p.owner = ? AND p.revoked_at IS NULL GROUP BY p.id ORDER BY p.id`,
    )
      .bind(user.id)
      .all<ProviderRow>(),
    env.DB.prepare(
      `SELECT o.provider, o.terms, o.logarithms, o.tokens, o.measured_at
       FROM offers o JOIN providers p ON p.id = o.provider
       WHERE p.owner = ? AND p.revoked_at IS NULL ORDER BY o.model, o.offer`,
    )
      .bind(user.id)
      .all<OfferRow>(),
  ]);
  const now = Date.now();
  const connected = new Map(presence.providers.map((provider) => [provider.id, provider]));
  const ids = providers.results.map(({ id }) => id);
  const uptimeOf = await uptimes(env, ids, new Set(connected.keys()), now);
  const listed = providers.results.map((row): ListedProvider => {
    const present = connected.get(row.id);
    return {
      id: row.id,
      createdAt: row.created_at,
      connection: present ? connectionOf(present) : null,
      seenAt: present ? now : row.seen_at,
      uptime: uptimeOf.get(row.id) ?? 0,
      success: successRate({ successes: row.successes, failures: row.failures, at: row.rated_at }, now),
      offers: offers.results
        .filter(({ provider }) => provider === row.id)
        .map((offer) => offerOf(offer, now)),
      jobs: row.jobs,
      completionTokens: row.completion_tokens,
      earnedNano: row.earned,
    };
  });
  return json({ providers: listed, feeBasisPoints: env.FEE_BASIS_POINTS } satisfies ProviderList);
}

const connectionOf = ({ kind, agent, slots, draining }: ConnectedProvider): ListedProvider["connection"] => ({
  kind,
  agent,
  slots,
  draining,
});

function offerOf(row: OfferRow, now: number): ListedProvider["offers"][number] {
  const terms = v.parse(Offer, JSON.parse(row.terms));
  const declared = declaredSpeed(terms.tokensPerSecond, now);
  const seen = { logarithms: row.logarithms, tokens: row.tokens, at: row.measured_at };
  return {
    offer: terms.offer,
    model: terms.model,
    prices: terms.prices,
    contextTokens: terms.contextTokens,
    tokensPerSecond: tokensPerSecond({ ...declared, ...seen }, now),
  };
}

const newToken = (): string => `tab-provider-${randomToken()}`;

/** POST /api/providers: takes a name for ever, and makes its token, which is in the answer and nowhere else. */
export async function create({ env, request }: Call, user: UserRow): Promise<Response> {
  const { id } = await readJson(request, NewProvider);
  const token = newToken();
  const statements = [
    // One provider too many has no owner, which aborts the batch: of two requests at once, one must not slip through.
    env.DB.prepare(
      `INSERT INTO providers (id, owner, token_hash, created_at) VALUES (?1,
         CASE WHEN (SELECT COUNT(*) FROM providers WHERE owner = ?2 AND revoked_at IS NULL) < ?5 THEN ?2 END, ?3, ?4)`,
    ).bind(id, user.id, await sha256(token), Date.now(), MAX_PROVIDERS),
    audited(env, user.id, "provider.create", id, {}),
  ];
  try {
    await env.DB.batch(statements);
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    if (text.includes("UNIQUE constraint failed: providers.id"))
      throw new ApiError("name_taken", "Another provider has this name, or had it before it was revoked.");
    if (text.includes("NOT NULL constraint failed: providers.owner"))
      throw new ApiError("invalid_request", "You have as many providers as an account may have.", [
        `providers: at most ${MAX_PROVIDERS} at once; revoke one first`,
      ]);
    throw error;
  }
  return json({ id, token } satisfies ProviderToken, { status: 201 });
}

/** POST /api/providers/:id/token: another token. The one before is good for nothing, and who came with it has to go. */
export async function renewToken(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const { id } = await ownProvider(call, user, "not revoked");
  const token = newToken();
  await env.DB.batch([
    env.DB.prepare("UPDATE providers SET token_hash = ? WHERE id = ?").bind(await sha256(token), id),
    audited(env, user.id, "provider.token", id, {}),
  ]);
  await market(env).revoke(id);
  return json({ id, token } satisfies ProviderToken);
}

/** DELETE /api/providers/:id: its token is good for nothing from now on, and its connection ends. Answers with the whole list. */
export async function revoke(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const { id } = await ownProvider(call, user, "not revoked");
  await env.DB.batch([
    env.DB.prepare("UPDATE providers SET revoked_at = ? WHERE id = ?").bind(Date.now(), id),
    audited(env, user.id, "provider.revoke", id, {}),
  ]);
  await market(env).revoke(id);
  return list(call, user);
}

/** A provider of the caller's. Of others' nothing is told, not even that they are others'. */
async function ownProvider(
  call: Call,
  user: UserRow,
  which: "not revoked" | "revoked or not",
): Promise<{ id: string }> {
  const row = await call.env.DB.prepare("SELECT id, revoked_at FROM providers WHERE id = ? AND owner = ?")
    .bind(param(call, "id"), user.id)
    .first<{ id: string; revoked_at: number | null }>();
  if (!row || (which === "not revoked" && row.revoked_at !== null))
    throw new ApiError("not_found", "You have no such provider.");
  return row;
}

const JOBS = 50;

/** A part of a job; one provider may have several parts of one job. */
interface PartPlace {
  at: number;
  job: string;
  part: number;
}

type PartRow = ProviderJobs["jobs"][number] & PartPlace;

/** GET /api/providers/:id/jobs?before=JOB.PART: its parts of jobs for its owner, newest first; when it was revoked, too. */
export async function jobs(call: Call, user: UserRow): Promise<Response> {
  const { env, url } = call;
  const { id } = await ownProvider(call, user, "revoked or not");
  const before = await placeOf(env, id, url.searchParams.get("before"));
  const { results } = await env.DB.prepare(
    `SELECT p.job, p.part, j.model, p.began_at AS at, p.outcome, p.prompt_tokens AS promptTokens,
       p.cached_prompt_tokens AS cachedPromptTokens, p.completion_tokens AS completionTokens, p.earned AS earnedNano,
       p.fee AS feeNano
     FROM job_parts p JOIN jobs j ON j.id = p.job
     WHERE p.provider = ?1 AND (p.began_at, p.job, p.part) < (?2, ?3, ?4)
     ORDER BY p.began_at DESC, p.job DESC, p.part DESC LIMIT ?5`,
  )
    .bind(id, before.at, before.job, before.part, JOBS + 1)
    .all<PartRow>();
  const shown = results.slice(0, JOBS);
  const last = results.length > JOBS ? shown.at(-1) : undefined;
  return json(v.parse(ProviderJobs, { jobs: shown, next: last ? `${last.job}.${last.part}` : null }));
}

/** Where a page begins: after that part, or at the newest. */
async function placeOf(env: Env, provider: string, before: string | null): Promise<PartPlace> {
  if (before === null) return { at: Number.MAX_SAFE_INTEGER, job: "", part: 0 };
  const [, job, part] = /^(.+)\.(\d{1,9})$/.exec(before) ?? [];
  const found =
    job === undefined
      ? null
      : await env.DB.prepare(
          "SELECT began_at AS at, job, part FROM job_parts WHERE job = ? AND part = ? AND provider = ?",
        )
          .bind(job, Number(part), provider)
          .first<PartPlace>();
  if (!found)
    throw new ApiError("invalid_request", "There is no such page.", [
      "before: must be what the page before named as `next`",
    ]);
  return found;
}

/** GET /link/provider: a provider's socket, as protocol/provider.ts draws it. */
export async function link(call: Call, { id }: Provider): Promise<Response> {
  requireUpgrade(call);
  const answer = await market(call.env).fetch("http://market/link", {
    headers: { upgrade: "websocket", "x-provider-id": id },
  });
  try {
    // Once more: a token that was taken back while this socket was on its way ended only those that were there.
    await provider(call);
  } catch (error) {
    answer.webSocket?.accept();
    answer.webSocket?.close(1008, "the token was taken back");
    throw error;
  }
  return answer;
}
