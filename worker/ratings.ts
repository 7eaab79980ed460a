import type { RatedView, RatingHistory, RatingList } from "../protocol/rating.ts";
import { RateContest } from "../protocol/rating.ts";
import { statusAt } from "../rules/contest-state.ts";
import { audited } from "./audit.ts";
import { managedContest } from "./contest-form.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { mayChange } from "./problem-rows.ts";
import { recomputeRatings } from "./rating-changes.ts";
import type { UserRow } from "./tables.ts";

/** GET /api/ratings: everybody who took part in a rated contest whose results are final, the best first. */
export async function list(call: Call): Promise<Response> {
  const { env } = call;
  await recomputeRatings(env, Date.now());
  const { results } = await env.DB.prepare(
    `SELECT u.username, u.display_name AS name, c.rating, c.deviation, COUNT(*) AS contests,
       c.rating - c.rating_before AS change, MAX(c.position)
     FROM rating_changes c JOIN users u ON u.id = c.user
     GROUP BY c.user ORDER BY c.rating DESC, u.username`,
  ).all<RatingList["competitors"][number]>();
  const competitors = results.map(({ username, name, rating, deviation, contests, change }) => ({
    username,
    name,
    rating,
    deviation,
    contests,
    change,
  }));
  return json({ competitors } satisfies RatingList);
}

interface ChangeRow {
  slug: string;
  contest_name: string;
  ended_at: number;
  username: string;
  name: string;
  place: number;
  competitors: number;
  performance: number;
  rating_before: number;
  deviation_before: number;
  rating: number;
  deviation: number;
}

/** GET /api/ratings/:username */
export async function show(call: Call): Promise<Response> {
  const { env } = call;
  await recomputeRatings(env, Date.now());
  const { results } = await env.DB.prepare(
    `SELECT contests.slug, contests.name AS contest_name, r.ended_at, u.username, u.display_name AS name, c.*
     FROM rating_changes c JOIN users u ON u.id = c.user
     JOIN contests ON contests.id = c.contest JOIN rating_contests r ON r.contest = c.contest
     WHERE u.username = ? ORDER BY c.position`,
  )
    .bind(param(call, "username"))
    .all<ChangeRow>();
  const last = results.at(-1);
  if (last === undefined) throw new ApiError("not_found", "Nobody of this name has a rating.");
  const { username, name, rating, deviation } = last;
  return json({ username, name, rating, deviation, history: results.map(changeOf) } satisfies RatingHistory);
}

const changeOf = (row: ChangeRow): RatingHistory["history"][number] => ({
  contest: { slug: row.slug, name: row.contest_name, endedAt: row.ended_at },
  place: row.place,
  competitors: row.competitors,
  performance: row.performance,
  before: { rating: row.rating_before, deviation: row.deviation_before },
  after: { rating: row.rating, deviation: row.deviation },
});

/** GET /api/contests/:slug/rated */
export async function showRated(call: Call, user: UserRow | null): Promise<Response> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  return json(await ratedView(call.env, contest, user));
}

/**
 * POST /api/contests/:slug/rated: by those who manage the contest, before its start, so that nobody decides by who won
 * whether it counts; by administrators at any time, for a contest that went wrong.
 */
export async function rate(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const { rated } = await readJson(call.request, RateContest);
  if (!mayRate(user, contest))
    throw new ApiError(
      "forbidden",
      "The contest has started: from then on only an administrator decides whether it is rated.",
    );
  await env.DB.batch([
    env.DB.prepare("UPDATE contests SET rated = ? WHERE id = ?").bind(Number(rated), contest.id),
    audited(env, user.id, "contest.rate", contest.slug, { rated: Number(rated) }, contest.id),
  ]);
  return json(await ratedView(env, contest, user));
}

async function ratedView(env: Env, contest: ContestRow, user: UserRow | null): Promise<RatedView> {
  const rated = await env.DB.prepare("SELECT rated FROM contests WHERE id = ?")
    .bind(contest.id)
    .first<number>("rated");
  return { rated: rated === 1, changeable: mayRate(user, contest) };
}

const mayRate = (user: UserRow | null, contest: ContestRow): boolean =>
  mayChange(user, contest) &&
  (user?.role === "administrator" || statusAt(contest.timed, Date.now()).state === "scheduled");
