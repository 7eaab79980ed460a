import { ClarificationForm, type Clarification, type ClarificationKind } from "../protocol/clarification.ts";
import { refusalOf } from "../rules/contest-state-actions.ts";
import { audited } from "./audit.ts";
import { tellClarification } from "./clarification-news.ts";
import { claimedQuestion, refusedClaim } from "./clarification-queue.ts";
import { clarificationsFor, readerOf, type Reader } from "./clarification-rows.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import { sha256 } from "./digest.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, rateLimit, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** So many questions of a team may wait for an answer. */
const MAX_WAITING = 20;

/** What is to be kept of something that may be said. */
interface Said {
  kind: ClarificationKind;
  from: string | null;
  to: string | null;
  replyTo: string | null;
  /** The problem's id. */
  problem: string | null;
}

/**
 * POST /api/contests/:slug/clarifications: a team asks, the jury answers or announces. What comes again under its key is
 * answered with the first, whatever has become of the contest since.
 */
export async function say(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const form = await readJson(call.request, ClarificationForm);
  const reader = await readerOf(env, contest, user);
  const requestHash = await hashOf(contest, form);
  const first = await saidBefore(env, contest, reader, user, form, requestHash);
  if (first !== null) return json(first);
  const said = await saidNow(env, contest, form, reader, user);
  const id = crypto.randomUUID();
  try {
    await env.DB.batch([
      inserted(env, contest, id, said, form, requestHash, user),
      ...(said.kind === "question" ? [] : doneByJury(env, contest, id, said, user)),
    ]);
  } catch (error) {
    const simultaneous = await saidBefore(env, contest, reader, user, form, requestHash);
    if (simultaneous === null) throw refusedClaim(error);
    return json(simultaneous);
  }
  const clarification = await viewOf(env, contest, reader, id);
  const { problem, text } = clarification;
  call.ctx.waitUntil(
    tellClarification(env, contest, {
      teams: said.from ?? said.to ?? "all",
      isAboutProblem: said.problem !== null,
      said: said.kind === "question" ? null : { id, problem, text },
    }),
  );
  return json(clarification, { status: 201 });
}

async function viewOf(env: Env, contest: ContestRow, reader: Reader, id: string): Promise<Clarification> {
  const [view] = await clarificationsFor(env, contest, reader, id);
  if (!view) throw new Error("who says something sees it");
  return view;
}

/** By what one sees that it is the same that is said. */
function hashOf(contest: ContestRow, form: ClarificationForm): Promise<string> {
  const { type, text } = form;
  switch (form.type) {
    case "ask":
      return sha256(JSON.stringify([contest.id, type, text, form.problem]));
    case "answer":
      return sha256(JSON.stringify([contest.id, type, text, form.replyTo, form.to]));
    case "announce":
      return sha256(JSON.stringify([contest.id, type, text, form.problem, form.to]));
    default:
      return form satisfies never;
  }
}

/** What this account has said under this key already. */
async function saidBefore(
  env: Env,
  contest: ContestRow,
  reader: Reader,
  user: UserRow,
  { key }: ClarificationForm,
  requestHash: string,
): Promise<Clarification | null> {
  const row = await env.DB.prepare("SELECT id, request_hash FROM clarifications WHERE by = ? AND key = ?")
    .bind(user.id, key.toLowerCase())
    .first<{ id: string; request_hash: string }>();
  if (!row) return null;
  if (row.request_hash !== requestHash) {
    throw new ApiError(
      "key_taken",
      "Something else was said under this key. Send what is new under a new key.",
    );
  }
  return viewOf(env, contest, reader, row.id);
}

