import {
  RejudgingForm,
  type RejudgingFilter,
  type RejudgingList,
  type RejudgingPreview,
  type RejudgingSummary,
  type RejudgingView,
} from "../protocol/jury.ts";
import { audited } from "./audit.ts";
import { pokeRoom } from "./contest-log.ts";
import type { ContestRow } from "./contest-rows.ts";
import { pokeQueue, type Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { juryContest, juryRejudging, REJUDGINGS, type RejudgingRow } from "./jury-access.ts";
import { PRIORITY } from "./objects/waiting.ts";
import { comparison, OUTCOMES } from "./rejudging-outcomes.ts";
import type { ProblemRow, UserRow } from "./tables.ts";
import { tellSubmissions } from "./tell.ts";
import { requireTimeLimit } from "./time-limits.ts";

/** Rejudging as a set. Its life is drawn in protocol/jury.ts, its rounds' in migrations/. */

/** Which submissions of the contest ?1 the filter ?2 (a RejudgingFilter in JSON) takes. */
const CHOSEN = `
  FROM submissions s
  JOIN problems p ON p.id = s.problem
  JOIN contest_problems cp ON cp.contest = s.contest AND cp.problem = s.problem
  JOIN rounds r ON r.submission = s.id AND r.round =
    (SELECT MAX(round) FROM rounds WHERE submission = s.id AND standing = 'counts')
  LEFT JOIN counting_judgements j ON j.submission = s.id
  WHERE s.contest = ?1
    AND (?2 ->> 'problem' IS NULL OR cp.label = ?2 ->> 'problem')
    AND (?2 ->> 'team' IS NULL OR s.team = ?2 ->> 'team')
    AND (?2 ->> 'language' IS NULL OR s.language = ?2 ->> 'language')
    AND (?2 ->> 'verdicts' IS NULL
      OR j.verdict IN (SELECT value FROM json_each(?2, '$.verdicts'))
      OR (r.state = 'failed' AND 'failed' IN (SELECT value FROM json_each(?2, '$.verdicts'))))
    AND (?2 ->> 'submissions' IS NULL OR s.id IN (SELECT value FROM json_each(?2, '$.submissions')))`;

/** POST /api/contests/:slug/rejudgings: judges the chosen submissions anew, apart; with `?preview` only counts them. */
export async function create(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await juryContest(call, user);
  const form = await readJson(call.request, RejudgingForm);
  const count = await chosenCount(env, contest, form.filter);
  if (call.url.searchParams.has("preview")) return json({ count } satisfies RejudgingPreview);
  if (count === 0)
    throw new ApiError("invalid_request", "There is nothing to judge anew.", [
      "filter: no submission matches it",
    ]);
  await requireTimeLimits(env, contest, form.filter);
  const id = crypto.randomUUID();
  await start(env, contest, id, form, user);
  pokeQueue(call);
  return json(await view(env, await juryRejudging(env, id, user)), { status: 201 });
}

async function chosenCount(env: Env, contest: ContestRow, filter: RejudgingFilter): Promise<number> {
  const rows = env.DB.prepare(`SELECT COUNT(*) AS n ${CHOSEN}`).bind(contest.id, JSON.stringify(filter));
  return (await rows.first<number>("n")) ?? 0;
}

/** They are judged by the packages as they are now, so those must be ready to judge by. */
async function requireTimeLimits(env: Env, contest: ContestRow, filter: RejudgingFilter): Promise<void> {
  const { results } = await env.DB.prepare(`SELECT DISTINCT p.facts, p.package_hash ${CHOSEN}`)
    .bind(contest.id, JSON.stringify(filter))
    .all<Pick<ProblemRow, "facts" | "package_hash">>();
  for (const problem of results) await requireTimeLimit(env, problem);
}

async function start(
  env: Env,
  contest: ContestRow,
  id: string,
  { filter, reason, extent }: RejudgingForm,
  user: UserRow,
): Promise<void> {
  const now = Date.now();
  const chosen = JSON.stringify(filter);
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO rejudgings (id, contest, reason, by, at, total) SELECT ?3, ?1, ?4, ?5, ?6, COUNT(*) ${CHOSEN}`,
    ).bind(contest.id, chosen, id, reason, user.id, now),
    env.DB.prepare(
      `INSERT INTO rounds (submission, round, package_hash, state, priority, queued_at, standing, rejudging, extent)
       SELECT s.id, (SELECT MAX(a.round) FROM rounds a WHERE a.submission = s.id) + 1, p.package_hash, 'queued', ?4, ?5,
         'apart', ?3, ?6 ${CHOSEN}`,
    ).bind(contest.id, chosen, id, PRIORITY.rejudging, now, extent),
    audited(env, user.id, "rejudging.create", id, { reason, extent, filter: chosen }, contest.id),
  ]);
}

/** GET /api/contests/:slug/rejudgings, newest first. */
export async function list(call: Call, user: UserRow): Promise<Response> {
  const contest = await juryContest(call, user);
  const { results } = await call.env.DB.prepare(`${REJUDGINGS} WHERE g.contest = ? ORDER BY g.at DESC, g.id`)
    .bind(contest.id)
    .all<RejudgingRow>();
  const rejudgings = await summaries(call.env, results);
  return json({ rejudgings } satisfies RejudgingList);
}

/** GET /api/rejudgings/:id */
export async function show(call: Call, user: UserRow): Promise<Response> {
  return json(await view(call.env, await juryRejudging(call.env, param(call, "id"), user)));
}

/**
 * POST /api/rejudgings/:id/apply: the new verdicts count, with an event for each that changed. One batch, each of whose
 * statements asks for an open rejudging: a second one changes nothing.
 */
export async function apply(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const rejudging = await juryRejudging(env, param(call, "id"), user);
  const { state } = await summary(env, rejudging);
  if (state === "judging")
    throw new ApiError("not_finished", "Some of its submissions are still being judged.");
  if (state === "cancelled") throw new ApiError("not_finished", "This rejudging was cancelled.");
  const { id, contest } = rejudging;
  const changed = state === "ready" ? await comparison(env, rejudging) : null;
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO contest_events (contest, seq, event, at)
       SELECT ?2, (SELECT COALESCE(MAX(seq), 0) FROM contest_events WHERE contest = ?2)
           + ROW_NUMBER() OVER (ORDER BY submitted_at, submission),
         json_object('type', 'judgement', 'submission', submission, 'round', round, 'verdict', to_verdict,
           'score', to_score, 'groups', json(to_groups)), ?3
       FROM (${OUTCOMES}) WHERE rejudging_state = 'open'
         AND (to_verdict IS NOT from_verdict OR to_score IS NOT from_score OR to_groups IS NOT from_groups)`,
    ).bind(id, contest, Date.now()),
    env.DB.prepare(
      `UPDATE rounds SET standing = 'counts'
       WHERE (submission, round) IN (SELECT submission, round FROM (${OUTCOMES}) WHERE rejudging_state = 'open')`,
    ).bind(id),
    ...ended(env, rejudging, user, "applied"),
  ]);
  if (changed) {
    await pokeRoom(env, contest);
    call.ctx.waitUntil(
      tellSubmissions(
        env,
        changed.changes.map(({ submission }) => submission),
      ),
    );
  }
  return json(await view(env, await juryRejudging(env, id, user)));
}

