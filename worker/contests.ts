import * as v from "valibot";
import type {
  BoardProblem,
  ContestClock,
  ContestList,
  ContestSummary,
  ContestView,
} from "../protocol/contest.ts";
import { ContestForm, MINUTE_MS, RegisterTeam } from "../protocol/contest.ts";
import { LocalText } from "../protocol/text.ts";
import { phaseAt } from "../rules/contest-clock.ts";
import { audited } from "./audit.ts";
import { appended, pokeRoom } from "./contest-log.ts";
import { contestRoom, type Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import { mayChange, noSuchProblem, problemBySlug } from "./problem-rows.ts";
import { problemView } from "./problems.ts";
import type { ProblemRow, UserRow } from "./tables.ts";

export interface ContestRow {
  id: string;
  slug: string;
  name: string;
  owner: string;
  start_at: number;
  duration_ms: number;
  freeze_ms: number;
  penalty_minutes: number;
}

interface TeamOfReader {
  team: string | null;
  team_name: string | null;
}

/** Balloon colours for the labels A, B, C …: told apart by hue, and always shown with their letter. */
const COLOURS = [
  "#d1495b",
  "#2e86ab",
  "#edae49",
  "#3a7d44",
  "#7d5ba6",
  "#f18f01",
  "#00798c",
  "#8d6a9f",
  "#5c8001",
  "#c1666b",
] as const;

export const clockOf = (row: ContestRow): ContestClock => ({
  startAt: row.start_at,
  durationMs: row.duration_ms,
  freezeMs: row.freeze_ms,
  penaltyMinutes: row.penalty_minutes,
});

/** GET /api/contests, newest first. */
export async function list(call: Call, user: UserRow | null): Promise<Response> {
  const { results } = await call.env.DB.prepare(`${SELECT_CONTESTS} ORDER BY contests.start_at DESC`)
    .bind(user?.id ?? null)
    .all<ContestRow & TeamOfReader>();
  return json({ contests: results.map((row) => summary(row, user)), now: Date.now() } satisfies ContestList);
}

/** GET /api/contests/:slug */
export async function show(call: Call, user: UserRow | null): Promise<Response> {
  return json(await contestView(call.env, param(call, "slug"), user));
}

/** POST /api/contests */
export async function create(call: Call, user: UserRow): Promise<Response> {
  const form = await readJson(call.request, ContestForm);
  const problems = await contestProblems(call.env, form, user);
  const row = rowFrom(form, crypto.randomUUID(), user.id);
  const { env } = call;
  try {
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO contests (id, slug, name, owner, start_at, duration_ms, freeze_ms, penalty_minutes, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).bind(
        row.id,
        row.slug,
        row.name,
        row.owner,
        row.start_at,
        row.duration_ms,
        row.freeze_ms,
        row.penalty_minutes,
        Date.now(),
      ),
      ...insertProblems(env, row, problems),
      appended(env, row.id, { type: "contest", clock: clockOf(row), problems: problems.map(labelled) }),
      audited(env, user.id, "contest.create", row.slug, {}, row.id),
    ]);
  } catch (error) {
    throw slugTaken(error, row.slug);
  }
  return json(await contestView(env, row.slug, user), { status: 201 });
}

/** PUT /api/contests/:slug: the whole form again. A problem that already has submissions cannot be taken out. */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const before = await contestBySlug(env, param(call, "slug"));
  if (!mayChange(user, before))
    throw new ApiError("forbidden", "Only the contest's owner or an administrator may change it.");
  const form = await readJson(call.request, ContestForm);
  const problems = await contestProblems(env, form, user);
  await refuseLosingSubmissions(env, before.id, problems);
  const row = rowFrom(form, before.id, before.owner);
  try {
    await env.DB.batch([
      env.DB.prepare(
        "UPDATE contests SET slug = ?, name = ?, start_at = ?, duration_ms = ?, freeze_ms = ?, penalty_minutes = ? WHERE id = ?",
      ).bind(row.slug, row.name, row.start_at, row.duration_ms, row.freeze_ms, row.penalty_minutes, row.id),
      env.DB.prepare("DELETE FROM contest_problems WHERE contest = ?").bind(row.id),
      ...insertProblems(env, row, problems),
      appended(env, row.id, { type: "contest", clock: clockOf(row), problems: problems.map(labelled) }),
      audited(env, user.id, "contest.change", row.slug, { from: before.slug }, row.id),
    ]);
  } catch (error) {
    throw slugTaken(error, row.slug);
  }
  await pokeRoom(env, row.id);
  return json(await contestView(env, row.slug, user));
}

/** POST /api/contests/:slug/teams: one team for each account. */
export async function register(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const { name } = await readJson(call.request, RegisterTeam);
  if (phaseAt(clockOf(contest), Date.now()) === "over")
    throw new ApiError("contest_not_running", "The contest is over.");
  const team = crypto.randomUUID();
  try {
    await env.DB.batch([
      env.DB.prepare("INSERT INTO teams (id, contest, name, created_at) VALUES (?, ?, ?, ?)").bind(
        team,
        contest.id,
        name,
        Date.now(),
      ),
      env.DB.prepare("INSERT INTO team_members (contest, user, team) VALUES (?, ?, ?)").bind(
        contest.id,
        user.id,
        team,
      ),
      appended(env, contest.id, { type: "team", team, name }),
    ]);
  } catch (error) {
    if (isUnique(error, "team_members"))
      throw new ApiError("name_taken", "You are registered for this contest already.");
    if (isUnique(error, "teams"))
      throw new ApiError("name_taken", "Another team of this contest has this name.");
    throw error;
  }
  await pokeRoom(env, contest.id);
  return json(await contestView(env, contest.slug, user), { status: 201 });
}

