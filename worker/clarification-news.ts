import type { LiveClarification } from "../protocol/clarification.ts";
import { seesProblemsOf } from "./clarification-rows.ts";
import type { ContestRow } from "./contest-rows.ts";
import { accountFeed, type Env } from "./env.ts";

/** Something new, and whom of the teams it concerns besides the jury. */
export interface ClarificationNews {
  /** A team's id, `all`, or null for the jury alone. */
  teams: string | "all" | null;
  /** Whether it is about a problem, so that nobody hears of it who may not see the problems. */
  isAboutProblem: boolean;
  /** As in `LiveClarification`. */
  said: LiveClarification["said"];
}

/** So many are told at once. */
const TOGETHER = 100;

/** Tells everybody whom it concerns, on the accounts' own sockets. A lost message costs a moment: pages ask when they connect. */
export async function tellClarification(
  env: Env,
  contest: ContestRow,
  news: ClarificationNews,
): Promise<void> {
  try {
    const jury = await juryOf(env, contest);
    const members = await membersOf(env, contest, news);
    const message = { type: "clarification", contest: contest.slug } as const;
    const unanswered = await unansweredQuestions(env, contest.id);
    await tell(env, jury, { ...message, said: null, unanswered });
    await tell(
      env,
      members.filter((user) => !jury.includes(user)),
      { ...message, said: news.said, unanswered: null },
    );
  } catch (error) {
    console.error("a clarification could not be told to everybody", error);
  }
}

async function tell(env: Env, users: readonly string[], message: LiveClarification): Promise<void> {
  for (let at = 0; at < users.length; at += TOGETHER) {
    const some = users.slice(at, at + TOGETHER);
    await Promise.all(some.map((user) => accountFeed(env, user).push(message)));
  }
}

/** Everybody who sees what the jury sees (worker/contest-roles.ts). */
async function juryOf(env: Env, { id, owner }: ContestRow): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT id FROM users WHERE role = 'administrator' OR (role = 'organiser' AND id = ?2)
     UNION SELECT user FROM contest_roles WHERE contest = ?1 AND role = 'jury'`,
  )
    .bind(id, owner)
    .all<{ id: string }>();
  return results.map((row) => row.id);
}

async function membersOf(env: Env, contest: ContestRow, news: ClarificationNews): Promise<string[]> {
  if (news.teams === null) return [];
  const { results } = await env.DB.prepare(
    "SELECT user, team FROM team_members WHERE contest = ?1 AND (?2 = 'all' OR team = ?2)",
  )
    .bind(contest.id, news.teams)
    .all<{ user: string; team: string }>();
  return results
    .filter(({ team }) => !news.isAboutProblem || seesProblemsOf(contest, team))
    .map(({ user }) => user);
}

/**
 * How many questions of teams have no answer and were not put aside without one.
 *
 * @param contest - its id
 */
export async function unansweredQuestions(env: Env, contest: string): Promise<number> {
  const count = env.DB.prepare(
    `SELECT COUNT(*) AS n FROM clarifications
     WHERE contest = ? AND kind = 'question' AND from_team IS NOT NULL AND closed_at IS NULL`,
  ).bind(contest);
  return (await count.first<number>("n")) ?? 0;
}