/** POST /api/rejudgings/:id/cancel: what waits is taken out, what is being judged ends as a stale attempt. */
export async function cancel(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const rejudging = await juryRejudging(env, param(call, "id"), user);
  if (rejudging.state === "applied")
    throw new ApiError("not_finished", "This rejudging was applied already; judge anew instead.");
  await env.DB.batch([
    env.DB.prepare(
      `DELETE FROM rounds WHERE rejudging = ?1 AND state IN ('queued', 'leased')
       AND EXISTS (SELECT 1 FROM rejudgings WHERE id = ?1 AND state = 'open')`,
    ).bind(rejudging.id),
    ...ended(env, rejudging, user, "cancelled"),
  ]);
  pokeQueue(call);
  return json(await view(env, await juryRejudging(env, rejudging.id, user)));
}

/** The last of a batch: an open rejudging ends, and it is noted who ended it; one that has ended stays as it is. */
function ended(
  env: Env,
  { id, contest }: RejudgingRow,
  user: UserRow,
  state: "applied" | "cancelled",
): D1PreparedStatement[] {
  const action = state === "applied" ? "rejudging.apply" : "rejudging.cancel";
  return [
    env.DB.prepare(
      `INSERT INTO audit_log (at, actor, action, subject, data, contest)
       SELECT ?2, ?3, ?4, id, '{}', contest FROM rejudgings WHERE id = ?1 AND contest = ?5 AND state = 'open'`,
    ).bind(id, Date.now(), user.id, action, contest),
    env.DB.prepare("UPDATE rejudgings SET state = ?2 WHERE id = ?1 AND state = 'open'").bind(id, state),
  ];
}

async function summary(env: Env, row: RejudgingRow): Promise<RejudgingSummary> {
  const [one] = await summaries(env, [row]);
  if (!one) throw new Error("a summary for each row was expected");
  return one;
}

async function summaries(env: Env, rows: readonly RejudgingRow[]): Promise<RejudgingSummary[]> {
  const { results } = await env.DB.prepare(
    `SELECT rejudging AS id, SUM(state IN ('queued', 'leased')) AS waiting, SUM(state IN ('judged', 'failed')) AS done,
       SUM(state = 'failed') AS failed
     FROM rounds WHERE rejudging IN (SELECT value FROM json_each(?)) GROUP BY rejudging`,
  )
    .bind(JSON.stringify(rows.map(({ id }) => id)))
    .all<{ id: string; waiting: number; done: number; failed: number }>();
  const counts = new Map(results.map((row) => [row.id, row]));
  return rows.map(({ id, slug, reason, by_name: by, at, state, total }) => {
    const { waiting, done, failed } = counts.get(id) ?? { waiting: 0, done: 0, failed: 0 };
    const open = waiting > 0 ? "judging" : "ready";
    return { id, contest: slug, reason, by, at, state: state === "open" ? open : state, total, done, failed };
  });
}

async function view(env: Env, row: RejudgingRow): Promise<RejudgingView> {
  return { ...(await summary(env, row)), ...(await comparison(env, row)) };
}