/** @throws ApiError when it may not be said */
async function saidNow(
  env: Env,
  contest: ContestRow,
  form: ClarificationForm,
  reader: Reader,
  user: UserRow,
): Promise<Said> {
  if (form.type === "ask") return asked(env, contest, form.problem, reader, user);
  if (!reader.isJury) throw new ApiError("forbidden", "Only the contest's jury answers and announces.");
  switch (form.type) {
    case "answer": {
      const question = await claimedQuestion(env, contest, form.replyTo, user);
      const to = form.to === "team" ? question.team : null;
      if (form.to === "team" && to === null)
        throw new ApiError("contest_refuses", "The team that asked is gone: only everybody can be answered.");
      return { kind: "answer", from: null, to, replyTo: question.id, problem: question.problem };
    }
    case "announce": {
      if (form.to !== null) await requireTeam(env, contest, form.to);
      const problem = form.problem === null ? null : await problemAt(env, contest, form.problem);
      return { kind: "announcement", from: null, to: form.to, replyTo: null, problem };
    }
    default:
      return form satisfies never;
  }
}

async function asked(
  env: Env,
  contest: ContestRow,
  label: string | null,
  { isJury, team }: Reader,
  user: UserRow,
): Promise<Said> {
  if (isJury) throw new ApiError("forbidden", "Only teams ask; the contest's jury answers and announces.");
  if (team === null) throw new ApiError("not_registered", "Only teams of this contest may ask.");
  const now = Date.now();
  const refusal =
    refusalOf(contest.timed, "clarify", now, team) ??
    (label === null ? null : refusalOf(contest.timed, "see_problems", now, team));
  if (refusal !== null) throw new ApiError("contest_refuses", refusal);
  const problem = label === null ? null : await problemAt(env, contest, label);
  await rateLimit(env.SUBMIT_LIMIT, `clarify ${user.id}`);
  await requireRoom(env, team);
  return { kind: "question", from: team, to: null, replyTo: null, problem };
}

/** Refuses a team that does not wait for answers, so that it cannot flood the jury's queue. */
async function requireRoom(env: Env, team: string): Promise<void> {
  const waiting = await env.DB.prepare(
    "SELECT COUNT(*) AS n FROM clarifications WHERE from_team = ? AND closed_at IS NULL",
  )
    .bind(team)
    .first<number>("n");
  if ((waiting ?? 0) >= MAX_WAITING)
    throw new ApiError(
      "contest_refuses",
      `Your team has ${MAX_WAITING} questions without an answer. Wait for one.`,
    );
}

async function problemAt(env: Env, contest: ContestRow, label: string): Promise<string> {
  const problem = await env.DB.prepare("SELECT problem FROM contest_problems WHERE contest = ? AND label = ?")
    .bind(contest.id, label)
    .first<string>("problem");
  if (problem === null) throw new ApiError("problem_not_in_contest", "The contest has no such problem.");
  return problem;
}

async function requireTeam(env: Env, contest: ContestRow, team: string): Promise<void> {
  const found = env.DB.prepare("SELECT 1 AS found FROM teams WHERE contest = ? AND id = ?");
  if ((await found.bind(contest.id, team).first("found")) === null)
    throw new ApiError("not_found", "There is no such team in this contest.");
}

function inserted(
  env: Env,
  contest: ContestRow,
  id: string,
  { kind, from, to, replyTo, problem }: Said,
  { key, text }: ClarificationForm,
  requestHash: string,
  user: UserRow,
): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO clarifications (id, contest, kind, from_team, to_team, reply_to, problem, text, by, at, key, request_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).bind(
    id,
    contest.id,
    kind,
    from,
    to,
    replyTo,
    problem,
    text,
    user.id,
    Date.now(),
    key.toLowerCase(),
    requestHash,
  );
}

/** What else is done when the jury says something: a question is answered, and it is noted who said it to whom. */
function doneByJury(
  env: Env,
  contest: ContestRow,
  id: string,
  { kind, to, replyTo }: Said,
  user: UserRow,
): D1PreparedStatement[] {
  const action = kind === "answer" ? "clarification.answer" : "clarification.announce";
  return [
    env.DB.prepare(
      "UPDATE clarifications SET claimed_by = NULL, closed_at = COALESCE(closed_at, ?) WHERE id = ?",
    ).bind(Date.now(), replyTo),
    audited(env, user.id, action, id, { question: replyTo, team: to }, contest.id),
  ];
}
