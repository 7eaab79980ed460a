import * as v from "valibot";
import { TimedContest } from "../protocol/contest-times.ts";
import { boardOf } from "../rules/contest-board.ts";
import { statusAt } from "../rules/contest-state.ts";
import { lastEndAt } from "../rules/contest-times.ts";
import { rankTeams } from "../rules/formats/board.ts";
import { type RatedContest, ratingsOver } from "../rules/rating.ts";
import { foldedLog } from "./contest-fold.ts";
import type { Env } from "./env.ts";

/** The ratings as the database keeps them: made of the contests' logs, and made anew when those are not the same any more. */

/** A rated contest whose results are final and everybody's to know. */
interface FinalContest {
  contest: string;
  /** Its log and its audit log as far as they go: with them everything changes that its results come from. */
  basis: string;
  endedAt: number;
}

type Results = RatedContest["results"];

/**
 * Brings the ratings up to date; costs two short queries where they are. Only contests whose logs have grown since are read
 * again. Whoever comes at the same moment writes the same.
 *
 * @param now - ms since 1970-01-01 UTC
 */
export async function recomputeRatings(env: Env, now: number): Promise<void> {
  const [contests, known] = await Promise.all([finalContests(env, now), knownContests(env)]);
  const isKnown = ({ contest, basis }: FinalContest): boolean => known.get(contest) === basis;
  if (contests.length === known.size && contests.every(isKnown)) return;
  const kept = await keptPlaces(env);
  const results = await Promise.all(
    contests.map(async (one) => ({
      contest: one.contest,
      results: isKnown(one) ? (kept.get(one.contest) ?? []) : await resultsOf(env, one.contest, now),
    })),
  );
  await env.DB.batch(written(env, contests, ratingsOver(results)));
}

/** In the order in which they ended. */
async function finalContests(env: Env, now: number): Promise<FinalContest[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, timed, (SELECT MAX(seq) FROM contest_events WHERE contest = contests.id) AS seq,
       (SELECT MAX(id) FROM audit_log WHERE contest = contests.id) AS audit
     FROM contests WHERE rated = 1`,
  ).all<{ id: string; timed: string; seq: number | null; audit: number | null }>();
  return results
    .flatMap(({ id, timed, seq, audit }) => {
      const contest = v.parse(TimedContest, JSON.parse(timed));
      const { state, boardFrozen } = statusAt(contest, now);
      const endedAt = lastEndAt(contest.times);
      if (state !== "finalised" || boardFrozen || endedAt === null) return [];
      return { contest: id, basis: `${seq ?? 0} ${audit ?? 0} ${endedAt}`, endedAt };
    })
    .sort((a, b) => a.endedAt - b.endedAt || (a.contest < b.contest ? -1 : 1));
}

async function knownContests(env: Env): Promise<Map<string, string>> {
  const { results } = await env.DB.prepare("SELECT contest, basis FROM rating_contests").all<{
    contest: string;
    basis: string;
  }>();
  return new Map(results.map(({ contest, basis }) => [contest, basis]));
}

/** The places that the kept changes tell, by contest. */
async function keptPlaces(env: Env): Promise<Map<string, Results>> {
  const { results } = await env.DB.prepare("SELECT contest, user, place FROM rating_changes").all<{
    contest: string;
    user: string;
    place: number;
  }>();
  const byContest = Map.groupBy(results, ({ contest }) => contest);
  return new Map(
    [...byContest].map(([contest, rows]) => [
      contest,
      rows.map(({ user, place }) => ({ competitor: user, rank: place })),
    ]),
  );
}

/** Each member of a team that submitted in the contest's time has the team's rank on the jury's board. */
async function resultsOf(env: Env, contest: string, now: number): Promise<Results> {
  const [folded, { results: members }] = await Promise.all([
    foldedLog(env, contest),
    env.DB.prepare("SELECT user, team FROM team_members WHERE contest = ?")
      .bind(contest)
      .all<{ user: string; team: string }>(),
  ]);
  const { format, teams, cells } = boardOf(folded, 0, now, "jury");
  const rows = rankTeams(format, teams, cells).filter((row) => row.cells.size > 0);
  const ranks = new Map(rows.map((row) => [row.team.id, row.rank]));
  return members.flatMap(({ user, team }) => {
    const rank = ranks.get(team);
    return rank === undefined ? [] : { competitor: user, rank };
  });
}

/** So many changes go into one statement: a value of D1 holds at most 2 MB. */
const ROWS_A_STATEMENT = 4_000;

function written(
  env: Env,
  contests: readonly FinalContest[],
  rated: ReturnType<typeof ratingsOver>,
): D1PreparedStatement[] {
  const positions = new Map(contests.map(({ contest }, position) => [contest, position]));
  const rows = rated.flatMap(({ competitor, history }) =>
    history.map(({ contest, place, competitors, performance, before, after }) => [
      competitor,
      positions.get(contest) ?? 0,
      contest,
      place,
      competitors,
      performance,
      before.rating,
      before.deviation,
      after.rating,
      after.deviation,
    ]),
  );
  const chunks = Array.from({ length: Math.ceil(rows.length / ROWS_A_STATEMENT) }, (_, index) =>
    rows.slice(index * ROWS_A_STATEMENT, (index + 1) * ROWS_A_STATEMENT),
  );
  return [
    env.DB.prepare("DELETE FROM rating_changes"),
    env.DB.prepare("DELETE FROM rating_contests"),
    env.DB.prepare(
      `INSERT INTO rating_contests (contest, basis, ended_at)
       SELECT value ->> 'contest', value ->> 'basis', value ->> 'endedAt' FROM json_each(?)`,
    ).bind(JSON.stringify(contests)),
    ...chunks.map((chunk) =>
      env.DB.prepare(
        `INSERT INTO rating_changes (user, position, contest, place, competitors, performance,
           rating_before, deviation_before, rating, deviation)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, CAST(value ->> 5 AS REAL),
           CAST(value ->> 6 AS REAL), CAST(value ->> 7 AS REAL), CAST(value ->> 8 AS REAL), CAST(value ->> 9 AS REAL)
         FROM json_each(?)`,
      ).bind(JSON.stringify(chunk)),
    ),
  ];
}
