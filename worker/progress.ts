import * as v from "valibot";
import type { OwnProgress } from "../protocol/contest-statistics.ts";
import { LanguageId } from "../protocol/language.ts";
import { Verdict } from "../protocol/verdict.ts";
import { contestProgress, progressCsv } from "../rules/contest-progress.ts";
import {
  difficultyOf,
  type GradedProblem,
  type OwnAttempt,
  studentProgress,
} from "../rules/contest-statistics-progress.ts";
import { foldedLog } from "./contest-fold.ts";
import { roleIn, seesAll } from "./contest-roles.ts";
import { contestBySlug } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { factsOf } from "./problem-rows.ts";
import { silentContests } from "./silent-contests.ts";
import type { UserRow } from "./tables.ts";

/** Clocks of the world are at most 14 hours from UTC. */
const MOST_OFFSET = 14 * 60;

/** GET /api/progress?offset=480: what the reader has done so far, in contests and out of them. */
export async function own(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const now = Date.now();
  const offset = offsetOf(call);
  const [attempts, problems] = await Promise.all([attemptsOf(env, user, now), gradedProblems(env)]);
  const body: OwnProgress = {
    ...studentProgress(attempts, problems, now, offset),
    names: Object.fromEntries(
      attempts.flatMap(({ contest, name }) => (contest === null ? [] : [[contest, name]])),
    ),
  };
  return json(body);
}

function offsetOf({ url }: Call): number {
  const text = url.searchParams.get("offset") ?? "0";
  const offset = /^-?\d{1,4}$/.test(text) ? Number(text) : Infinity;
  if (Math.abs(offset) > MOST_OFFSET)
    throw new ApiError("invalid_request", "The clock's offset cannot be used.", [
      `offset: must be minutes from -${MOST_OFFSET} to ${MOST_OFFSET}`,
    ]);
  return offset;
}

const OwnRow = v.object({
  problem: v.string(),
  contest_id: v.nullable(v.string()),
  contest: v.nullable(v.string()),
  name: v.nullable(v.string()),
  language: LanguageId,
  submitted_at: v.number(),
  verdict: v.nullable(Verdict),
});

/** Virtual runs and what is sent in once a contest is over are practice: `contest` is null for them. */
async function attemptsOf(env: Env, user: UserRow, now: number): Promise<(OwnAttempt & { name: string })[]> {
  const [silent, { results }] = await Promise.all([
    silentContests(env, now),
    env.DB.prepare(
      `SELECT p.slug AS problem, s.contest AS contest_id, c.slug AS contest, c.name, s.language, s.submitted_at, j.verdict
       FROM submissions s JOIN problems p ON p.id = s.problem
       LEFT JOIN contests c ON c.id = s.contest
       LEFT JOIN counting_judgements j ON j.submission = s.id WHERE s.user = ?`,
    )
      .bind(user.id)
      .all(),
  ]);
  return v.parse(v.array(OwnRow), results).map((row) => ({
    problem: row.problem,
    contest: row.contest,
    name: row.name ?? "",
    language: row.language,
    sentAt: row.submitted_at,
    verdict: row.contest_id !== null && silent.includes(row.contest_id) ? null : row.verdict,
  }));
}

/** What is published. How hard it is follows from practice alone: no contest's results are told by it. */
async function gradedProblems(env: Env): Promise<GradedProblem[]> {
  const { results } = await env.DB.prepare(
    `SELECT p.slug, p.facts, COUNT(DISTINCT s.user) AS tried_by,
       COUNT(DISTINCT CASE WHEN j.verdict = 'AC' THEN s.user END) AS solved_by
     FROM problems p
     LEFT JOIN submissions s ON s.problem = p.id AND s.contest IS NULL
     LEFT JOIN counting_judgements j ON j.submission = s.id
     WHERE p.state = 'published' GROUP BY p.id ORDER BY p.slug`,
  ).all<{ slug: string; facts: string; tried_by: number; solved_by: number }>();
  return results.map(({ slug, facts, tried_by, solved_by }) => ({
    problem: slug,
    difficulty: difficultyOf(tried_by, solved_by),
    keywords: factsOf({ facts }).keywords,
  }));
}

/** GET /api/contests/:slug/progress: team by problem, for the jury; `?as=csv` for spreadsheets. */
export async function ofContest(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  if (!seesAll(await roleIn(env, contest, user)))
    throw new ApiError("forbidden", "Only the contest's jury sees how far each team is.");
  const progress = contestProgress(await foldedLog(env, contest.id), Date.now());
  if (call.url.searchParams.get("as") !== "csv") return json(progress);
  // Spreadsheets take a file for UTF-8 only if it begins with a byte order mark.
  return new Response(`\uFEFF${progressCsv(progress)}`, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${contest.slug}-progress.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
