import {
  ContestChange,
  ContestForm,
  MINUTE_MS,
  type ContestChangePreview,
  type ContestLimits,
  type OwnLimits,
} from "../protocol/contest.ts";
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
  const { slug, name, format, languages, limits } = form;
  refuseFaults({ timed, format, limits }, problems);
  const id = crypto.randomUUID();
  try {
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO contests (id, slug, name, owner, timed, format, languages, limits, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).bind(
        id,
        slug,
        name,
        user.id,
        JSON.stringify(timed),
        JSON.stringify(format),
        languages && JSON.stringify(languages),
        JSON.stringify(limits),
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
      audited(env, user.id, "contest.change", after.slug, auditOf(before, after), before.id),
    ]);
  } catch (error) {
    throw refusedChange(error, after.slug);
  }
}

/** Where it was before; and limits, where others hold from now on, with what they were. */
function auditOf(before: ContestRow, after: ContestSettings): Record<string, string> {
  const labels = [...new Set([...Object.keys(before.limits), ...Object.keys(after.limits)])].sort();
  const limits = changedLimits(before.limits, after.limits, labels).map(
    (label) => `${label}: ${limitsText(before.limits[label])}, now ${limitsText(after.limits[label])}`,
  );
  return limits.length === 0 ? { from: before.slug } : { from: before.slug, limits: limits.join("; ") };
}

function limitsText({ timeMs, memoryMiB }: OwnLimits = NO_OWN_LIMITS): string {
  const time = timeMs === null ? "the package's time" : `${timeMs} ms`;
  return `${time} and ${memoryMiB === null ? "the package's memory" : `${memoryMiB} MiB`}`;
}

function refuseFaults(
  { timed, format, limits }: Pick<ContestSettings, "timed" | "format" | "limits">,
  problems: readonly LabelledProblem[],
): void {
  const strange = Object.keys(limits).filter((label) => !problems.some((problem) => problem.label === label));
  if (strange.length > 0)
    throw new ApiError(
      "invalid_request",
      "Limits are given for problems that are not in the contest.",
      strange.map((label) => `limits: no problem has the label ${label}`),
    );
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
  return {
    added: labelsIn(problems, known),
    withdrawn: labelsIn(known, problems),
    limits: await judgedBefore(env, before, after, problems),
    ranks,
  };
}

/** The problems whose limits change, with how many of their submissions have a verdict. */
async function judgedBefore(
  env: Env,
  before: ContestRow,
  after: ContestSettings,
  problems: readonly LabelledProblem[],
): Promise<ContestChangePreview["limits"]> {
  const labels = changedLimits(
    before.limits,
    after.limits,
    problems.map(({ label }) => label),
  );
  if (labels.length === 0) return [];
  const { results } = await env.DB.prepare(
    `SELECT cp.label, COUNT(*) AS judged FROM contest_problems cp
     JOIN submissions s ON s.contest = cp.contest AND s.problem = cp.problem
     WHERE cp.contest = ? AND EXISTS (SELECT 1 FROM judgements j WHERE j.submission = s.id) GROUP BY cp.label`,
  )
    .bind(before.id)
    .all<{ label: string; judged: number }>();
  const judged = new Map(results.map((row) => [row.label, row.judged]));
  return labels.map((label) => ({ label, judged: judged.get(label) ?? 0 }));
}

const NO_OWN_LIMITS: OwnLimits = { timeMs: null, memoryMiB: null };

/** Of these labels, those for which other limits hold after than before. */
const changedLimits = (before: ContestLimits, after: ContestLimits, labels: readonly string[]): string[] =>
  labels.filter((label) => {
    const [was, is] = [before[label] ?? NO_OWN_LIMITS, after[label] ?? NO_OWN_LIMITS];
    return was.timeMs !== is.timeMs || was.memoryMiB !== is.memoryMiB;
  });

/** Labels of the problems of `these` that are not in `those`, or not in the same place. */
const labelsIn = (these: readonly LabelledProblem[], those: readonly LabelledProblem[]): string[] =>
  these
    .filter(({ id, label }) => !those.some((other) => other.id === id && other.label === label))
    .map(({ label }) => label);
