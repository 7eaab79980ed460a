import { ContestChange, ContestForm, MINUTE_MS, type ContestChangePreview } from "../protocol/contest.ts";
import { boardOf, fold } from "../rules/contest-board.ts";
import { undecided } from "../rules/contest-state.ts";
import { timesOf } from "../rules/contest-times.ts";
import { rankTeams } from "../rules/formats/board.ts";
import { formatFaults } from "../rules/formats/format-check.ts";
import { audited } from "./audit.ts";
import { foldedLog } from "./contest-fold.ts";
import { appended, groupsOf, pokeRoom, settingsEvent } from "./contest-log.ts";
import {
  boardProblem,
  problemsKept,
  problemsOf,
  problemsOfForm,
  refuseLosingSubmissions,
  type LabelledProblem,
} from "./contest-problems.ts";
import {
  changed,
  contestBySlug,
  refusedChange,
  type ContestRow,
  type ContestSettings,
} from "./contest-rows.ts";
import { contestView } from "./contests.ts";
import { roleIn } from "./contest-roles.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** Making a contest, and changing all of it but its times. */

/** POST /api/contests */
export async function create(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const form = await readJson(call.request, ContestForm);
  const problems = await problemsOfForm(env, form.problems, user, null);
  const times = timesOf({
    startAt: form.startAt,
    durationMs: form.durationMinutes * MINUTE_MS,
    freezeMs: form.freezeMinutes * MINUTE_MS,
  });
  const windowMs = form.windowMinutes === null ? null : form.windowMinutes * MINUTE_MS;
  const timed = undecided({ ...times, windowMs });
  const { slug, name, format, languages } = form;
  refuseFaults({ timed, format }, problems);
  const id = crypto.randomUUID();
  try {
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO contests (id, slug, name, owner, timed, format, languages, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).bind(
        id,
        slug,
        name,
        user.id,
        JSON.stringify(timed),
        JSON.stringify(format),
        languages && JSON.stringify(languages),
        Date.now(),
      ),
      ...problemsKept(env, id, problems),
      appended(env, id, settingsEvent({ timed, format }, problems.map(boardProblem), [])),
      audited(env, user.id, "contest.create", slug, {}, id),
    ]);
  } catch (error) {
    throw refusedChange(error, slug);
  }
  return json(await contestView(env, slug, user), { status: 201 });
}

/**
 * PUT /api/contests/:slug: the whole form again, but its times. A problem that already has submissions cannot be taken out.
 * With `?preview` nothing is changed, and told what would be.
 */
export async function change(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const before = await managedContest(call, user);
  const form = await readJson(call.request, ContestChange);
  if (before.timed.finalisedAt !== null)
    throw new ApiError(
      "contest_refuses",
      "The results are final: the contest's settings cannot be changed any more.",
    );
  const after: ContestSettings = { ...form, timed: before.timed };
  const problems = await problemsOfForm(env, form.problems, user, before.id);
  await refuseLosingSubmissions(env, before.id, problems);
  refuseFaults(after, problems);
  if (call.url.searchParams.has("preview")) return json(await preview(env, before, after, problems));
  await write(env, before, after, problems, user);
  await pokeRoom(env, before.id);
  return json(await contestView(env, after.slug, user));
}

/** The contest of the call's `:slug`, for those who may change it. */
export async function managedContest(call: Call, user: UserRow): Promise<ContestRow> {
  const contest = await contestBySlug(call.env, param(call, "slug"));
  if ((await roleIn(call.env, contest, user)) !== "owner")
    throw new ApiError("forbidden", "Only the contest's owner or an administrator may change it.");
  return contest;
}

async function write(
  env: Env,
  before: ContestRow,
  after: ContestSettings,
  problems: readonly LabelledProblem[],
  user: UserRow,
): Promise<void> {
  const groups = await groupsOf(env, before.id);
  try {
    await env.DB.batch([
      changed(env, before, after),
      ...problemsKept(env, before.id, problems),
      appended(env, before.id, settingsEvent(after, problems.map(boardProblem), groups)),
      audited(env, user.id, "contest.change", after.slug, { from: before.slug }, before.id),
    ]);
  } catch (error) {
    throw refusedChange(error, after.slug);
  }
}

function refuseFaults(
  { timed, format }: Pick<ContestSettings, "timed" | "format">,
  problems: readonly LabelledProblem[],
): void {
  const faults = formatFaults(format, problems, timed.times);
  if (faults.length > 0)
    throw new ApiError(
      "invalid_request",
      "The format does not fit the contest.",
      faults.map((fault) => `format.${fault}`),
    );
}

/** What the change would do: the log is folded as it is, and once more with the new settings at its end. */
async function preview(
  env: Env,
  before: ContestRow,
  after: ContestSettings,
  problems: readonly LabelledProblem[],
): Promise<ContestChangePreview> {
  const known = await problemsOf(env, before.id);
  const contest = await foldedLog(env, before.id);
  const ranksNow = (): Map<string, { name: string; rank: number }> => {
    const { format, teams, cells } = boardOf(contest, 0, Date.now(), "jury");
    return new Map(
      rankTeams(format, teams, cells).map(({ team, rank }) => [team.id, { name: team.name, rank }]),
    );
  };
  const was = ranksNow();
  fold(contest, settingsEvent(after, problems.map(boardProblem), contest.groups));
  const ranks = [...ranksNow()].flatMap(([team, { name, rank }]) => {
    const rankBefore = was.get(team)?.rank ?? rank;
    return rankBefore === rank ? [] : [{ team, name, before: rankBefore, after: rank }];
  });
  return { added: labelsIn(problems, known), withdrawn: labelsIn(known, problems), ranks };
}

/** Labels of the problems of `these` that are not in `those`, or not in the same place. */
const labelsIn = (these: readonly LabelledProblem[], those: readonly LabelledProblem[]): string[] =>
  these
    .filter(({ id, label }) => !those.some((other) => other.id === id && other.label === label))
    .map(({ label }) => label);
