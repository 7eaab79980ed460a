import { QueueStep } from "../protocol/clarification.ts";
import { audited } from "./audit.ts";
import { tellClarification } from "./clarification-news.ts";
import { clarificationsFor, readerOf } from "./clarification-rows.ts";
import { contestBySlug, type ContestRow } from "./contest-rows.ts";
import type { Env } from "./env.ts";
import { ApiError, json, param, readJson, type Call } from "./http.ts";
import type { UserRow } from "./tables.ts";

/** The jury's queue of questions, as protocol/clarification.ts draws it. */

export interface Question {
  id: string;
  /** That asked; null once it is gone. */
  team: string | null;
  /** The problem's id. */
  problem: string | null;
  claimedBy: string | null;
  claimName: string | null;
}

/** POST /api/contests/:slug/clarifications/:id/queue, by the jury. */
export async function move(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const contest = await contestBySlug(env, param(call, "slug"));
  const reader = await readerOf(env, contest, user);
  if (!reader.isJury) throw new ApiError("forbidden", "Only the contest's jury has a queue of questions.");
  const { step } = await readJson(call.request, QueueStep);
  const question = await questionIn(env, contest, param(call, "id"));
  if (step === "claim" || step === "close") requireUnclaimedByOthers(question, user);
  try {
    await env.DB.batch([
      ...moved(env, question, step, user),
      audited(env, user.id, `clarification.${step}`, question.id, {}, contest.id),
    ]);
  } catch (error) {
    throw refusedClaim(error);
  }
  const isForTeam = step === "close" || step === "reopen";
  call.ctx.waitUntil(
    tellClarification(env, contest, {
      teams: isForTeam ? question.team : null,
      isAboutProblem: question.problem !== null,
      said: null,
    }),
  );
  const [view] = await clarificationsFor(env, contest, reader, question.id);
  return json(view);
}

/** A step's statements. Anybody of the jury may release a question: whoever claimed it may be away. */
function moved(env: Env, { id }: Question, step: QueueStep["step"], user: UserRow): D1PreparedStatement[] {
  const { DB } = env;
  const claim = DB.prepare("UPDATE clarifications SET claimed_by = ? WHERE id = ?").bind(user.id, id);
  const release = DB.prepare("UPDATE clarifications SET claimed_by = NULL WHERE id = ?").bind(id);
  const close = "UPDATE clarifications SET closed_at = COALESCE(closed_at, ?) WHERE id = ?";
  switch (step) {
    case "claim":
      return [claim];
    case "release":
      return [release];
    case "close":
      // The claim fails where somebody else was faster, and the whole batch with it.
      return [claim, DB.prepare(close).bind(Date.now(), id), release];
    case "reopen":
      return [DB.prepare("UPDATE clarifications SET closed_at = NULL WHERE id = ?").bind(id)];
    default:
      return step satisfies never;
  }
}

/** @throws ApiError `not_found` */
async function questionIn(env: Env, contest: ContestRow, id: string): Promise<Question> {
  const question = await env.DB.prepare(
    `SELECT c.id, c.from_team AS team, c.problem, c.claimed_by AS claimedBy, u.display_name AS claimName
     FROM clarifications c LEFT JOIN users u ON u.id = c.claimed_by
     WHERE c.contest = ? AND c.id = ? AND c.kind = 'question'`,
  )
    .bind(contest.id, id)
    .first<Question>();
  if (!question) throw new ApiError("not_found", "There is no such question.");
  return question;
}

/**
 * The question that somebody is about to answer.
 *
 * @throws ApiError unless they have claimed it
 */
export async function claimedQuestion(
  env: Env,
  contest: ContestRow,
  id: string,
  user: UserRow,
): Promise<Question> {
  const question = await questionIn(env, contest, id);
  requireUnclaimedByOthers(question, user);
  if (question.claimedBy === null)
    throw new ApiError("question_claimed", "Claim the question before you answer it.");
  return question;
}

function requireUnclaimedByOthers({ claimedBy, claimName }: Question, user: UserRow): void {
  if (claimedBy !== null && claimedBy !== user.id)
    throw new ApiError("question_claimed", `${claimName} has claimed this question.`);
}

/** What is told of a batch that failed: a refusal where somebody else was faster, else the error itself. */
export function refusedClaim(error: unknown): unknown {
  return error instanceof Error && error.message.includes("question not claimed")
    ? new ApiError("question_claimed", "Somebody else has claimed or answered this question meanwhile.")
    : error;
}
