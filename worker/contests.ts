import * as v from "valibot";
import type { ContestList, ContestSummary, ContestView } from "../protocol/contest.ts";
import type { ProblemLimits } from "../protocol/problem.ts";
import { LocalText } from "../protocol/text.ts";
import { refusalOf } from "../rules/contest-state-actions.ts";
import { publicTimes } from "../rules/public-times.ts";
import { roleFrom, roleIn, seesAll } from "./contest-roles.ts";
import {
  CONTEST_COLUMNS,
  contestBySlug,
  contestOf,
  noSuchContest,
  type ContestRow,
  type StoredContest,
} from "./contest-rows.ts";
import { contestRoom, type Env } from "./env.ts";
import { ApiError, json, param, type Call } from "./http.ts";
import { noSuchProblem } from "./problem-rows.ts";
import { problemView } from "./problems.ts";
import type { ProblemRow, UserRow } from "./tables.ts";

/** What readers see of contests. */

/** What the reader is in a contest. */
interface OfReader {
  team: string | null;
  team_name: string | null;
  role: string | null;
}

const SELECT_CONTESTS = `
  SELECT ${CONTEST_COLUMNS}, teams.id AS team, teams.name AS team_name, contest_roles.role FROM contests
  LEFT JOIN team_members m ON m.contest = contests.id AND m.user = ?1
  LEFT JOIN teams ON teams.id = m.team
  LEFT JOIN contest_roles ON contest_roles.contest = contests.id AND contest_roles.user = ?1`;

/** GET /api/contests, newest first; first of all those whose start nobody has set. */
export async function list(call: Call, user: UserRow | null): Promise<Response> {
  const { env } = call;
  const { results } = await env.DB.prepare(
    `${SELECT_CONTESTS} ORDER BY contests.timed ->> '$.times.startAt' DESC NULLS FIRST, contests.created_at DESC`,
  )
    .bind(user?.id ?? null)
    .all<StoredContest & OfReader>();
  const contests = results.map((row) => summary(row, user));
  return json({ contests, now: Date.now() } satisfies ContestList);
}

/** GET /api/contests/:slug */
export async function show(call: Call, user: UserRow | null): Promise<Response> {
  return json(await contestView(call.env, param(call, "slug"), user));
}

/** GET /api/contests/:slug/problems/:label: once the reader may see them; the jury may from the beginning. */
export async function problem(call: Call, user: UserRow | null): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const label = param(call, "label").toUpperCase();
  const row = await env.DB.prepare(
    `SELECT problems.* FROM contest_problems cp JOIN problems ON problems.id = cp.problem
     WHERE cp.contest = ? AND cp.label = ?`,
  )
    .bind(contest.id, label)
    .first<ProblemRow>();
  if (!row) throw noSuchProblem();
  const isJury = seesAll(await roleIn(env, contest, user));
  if (!isJury && isHidden(contest, await teamIn(env, contest, user))) throw noSuchProblem();
  const view = await problemView(env, row, { slug: contest.slug, label, name: contest.name });
  return json({ ...view, limits: limitsIn(contest, label, view.limits) });
}

/** The limits that hold for a problem in a contest: the package's, but for what the contest says itself. */
function limitsIn({ limits }: ContestRow, label: string, ofPackage: ProblemLimits): ProblemLimits {
  const own = limits[label];
  return {
    ...ofPackage,
    timeMs: own?.timeMs ?? ofPackage.timeMs,
    memoryMiB: own?.memoryMiB ?? ofPackage.memoryMiB,
  };
}

/** GET /api/contests/:slug/scoreboard, for anybody; with `?view=jury` the whole truth, for the jury. */
export async function scoreboard(call: Call, user: UserRow | null): Promise<Response> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  const view = await viewAsked(call, contest, user);
  const board = await contestRoom(call.env, contest.id).board(view);
  const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
  return new Response(board, { headers: { ...headers, "x-content-type-options": "nosniff" } });
}

/** The view that a call asks for by `?view=`, if its reader may have it. */
export async function viewAsked(
  { env, url }: Call,
  contest: ContestRow,
  user: UserRow | null,
): Promise<"public" | "jury"> {
  const asked = url.searchParams.get("view") ?? "public";
  if (asked === "public") return "public";
  if (asked !== "jury")
    throw new ApiError("invalid_request", "There is no such view of a scoreboard.", [
      'view: must be "public" or "jury"',
    ]);
  if (seesAll(await roleIn(env, contest, user))) return "jury";
  throw new ApiError("forbidden", "Only the contest's jury may see this view of the scoreboard.");
}

/** The user's team in a contest; null for none. */
export async function teamIn(env: Env, { id }: ContestRow, user: UserRow | null): Promise<string | null> {
  if (user === null) return null;
  return env.DB.prepare("SELECT team FROM team_members WHERE contest = ? AND user = ?")
    .bind(id, user.id)
    .first<string>("team");
}

/** A contest as this reader sees it. */
export async function contestView(env: Env, slug: string, user: UserRow | null): Promise<ContestView> {
  const row = await env.DB.prepare(`${SELECT_CONTESTS} WHERE contests.slug = ?2`)
    .bind(user?.id ?? null, slug)
    .first<StoredContest & OfReader>();
  if (!row) throw noSuchContest();
  const { results } = await env.DB.prepare(
    `SELECT cp.label, cp.colour, problems.slug, problems.name FROM contest_problems cp
     JOIN problems ON problems.id = cp.problem WHERE cp.contest = ? ORDER BY cp.position`,
  )
    .bind(row.id)
    .all<{ label: string; colour: string; slug: string; name: string }>();
  const said = summary(row, user);
  const contest = contestOf(row);
  const secret = !said.isJury && isHidden(contest, row.team);
  const problems = results.map(({ label, colour, slug, name }) => ({
    label,
    colour,
    slug: secret ? null : slug,
    name: secret ? null : v.parse(LocalText, JSON.parse(name)),
    limits: secret ? null : (contest.limits[label] ?? null),
  }));
  return { ...said, problems, now: Date.now() };
}

function summary(
  { team, team_name, role: known, ...stored }: StoredContest & OfReader,
  user: UserRow | null,
): ContestSummary {
  const contest = contestOf(stored);
  const role = roleFrom(contest, user, known);
  const isJury = seesAll(role);
  return {
    slug: contest.slug,
    name: contest.name,
    timed: isJury ? contest.timed : publicTimes(contest.timed, team),
    format: contest.format,
    languages: contest.languages,
    manages: role === "owner",
    isJury,
    team: team === null ? null : { id: team, name: team_name ?? "" },
  };
}

const isHidden = ({ timed }: ContestRow, team: string | null): boolean =>
  refusalOf(timed, "see_problems", Date.now(), team) !== null;
