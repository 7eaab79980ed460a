import {
  ReadClarifications,
  type ClarificationList,
  type UnreadClarifications,
} from "../protocol/clarification.ts";
import { unansweredQuestions } from "./clarification-news.ts";
import { clarificationsFor, readerOf, readerValues, VISIBLE } from "./clarification-rows.ts";
import { contestBySlug } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** Reading a contest's clarifications. They are said in clarification-said.ts, and the jury's queue is clarification-queue.ts. */

export { unansweredQuestions };

/** GET /api/contests/:slug/clarifications: what the reader may see. */
export async function list(call: Call, user: UserRow | null): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const reader = await readerOf(env, contest, user);
  const clarifications = await clarificationsFor(env, contest, reader);
  const teams = reader.isJury ? await teamsOf(env, contest.id) : null;
  return json({ clarifications, teams } satisfies ClarificationList);
}

async function teamsOf(env: Env, contest: string): Promise<{ id: string; name: string }[]> {
  const teams = env.DB.prepare("SELECT id, name FROM teams WHERE contest = ? ORDER BY name, id");
  return (await teams.bind(contest).all<{ id: string; name: string }>()).results;
}

/** GET /api/contests/:slug/clarifications/unread: what the page counts beside its links. */
export async function unread(call: Call, user: UserRow | null): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const reader = await readerOf(env, contest, user);
  if (reader.isJury) {
    const unanswered = await unansweredQuestions(env, contest.id);
    return json({ unread: [], unanswered } satisfies UnreadClarifications);
  }
  if (user === null) return json({ unread: [], unanswered: null } satisfies UnreadClarifications);
  const { results } = await env.DB.prepare(
    `SELECT c.id FROM clarifications c WHERE ${VISIBLE} AND c.kind <> 'question'
       AND NOT EXISTS (SELECT 1 FROM clarification_reads r WHERE r.user = ?5 AND r.clarification = c.id)
     ORDER BY c.at`,
  )
    .bind(...readerValues(contest, reader), user.id)
    .all<{ id: string }>();
  return json({ unread: results.map(({ id }) => id), unanswered: null } satisfies UnreadClarifications);
}

/** POST /api/contests/:slug/clarifications/read: marks what the account was shown; anything else is passed over. */
export async function read(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const { ids } = await readJson(call.request, ReadClarifications);
  const reader = await readerOf(env, contest, user);
  await env.DB.prepare(
    `INSERT OR IGNORE INTO clarification_reads (user, clarification)
     SELECT ?5, c.id FROM clarifications c
     WHERE ${VISIBLE} AND c.kind <> 'question' AND c.id IN (SELECT value FROM json_each(?6))`,
  )
    .bind(...readerValues(contest, reader), user.id, JSON.stringify(ids))
    .run();
  return unread(call, user);
}