/** GET /api/contests/:slug/problems/:label: from the start on; before it only for those who manage the contest. */
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
  if (!row || hidden(contest, user)) throw noSuchProblem();
  return json(await problemView(env, row, { slug: contest.slug, label, name: contest.name }));
}

/** GET /api/contests/:slug/scoreboard */
export async function scoreboard(call: Call): Promise<Response> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  return json(await contestRoom(call.env, contest.id).board());
}

export async function contestBySlug(env: Env, slug: string): Promise<ContestRow> {
  const row = await env.DB.prepare("SELECT * FROM contests WHERE slug = ?").bind(slug).first<ContestRow>();
  if (!row) throw noSuchContest();
  return row;
}

const SELECT_CONTESTS = `
  SELECT contests.*, teams.id AS team, teams.name AS team_name FROM contests
  LEFT JOIN team_members m ON m.contest = contests.id AND m.user = ?1
  LEFT JOIN teams ON teams.id = m.team`;

async function contestView(env: Env, slug: string, user: UserRow | null): Promise<ContestView> {
  const row = await env.DB.prepare(`${SELECT_CONTESTS} WHERE contests.slug = ?2`)
    .bind(user?.id ?? null, slug)
    .first<ContestRow & TeamOfReader>();
  if (!row) throw noSuchContest();
  const { results } = await env.DB.prepare(
    `SELECT cp.label, cp.colour, problems.slug, problems.name FROM contest_problems cp
     JOIN problems ON problems.id = cp.problem WHERE cp.contest = ? ORDER BY cp.position`,
  )
    .bind(row.id)
    .all<{ label: string; colour: string; slug: string; name: string }>();
  const secret = hidden(row, user);
  const problems = results.map(({ label, colour, slug, name }) => ({
    label,
    colour,
    slug: secret ? null : slug,
    name: secret ? null : v.parse(LocalText, JSON.parse(name)),
  }));
  return { ...summary(row, user), problems, now: Date.now() };
}

function summary(row: ContestRow & TeamOfReader, user: UserRow | null): ContestSummary {
  return {
    slug: row.slug,
    name: row.name,
    clock: clockOf(row),
    manages: mayChange(user, row),
    team: row.team === null ? null : { id: row.team, name: row.team_name ?? "" },
  };
}

const hidden = (contest: ContestRow, user: UserRow | null): boolean =>
  phaseAt(clockOf(contest), Date.now()) === "before" && !mayChange(user, contest);

type LabelledProblem = BoardProblem & { id: string };

const labelled = ({ label, colour }: LabelledProblem): BoardProblem => ({ label, colour });

/** The form's problems with labels and colours. A draft may be used by its owner; a withdrawn problem by nobody. */
async function contestProblems(env: Env, form: ContestForm, user: UserRow): Promise<LabelledProblem[]> {
  return Promise.all(
    form.problems.map(async (slug, index) => {
      const row = await problemBySlug(env, slug);
      const usable = row.state === "published" || (row.state === "draft" && mayChange(user, row));
      if (!usable)
        throw new ApiError("invalid_request", "A problem cannot be used.", [
          `problems: ${slug} is not published`,
        ]);
      return {
        id: row.id,
        label: String.fromCharCode(65 + index),
        colour: COLOURS[index % COLOURS.length] ?? COLOURS[0],
      };
    }),
  );
}

function rowFrom(form: ContestForm, id: string, owner: string): ContestRow {
  return {
    id,
    slug: form.slug,
    name: form.name,
    owner,
    start_at: form.startAt,
    duration_ms: form.durationMinutes * MINUTE_MS,
    freeze_ms: form.freezeMinutes * MINUTE_MS,
    penalty_minutes: form.penaltyMinutes,
  };
}

function insertProblems(
  env: Env,
  contest: ContestRow,
  problems: readonly LabelledProblem[],
): D1PreparedStatement[] {
  return problems.map(({ id, label, colour }, position) =>
    env.DB.prepare(
      "INSERT INTO contest_problems (contest, problem, label, colour, position) VALUES (?, ?, ?, ?, ?)",
    ).bind(contest.id, id, label, colour, position),
  );
}

/** A submission belongs to a label: neither the problem nor its label may change once somebody has submitted. */
async function refuseLosingSubmissions(
  env: Env,
  contest: string,
  problems: readonly LabelledProblem[],
): Promise<void> {
  const { results } = await env.DB.prepare(
    `SELECT cp.problem, cp.label FROM contest_problems cp WHERE cp.contest = ?1
     AND EXISTS (SELECT 1 FROM submissions s WHERE s.contest = ?1 AND s.problem = cp.problem)`,
  )
    .bind(contest)
    .all<{ problem: string; label: string }>();
  const lost = results.filter(
    (used) => !problems.some((kept) => kept.id === used.problem && kept.label === used.label),
  );
  if (lost.length > 0) {
    const details = lost.map(({ label }) => `problems: ${label} has submissions and must keep its place`);
    throw new ApiError("invalid_request", "Problems with submissions cannot be moved or taken out.", details);
  }
}

function slugTaken(error: unknown, slug: string): unknown {
  return isUnique(error, "contests")
    ? new ApiError("name_taken", `Another contest has the address "${slug}" already.`)
    : error;
}

const isUnique = (error: unknown, table: string): boolean =>
  error instanceof Error && error.message.includes(`UNIQUE constraint failed: ${table}.`);

const noSuchContest = () => new ApiError("not_found", "There is no such contest.");
