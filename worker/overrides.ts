import { Override } from "../protocol/jury.ts";
import { audited } from "./audit.ts";
import { appended, pokeRoom } from "./contest-log.ts";
import type { Env } from "./env.ts";
import { ApiError, json, readJson, type Call } from "./http.ts";
import { jurySubmission, type JudgedSubmission } from "./jury-access.ts";
import { juryDetail } from "./jury-submissions.ts";
import { PRIORITY } from "./objects/waiting.ts";
import { factsOf } from "./problem-rows.ts";
import { tellSubmissions } from "./tell.ts";
import type { UserRow } from "./tables.ts";

/** What isolated a verdict by hand is nothing; it is as final as those of the best level. */
const LEVEL = "full";

const TRIES = 3;

/** POST /api/submissions/:id/verdict: a verdict by hand, as a round of its own that counts. Answers with the JuryDetail. */
export async function override(call: Call, user: UserRow): Promise<Response> {
  const { env } = call;
  const submission = await jurySubmission(call, user);
  const form = await readJson(call.request, Override);
  if (form.score !== null && !factsOf(submission).types.includes("scoring"))
    throw new ApiError("invalid_request", "The verdict cannot be given.", [
      "score: this problem has no points",
    ]);
  await write(env, submission, form, user);
  if (submission.contest !== null) await pokeRoom(env, submission.contest);
  call.ctx.waitUntil(tellSubmissions(env, [submission.id]));
  return json(await juryDetail(env, submission.id, null));
}

async function write(env: Env, submission: JudgedSubmission, form: Override, user: UserRow): Promise<void> {
  for (let tries = 1; ; tries++) {
    const round = await nextRound(env, submission.id);
    const { verdict, score, reason } = form;
    const data = { round, verdict, score, reason };
    try {
      await env.DB.batch([
        ...judgedByHand(env, submission, round, form, user),
        audited(env, user.id, "submission.override", submission.id, data, submission.contest),
      ]);
      return;
    } catch (error) {
      // Somebody else took the round in between, and the batch was aborted as a whole.
      const taken = error instanceof Error && error.message.includes("UNIQUE constraint failed: rounds.");
      if (!taken || tries === TRIES) throw error;
    }
  }
}

async function nextRound(env: Env, submission: string): Promise<number> {
  const last = await env.DB.prepare("SELECT MAX(round) AS round FROM rounds WHERE submission = ?")
    .bind(submission)
    .first<number>("round");
  return (last ?? 0) + 1;
}

/** A round that is leased to nobody and judged at once, so that the fence holds for people as it does for judges. */
function judgedByHand(
  env: Env,
  { id, contest }: JudgedSubmission,
  round: number,
  { verdict, score, reason }: Override,
  user: UserRow,
): D1PreparedStatement[] {
  const lease = crypto.randomUUID();
  const now = Date.now();
  return [
    env.DB.prepare(
      `INSERT INTO rounds (submission, round, package_hash, state, attempt, lease, priority, queued_at)
       SELECT submission, ?2, package_hash, 'leased', 1, ?3, ?4, ?5 FROM rounds
       WHERE submission = ?1 ORDER BY round DESC LIMIT 1`,
    ).bind(id, round, lease, PRIORITY.contest, now),
    env.DB.prepare(
      `INSERT INTO judgements (submission, round, attempt, lease, judge, verdict, score, cpu_ms, memory_kib,
         compile_output, toolchain, level, judged_at, override_by, override_reason)
       VALUES (?1, ?2, 1, ?3, '', ?4, ?5, 0, 0, '', '', ?6, ?7, ?8, ?9)`,
    ).bind(id, round, lease, verdict, score, LEVEL, now, user.id, reason),
    env.DB.prepare(
      "UPDATE rounds SET state = 'judged', lease = NULL WHERE submission = ? AND round = ?",
    ).bind(id, round),
    ...(contest === null
      ? []
      : [appended(env, contest, { type: "judgement", submission: id, round, verdict, score, groups: [] })]),
  ];
}
