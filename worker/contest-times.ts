import {
  TimesEdit,
  type OpenMatters,
  type TimedContest,
  type TimesPreview,
} from "../protocol/contest-times.ts";
import { finalise as finalised, thaw as thawed } from "../rules/contest-state.ts";
import { submissionTime } from "../rules/contest-times.ts";
import { editContest, previewEdit, type ReceivedSubmission } from "../rules/contest-times-preview.ts";
import { audited } from "./audit.ts";
import { unansweredQuestions } from "./clarifications.ts";
import { managedContest } from "./contest-form.ts";
import { appended, groupsOf, pokeRoom, settingsEvent } from "./contest-log.ts";
import { boardProblem, problemsOf } from "./contest-problems.ts";
import { changed, contestBySlug, isStale, refusedChange, type ContestRow } from "./contest-rows.ts";
import { contestView, teamIn } from "./contests.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** Editing a contest's times, also while it runs, and what is decided by hand once they are over. */

/** POST /api/contests/:slug/times; with `?preview` nothing is changed, and told what would be. */
export async function edit(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await managedContest(call, user);
  const asked = await readJson(call.request, TimesEdit);
  const teams = await teamsIn(env, contest.id);
  if ("team" in asked && !teams.has(asked.team))
    throw new ApiError("not_found", "There is no such team in this contest.");
  const now = Date.now();
  const previewed = previewEdit(contest.timed, asked, now, await submissionsOf(env, contest.id));
  if (!previewed.ok) throw refused(previewed.refusal);
  if (call.url.searchParams.has("preview")) return json(previewed.preview satisfies TimesPreview);
  await write(env, contest, previewed.contest, user, "contest.times", {
    edit: JSON.stringify(asked),
    ...consequence(previewed.preview),
  });
  await pokeRoom(env, contest.id);
  return json(await contestView(env, contest.slug, user));
}

/** As many try at once to begin as begin when an exam's door opens; each waits a little longer than the one before. */
const BEGIN_TRIES = 20;
const BEGIN_WAIT_MS = 40;

/** POST /api/contests/:slug/begin: the reader's team begins its own window. */
export async function begin(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const slug = param(call, "slug");
  // Teams do not hinder one another: what is stale is tried again.
  for (let tries = 1; ; tries++) {
    const contest = await contestBySlug(env, slug);
    const team = await teamIn(env, contest, user);
    if (team === null) throw new ApiError("not_registered", "Register a team for this contest first.");
    const edited = editContest(contest.timed, { type: "begin", team }, Date.now());
    if (!edited.ok) throw refused(edited.refusal);
    try {
      await writeBatch(env, contest, edited.contest, user, "contest.begin", { team });
    } catch (error) {
      if (!isStale(error) || tries === BEGIN_TRIES) throw refusedChange(error, slug);
      await scheduler.wait(Math.random() * BEGIN_WAIT_MS * tries);
      continue;
    }
    await pokeRoom(env, contest.id);
    return json(await contestView(env, slug, user));
  }
}

/** POST /api/contests/:slug/thaw: everybody is shown what came in the freeze. */
export async function thaw(call: Call, user: UserRow): Promise<Response> {
  const contest = await managedContest(call, user);
  const decided = thawed(contest.timed, Date.now());
  if (!decided.ok) throw refused(decided.refusal);
  return decide(call, contest, decided.contest, user, "contest.thaw");
}

/** POST /api/contests/:slug/finalise: the results are final. */
export async function finalise(call: Call, user: UserRow): Promise<Response> {
  const contest = await managedContest(call, user);
  const decided = finalised(contest.timed, await openMatters(call.env, contest), Date.now());
  if (!decided.ok) throw refused(decided.refusal);
  return decide(call, contest, decided.contest, user, "contest.finalise");
}

async function decide(
  { env }: Call,
  contest: ContestRow,
  after: TimedContest,
  user: UserRow,
  action: string,
): Promise<Response> {
  await write(env, contest, after, user, action, {});
  await pokeRoom(env, contest.id);
  return json(await contestView(env, contest.slug, user));
}

type AuditData = Record<string, string | number | null>;

async function write(
  env: Env,
  contest: ContestRow,
  timed: TimedContest,
  user: UserRow,
  action: string,
  data: AuditData,
): Promise<void> {
  try {
    await writeBatch(env, contest, timed, user, action, data);
  } catch (error) {
    throw refusedChange(error, contest.slug);
  }
}

async function writeBatch(
  env: Env,
  contest: ContestRow,
  timed: TimedContest,
  user: UserRow,
  action: string,
  data: AuditData,
): Promise<void> {
  const [problems, groups] = await Promise.all([problemsOf(env, contest.id), groupsOf(env, contest.id)]);
  const after = { ...contest, timed };
  await env.DB.batch([
    changed(env, contest, after),
    appended(env, contest.id, settingsEvent(after, problems.map(boardProblem), groups)),
    audited(env, user.id, action, contest.slug, data, contest.id),
  ]);
}

const refused = (refusal: string): ApiError => new ApiError("contest_refuses", refusal);

/** What became of an edit, for the audit log: the end, the freeze and the number of submissions whose time it changed. */
const consequence = ({ after, freezesNow, reopens, submissions }: TimesPreview): AuditData => ({
  state: after.status.state,
  endAt: after.endAt,
  freezeAt: after.freezeAt,
  freezesNow: Number(freezesNow),
  reopens: Number(reopens),
  submissions: submissions.length,
});

async function teamsIn(env: Env, contest: string): Promise<Set<string>> {
  const { results } = await env.DB.prepare("SELECT id FROM teams WHERE contest = ?")
    .bind(contest)
    .all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}

async function submissionsOf(env: Env, contest: string): Promise<ReceivedSubmission[]> {
  const { results } = await env.DB.prepare(
    "SELECT id, team, submitted_at AS receivedAt FROM submissions WHERE contest = ? ORDER BY submitted_at, id",
  )
    .bind(contest)
    .all<ReceivedSubmission>();
  return results;
}

/** What is left open of the submissions in the contest's time, and of the questions. */
async function openMatters(env: Env, contest: ContestRow): Promise<OpenMatters> {
  const { results } = await env.DB.prepare(
    `SELECT s.team, s.submitted_at, r.state FROM submissions s
     JOIN rounds r ON r.submission = s.id AND r.round =
       (SELECT MAX(round) FROM rounds WHERE submission = s.id AND standing = 'counts')
     WHERE s.contest = ? AND r.state <> 'judged'`,
  )
    .bind(contest.id)
    .all<{ team: string; submitted_at: number; state: string }>();
  const open = results.filter(
    ({ team, submitted_at }) => submissionTime(contest.timed.times, team, submitted_at).at !== null,
  );
  const judgingErrors = open.filter(({ state }) => state === "failed").length;
  return {
    pending: open.length - judgingErrors,
    judgingErrors,
    unanswered: await unansweredQuestions(env, contest.id),
  };
}
